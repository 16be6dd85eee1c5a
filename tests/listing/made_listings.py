"""Listings made of entries that the tests invented, in layouts that sites have.

An entry template says how a site writes one entry: ``{h}`` headline, ``{s}`` standfirst, ``{by}``
names, ``{k}`` section, ``{d}`` date, ``{n}`` a number; what stands in it is what is to be read. The
words come from the expected files of the other listings, so that headlines and standfirsts are as
various as those are. All is drawn with a seed.
"""

import datetime
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: Small words by which the language of an entry is told.
_SMALL = {
    "en": "the of and in to was for with that from", "de": "der die das und den von mit auf für im",
    "fr": "le la les des et du une dans pour qui", "es": "el los las del una con por que su en",
    "it": "il gli della di che per una dei nel con", "pt": "o os da do das uma com não para em",
    "nl": "het een van de op voor met zijn dat",
}  # fmt: skip
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro"
    " dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
NAMES = {
    "en": ("Mira Oldcastle", "Ida Meer", "James Macready", "Orla Quill", "Sandy Eng"),
    "de": ("Mira Altmann", "Jens Brückner", "Ida Meer", "Katja Voss"),
    "fr": ("Odile Marchand", "Luc Ferrand", "Ida Meer", "Céline Aubry"),
    "es": ("Marta Olmedo", "Luis Carranza", "Ida Meer", "Rosa Quiroga"),
    "it": ("Marta Olivieri", "Luca Ferrari", "Ida Meer", "Chiara Bonetti"),
    "pt": ("Marta Oliveira", "Rui Serralha", "Ida Meer", "Filipa Couto"),
    "nl": ("Mirjam Oudkerk", "Jan Veerman", "Ida Meer", "Kees de Boer"),
    "ru": ("Мария Орлова", "Иван Ферапонтов", "Ида Меер", "Олег Князев"),
}
AND = {"en": "and", "de": "und", "fr": "et", "es": "y", "it": "e", "pt": "e", "nl": "en", "ru": "и"}
SECTIONS = {
    "en": ("Politics", "Culture", "Business", "Science", "Local"),
    "de": ("Politik", "Kultur", "Wirtschaft", "Lokales"),
    "fr": ("Politique", "Culture", "Économie", "Société"),
    "es": ("Política", "Cultura", "Economía", "Sociedad"),
    "it": ("Politica", "Cultura", "Economia", "Cronaca"),
    "pt": ("Política", "Cultura", "Economia", "Local"),
    "nl": ("Politiek", "Cultuur", "Economie", "Binnenland"),
    "ru": ("Политика", "Культура", "Экономика", "Общество"),
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AP = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.",
       "Dec.")  # fmt: skip

