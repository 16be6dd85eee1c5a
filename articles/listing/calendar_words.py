"""Names of months and weekdays in eight languages, folded, and lengths of months.

English, German, French, Spanish, Italian, Portuguese, Dutch and Russian. Spellings are those of the
Unicode CLDR (wide and abbreviated forms); Russian months also in the genitive, as dates have them.
"""

from articles.folding import fold
from articles.listing.words import word_set

_MONTHS = (
    "january jan januar jaenner janvier janv enero ene gennaio gen janeiro januari"
    " январь января янв",
    "february feb februar febr fevrier fevr febrero febbraio fevereiro fev"
    " februari февраль февраля фев февр",
    "march mar marz maerz mrz mars marzo marco maart mrt март марта мар",
    "april apr avril avr abril abr aprile апрель апреля апр",
    "may mai mayo maggio mag maio mei май мая",
    "june jun juni juin junio giugno giu junho июнь июня июн",
    "july jul juli juillet juil julio luglio lug julho июль июля июл",
    "august aug aout agosto ago augustus август августа авг",
    "september sep sept septembre septiembre setiembre settembre set setembro"
    " сентябрь сентября сен сент",
    "october oct oktober okt octobre octubre ottobre ott outubro out октябрь октября окт",
    "november nov novembre noviembre novembro ноябрь ноября ноя нояб",
    "december dec dezember dez decembre diciembre dic dicembre dezembro декабрь декабря дек",
)
#: Folded month -> number.
MONTHS = {fold(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
MONTHS |= {fold(name): number for name, number in (("jänner", 1), ("märz", 3), ("mär", 3))}
#: German months, folded: only these stand behind a day with a full stop.
GERMAN = word_set(
    "januar jan janner jaenner februar feb febr marz maerz mrz mar april apr mai juni jun juli jul"
    " august aug september sept sep oktober okt november nov dezember dez"
)
#: Short names that are words of their own ("a set 2019"): months only beside a day.
ONLY_WITH_DAY = word_set("set out ago gen mag lug giu dic dez ott ene mar fev")

_WEEKDAYS = (
    "monday mon montag mo lundi lun lunes lunedi segunda segunda-feira maandag ma seg"
    " понедельник пн",
    "tuesday tue tues dienstag di mardi martes mar martedi terca terca-feira dinsdag ter"
    " вторник вт",
    "wednesday wed mittwoch mi mercredi mer miercoles mie mercoledi quarta quarta-feira"
    " woensdag wo qua среда ср",
    "thursday thu thur thurs donnerstag do jeudi jeu jueves jue giovedi gio quinta quinta-feira"
    " donderdag qui четверг чт",
    "friday fri freitag fr vendredi ven viernes vie venerdi sexta sexta-feira vrijdag vr sex"
    " пятница пт",
    "saturday sat samstag sonnabend sa samedi sam sabado sab sabato zaterdag za суббота сб",
    "sunday sun sonntag so dimanche dim domingo dom domenica zondag zo воскресенье вс",
)
#: Folded weekday -> number, Monday 0 (as `datetime.date.weekday` counts).
WEEKDAYS = {fold(name): number for number, names in enumerate(_WEEKDAYS) for name in names.split()}

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in(year: int, month: int) -> int:
    """Return how many days *month* (from 1) of *year* has."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 28 if month == 2 and not leap else _DAYS_IN_MONTH[month - 1]
