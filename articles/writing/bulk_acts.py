"""What may be done to many articles at once, and what it makes of the values of one.

Nothing here reads or writes the archive: the preview and the work itself ask the same question.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from articles.choices import Status
from articles.models import Article
from articles.writing import versions
from articles.writing.changes import ArticleChange, Credit, Place
from articles.writing.state import Values

#: What may be set or cleared, and what may be searched for words.
SETTABLE = (
    "kicker", "subtitle", "part_label", "byline", "standfirst", "published_on", "publication",
    "volume", "issue", "pages", "rights", "language", "source_url", "visible_from",
    "correction_note", "owner",
)  # fmt: skip
SEARCHABLE = ("headline", "kicker", "subtitle", "part_label", "byline", "standfirst", "body")
#: The lists, and what the ledger calls the id of an item.
LISTED = {"tags": "tag", "credits": "author", "parts": "series"}
#: Acts that change what readers see of an article as a whole.
STANDING = {"publish": Status.PUBLISHED, "withdraw": Status.WITHDRAWN}
#: Markup of a body: nothing in it is a word.
_MARKUP = re.compile(r'(<[^<>"]*(?:"[^"]*"[^<>"]*)*>)')
#: What opens, and what closes it.
_PAIRS = (("“", "”"), ("„", "“"), ("«", "»"), ("(", ")"), ("[", "]"))
_QUOTES = "\"'“„«‘‚»"


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to each article.

    ``do``: "set", "clear", "find" (``text`` becomes ``value`` in ``fields``), "split" (a headline
    into headline and subtitle), "publish", "withdraw" (``value`` says why), or "add", "remove",
    "replace" (``one`` by ``other``) in the list that is the only one of ``fields``; "sheet" gives
    each what the rows of the sheet ``one`` say; "suggestions" what the findings of the doubt
    ``text`` suggest; "renumber" was done to the parts of the series ``one`` at once; "undo" takes
    the operation ``one`` back.
    """

    do: str
    fields: tuple[str, ...] = ()
    value: str = ""
    text: str = ""
    whole_words: bool = False
    any_case: bool = False
    one: int = 0
    other: int = 0
    role: str = "aut"
    #: Not a part at a time: numbers are exchanged, and no two may be the same in between.
    at_once: bool = False
    #: Of which articles, in which versions, it was agreed to: what was begun once is not begun
    #: again by a second press.
    agreed: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the act as it is stored."""
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Act":
        """Return the act that was stored."""
        return cls(**{**stored, "fields": tuple(stored["fields"])})


def pattern_of(act: Act, *, in_markup: bool = False) -> re.Pattern[str]:
    """Return what an act searches for. Linear: it is a fixed text."""
    text = html.escape(act.text, quote=False) if in_markup else act.text
    found = re.escape(text)
    if act.whole_words:
        found = rf"(?<!\w){found}(?!\w)"
    return re.compile(found, re.IGNORECASE if act.any_case else 0)


def replaced(act: Act, name: str, value: str) -> str:
    """Return the *value* of a field with every place replaced that the act finds."""
    if name != "body":
        return pattern_of(act).sub(lambda _found: act.value, value)
    pattern, new = pattern_of(act, in_markup=True), html.escape(act.value, quote=False)
    pieces = _MARKUP.split(value)
    return "".join(
        piece if place % 2 else pattern.sub(lambda _found: new, piece)
        for place, piece in enumerate(pieces)
    )


def parts_of_headline(headline: str) -> tuple[str, str] | None:
    """Return title and subtitle of "title: subtitle"; None where it is not sure that it is one.

    Sure is a headline with one colon, which a space follows, at least three words without a
    figure before it and two after it: "Poland", "Public meeting" or "May 15–21" is rather a
    topic, a label or a date. What is quoted after the colon was said, and is no subtitle; and no
    quotation or bracket may be torn.
    """
    title, colon, subtitle = headline.partition(": ")
    title, subtitle = title.strip(), subtitle.strip()
    if not colon or headline.count(":") != 1:
        return None
    if len(title.split()) < 3 or any(letter.isdigit() for letter in title):
        return None
    if len(subtitle.split()) < 2 or subtitle[0] in _QUOTES:
        return None
    if title.count('"') % 2 or any(title.count(a) != title.count(b) for a, b in _PAIRS):
        return None
    return title, subtitle


def values_after(act: Act, now: Values) -> Values:
    """Return the values of the ledger that the act gives an article that holds *now*: only those
    that differ. Names beside ids are those of before."""
    wanted: Values
    if act.do in {"set", "clear"}:
        value: Any = act.value if act.do == "set" else ""
        wanted = {
            name: (int(value) if value else None) if name == "owner" else value
            for name in act.fields
        }
    elif act.do == "find":
        wanted = {name: replaced(act, name, now[name] or "") for name in act.fields}
    elif act.do == "split":
        found = None if now["subtitle"] else parts_of_headline(now["headline"])
        wanted = {"headline": found[0], "subtitle": found[1]} if found else {}
    elif act.do == "publish":
        wanted = {"status": Status.PUBLISHED.value}
    elif act.do == "withdraw":
        is_there = now["status"] == Status.PUBLISHED
        wanted = {"status": Status.WITHDRAWN.value, "withdrawn_reason": act.value}
        wanted = wanted if is_there else {}
    else:
        (name,) = act.fields
        wanted = {name: _listed(act, name, now[name] or [])}
    return {
        name: value
        for name, value in wanted.items()
        if not versions.is_same(name, value, now[name])
    }


def _listed(act: Act, name: str, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    key = LISTED[name]
    new = {key: act.one, **({"role": act.role} if name == "credits" else {})}
    if name == "parts":
        new["part_number"] = None
    if act.do == "add":
        known = {(item[key], item.get("role")) for item in items}
        return [*items, *([] if (act.one, new.get("role")) in known else [new])]
    if act.do == "remove":
        return [item for item in items if item[key] != act.one]
    result: list[dict[str, Any]] = []
    for item in items:
        changed = {**item, key: act.other} if item[key] == act.one else item
        if not any(
            (one[key], one.get("role")) == (changed[key], changed.get("role")) for one in result
        ):
            result.append(changed)
    return result


def change_of(article: Article, version: int, values: Values) -> ArticleChange:
    """Return the change that gives an article *values* of the ledger."""
    change = ArticleChange(
        article=article,
        fields={name: value for name, value in values.items() if name not in LISTED},
        expected_version=version,
    )
    if "tags" in values:
        change.tags = [item["tag"] for item in values["tags"]]
    if "credits" in values:
        change.credits = [Credit(item["author"], item["role"]) for item in values["credits"]]
    if "parts" in values:
        change.parts = [Place(item["series"], item["part_number"]) for item in values["parts"]]
    return change
