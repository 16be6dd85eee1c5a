"""The heads of a table, and which fields they say its columns are: "Date | Title | Author"."""

from collections.abc import Sequence

from articles.folding import fold
from articles.listing.label_words import LABELS
from articles.listing.segments import Segment
from articles.listing.words import word_set

_ROLES = {
    "date": "D", "kicker": "K", "headline": "H", "subtitle": "S", "byline": "B", "standfirst": "F",
    "publication": "J", "tags": "K", "series": "K",
}  # fmt: skip
#: Words that stand at the head of a column besides, folded: those of sections, and of no field.
_SECTIONS = word_set(
    "section sections category categories rubrik ressort sparte rubrique categorie seccion"
    " categoria sezione secao rubrica рубрика раздел department topic desk"
)
_OTHERS = word_set(
    "id status comments comment views type words number nr no # n° № page pages language format"
    " slug url link edited modified updated tags kind länge wörter seite seiten typ estado tipo"
    " état stato статус state source medium likes shares reads"
)
#: What systems call the state of a text, folded.
STATUS_WORDS = word_set(
    "published draft pending scheduled online offline live private public archived veroffentlicht"
    " entwurf geplant publie brouillon publicado borrador rascunho pubblicato bozza опубликовано"
    " черновик yes no"
)
_LONGEST_HEAD = 24
_LONGEST_LINE = 200


def head_of(text: str, segments: Sequence[Segment]) -> list[str] | None:
    """Return the role of each column that *text* heads (N for no field); None if it is no head.

    Two of its words name fields, a headline or a date among them, and none is longer than a label.
    """
    if len(segments) < 2 or len(text) > _LONGEST_LINE or any(mark.isdigit() for mark in text):
        return None
    roles: list[str] = []
    for segment in segments:
        key = fold(text[segment.start : segment.end])
        if segment.kind not in "xcbe" or len(key) > _LONGEST_HEAD:
            return None
        role = _ROLES.get(LABELS.get(key, ""), "")
        role = role or ("K" if key in _SECTIONS else "N" if key in _OTHERS or not key else "?")
        roles.append("N" if role in roles else role)
    named = [role for role in roles if role not in "N?"]
    if len(named) < 2 or not {"H", "D"} & set(named) or roles.count("?") > len(named):
        return None
    return [role if role != "?" else "N" for role in roles]