Printed = Callable[[datetime.date], str]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a site writes its entries, in which language, and what stands above and below them."""

    entry: str
    date: Printed
    language: str = "en"
    head: str = ""
    foot: str = ""
    # Whether one author wrote all of it.
    one: bool = False


def month(date: datetime.date, language: str) -> str:
    return MONTHS[language].split()[date.month - 1]


def long(language: str) -> Printed:
    """As it is written out in *language*: "May 3, 2020", "3. Mai 2020", "3 de mayo de 2020"."""
    forms = {
        "en": "{m} {d}, {y}", "de": "{d}. {m} {y}", "es": "{d} de {m} de {y}",
        "pt": "{d} de {m} de {y}",
    }  # fmt: skip
    form = forms.get(language, "{d} {m} {y}")
    return lambda date: form.format(d=date.day, m=month(date, language), y=date.year)


def day_first(date: datetime.date) -> str:
    return f"{date.day} {month(date, 'en')} {date.year}"


def dotted(date: datetime.date) -> str:
    return f"{date.day}.{month(date, 'pt')[:3]}.{date.year} às 16h12"


def short(date: datetime.date) -> str:
    return f"{month(date, 'en')[:3]} {date.day}, {date.year}"


def agency(date: datetime.date) -> str:
    return f"{_AP[date.month - 1]} {date.day}, {date.year}"


def weekday(date: datetime.date) -> str:
    return f"{_DAYS[date.weekday()]}, {day_first(date)}"


def short_weekday(date: datetime.date) -> str:
    return f"{_DAYS[date.weekday()][:3]} {date.day} {month(date, 'en')[:3]} {date.year}"


def figures(form: str) -> Printed:
    return lambda date: date.strftime(form)


@cache
def _words() -> dict[str, list[tuple[str, str | None]]]:
    """Headlines and standfirsts by language, of all listings of the tests that are open."""
    found: dict[str, dict[str, str | None]] = {}
    for path in sorted([*HERE.glob("heldout*/*.json"), *HERE.glob("shapes/*.json")]):
        if path.parent.name == BLIND:
            continue
        told = json.loads(path.read_text(encoding="utf-8"))
        for entry in told["entries"] if isinstance(told, dict) else told:
            headline, standfirst = entry["headline"], entry.get("standfirst")
            if entry.get("part_label") or entry.get("subtitle") or not 8 <= len(headline) <= 95:
                continue
            if headline[-1] in ".,;:" or headline.isupper() or headline[0].islower():
                continue
            if standfirst and (
                "\n" in standfirst or len(standfirst) < 45 or standfirst[-1] not in ".!?”»’"
            ):
                standfirst = None
            language = _language(f"{headline} {standfirst or ''}")
            if language:
                found.setdefault(language, {}).setdefault(headline, standfirst)
    return {language: list(texts.items()) for language, texts in found.items()}


#: The set that nobody opens: its words are not taken either.
BLIND = "heldout_fifteenth"


def _language(text: str) -> str:
    if re.search("[а-я]", text):
        return "ru"
    words = re.findall(r"[^\W\d]+", text.lower())
    told = {name: sum(word in small.split() for word in words) for name, small in _SMALL.items()}
    best = max(told, key=lambda name: told[name])
    return best if told[best] >= 2 else ""


def make(layout: Layout, random_: random.Random, count: int = 13) -> tuple[list[str], list[Any]]:
    """Return the lines of a listing of *count* entries in *layout*, and what is to be read."""
    has = {name: f"{{{name}}}" in layout.entry for name in ("s", "by", "k")}
    language = layout.language
    words = [pair for pair in _words()[language] if pair[1] or not has["s"]]
    random_.shuffle(words)
    date = datetime.date(
        random_.randrange(2012, 2024), random_.randrange(1, 13), random_.randrange(1, 28)
    )
    text, expected = [layout.head] if layout.head else [], []
    for headline, standfirst in words[:count]:
        date -= datetime.timedelta(days=random_.choice((1, 2, 3, 5, 7, 9, 14, 22, 31)))
        names = _authors(layout, random_)
        byline = f" {AND[language]} ".join(names)
        section = random_.choice(SECTIONS[language])
        text.append(
            layout.entry.format(
                h=headline, s=standfirst, by=byline, k=section, d=layout.date(date),
                n=random_.randrange(2, 30),
            )
        )  # fmt: skip
        expected.append(
            {
                "kicker": section if has["k"] else None,
                "headline": headline,
                "subtitle": None,
                "part_label": None,
                "byline": byline if has["by"] else None,
                "authors": list(names) if has["by"] else [],
                "published_on": date.isoformat(),
                "standfirst": standfirst if has["s"] else None,
                "accept": {"publication": ["The Vell Courier"]},
            }
        )
    text += [layout.foot] if layout.foot else []
    return "\n".join(text).split("\n"), expected


def _authors(layout: Layout, random_: random.Random) -> Sequence[str]:
    known = NAMES[layout.language]
    return known[:1] if layout.one else random_.sample(known, 1 if random_.random() < 0.8 else 2)
