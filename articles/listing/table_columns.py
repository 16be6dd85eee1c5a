"""Which fields the columns of a table are, by the words at their heads."""

from collections.abc import Sequence

from articles.folding import fold
from articles.listing.inverted_names import is_inverted
from articles.listing.label_words import LABELS, label_key
from articles.listing.words import word_set

#: The fields that a column may be, by the names that labels give them.
FIELDS = word_set(
    "kicker headline subtitle part byline date month day standfirst publication volume issue pages"
    " rights tags series language link"
)
_MORE = {
    "kicker": "department topic desk category categories kategorie sparte catégorie categoría"
    " categoria"
    " категория sections rubriken column kolumne",
    "headline": "article articles story artikel artículo articolo artigo статья beitrag"
    " aufsatz name",
    "standfirst": "dek deck lede lead intro blurb kicker_text vorspann anreißer",
    "byline": "contributor contributors journalist reporter written_by by_line autor/in"
    " autor(in) redakteur signature firma подпись",
    "day": "day tag jour día giorno dia день",
    "date": "issue_date erscheinungsdatum erschienen_am publication_day"
    " date_of_publication fecha_de_publicación date_de_parution data_di_pubblicazione"
    " data_de_publicação дата_публикации дата_выхода pub_date pubdate",
    "pages": "page p pp seite seitenzahl pág pag págs pags página pagina стр page(s) page_no",
    "issue": "no nr heftnummer numéro núm № issue_no issue_number heft_nr выпуск",
    "volume": "vol jg bd",
    "link": "permalink web_address adresse_web",
}
_EXTRA = {
    fold(label.replace("_", " ")): name
    for name, labels in _MORE.items()
    for label in labels.split()
}
#: Words that make of a column something else than what another word of its head names.
_OTHER = word_set(
    "id ids modified updated created added accessed changed edited email mail length count words"
    " status slug image type format due draft received old internal size uploaded expires geändert"
    " aktualisiert zugriff modifié modificado modificato изменено"
)
#: Words that name a field in a head of several words; the first that is there counts.
_INSIDE = (
    ("byline", "author authors autor autorin autoren auteur auteurs autores autore autori автор"
     " авторы byline writer"),
    ("date", "date datum fecha data дата published erschienen"),
    ("headline", "title titel titre título titolo titulo headline заголовок название überschrift"),
    ("standfirst", "summary abstract teaser résumé resumen zusammenfassung vorspann description"
     " excerpt"),
    ("publication", "journal newspaper zeitung zeitschrift revue revista rivista журнал газета"
     " magazine"),
    ("kicker", "section ressort rubrik rubrique sección sezione рубрика category"),
    ("pages", "page pages seite seiten página páginas pagina pagine"),
    ("link", "url link"),
)  # fmt: skip
_WORDS_INSIDE = tuple((name, frozenset(map(fold, words.split()))) for name, words in _INSIDE)
#: Heads that a second column of the same field may have besides.
_PLAIN_NUMBER = frozenset(("no", "nr", "№", "number", "nummer", "numero"))
_LONGEST_HEAD, _MOST_COLUMNS = 40, 60


def field_of(head: str) -> str:
    """Return the field that a head of a column names; "" for no field of an article."""
    key = fold(head).strip(" .:*#")
    if not key or len(key) > _LONGEST_HEAD:
        return ""
    key = key.replace("_", " ").replace("-", " ")
    name = (
        LABELS.get(key)
        or _EXTRA.get(key)
        or LABELS.get(label_key(key))
        or _EXTRA.get(label_key(key))
    )
    if name is not None:
        return name if name in FIELDS else ""
    words = key.replace("/", " ").replace("'", " ").replace("’", " ").split()
    if _OTHER & set(words) or len(words) > 5:
        return ""
    if {"journal", "newspaper", "publication", "zeitschrift", "revue", "revista"} & set(words):
        return "publication" if not _WORDS_INSIDE[1][1] & set(words) else "date"
    return next((name for name, known in _WORDS_INSIDE if known & set(words)), "")


def columns_of(heads: Sequence[str]) -> list[str] | None:
    """Return the field of each column; None if *heads* are no head of a table of articles.

    They name a headline and another field, and most of them are as short as labels are.
    """
    if not 2 <= len(heads) <= _MOST_COLUMNS:
        return None
    if any(len(head) > 2 * _LONGEST_HEAD for head in heads) or sum(map(bool, heads)) < 2:
        return None
    if any(head.strip().isdigit() for head in heads):
        return None
    found: list[str] = []
    for head in heads:
        name = field_of(head)
        found.append(name if name not in found else "")
    exact = [fold(head).strip(" .:*#") for head in heads]
    if "headline" not in found:
        return None
    if "issue" in found and exact[found.index("issue")] in _PLAIN_NUMBER and (
        found.index("issue") == 0 or not {"publication", "volume"} & set(found)
    ):  # fmt: skip
        # "No": the number of the row, in a table that speaks of no paper.
        found[found.index("issue")] = ""
    if "day" in found and "date" not in found:
        found[found.index("day")] = "date"
    if "series" in found:
        found[found.index("series")] = "kicker" if "kicker" not in found else ""
    named = sum(map(bool, found))
    return found if named >= 2 and 2 * named >= sum(map(bool, heads)) - 1 else None


def are_inverted(bylines: Sequence[str]) -> bool:
    """Tell whether most of *bylines* put the last name first."""
    shown = [each for each in bylines if each]
    return bool(shown) and sum(map(is_inverted, shown)) > 0.6 * len(shown)
