"""A language in which every message stands in brackets: what has none cannot be translated."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from tools import messages

#: Danish is spoken by no other test, so nothing that is kept by language is theirs; and its dates
#: have no letters beside the names of months.
LANGUAGE = "da"
OPEN, CLOSE = "⟦", "⟧"
#: Attributes that are shown or read aloud.
_SAID = {"alt", "title", "aria-label", "aria-description", "placeholder", "aria-roledescription"}
#: What holds no words of ours: programs, and what is typed or read by machines.
_SILENT = {"script", "style", "code", "kbd", "pre", "textarea", "template"}
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_INLINE = {
    "a", "abbr", "b", "bdi", "br", "cite", "code", "em", "i", "kbd", "mark", "q", "small", "span",
    "strong", "time", "wbr",
}  # fmt: skip
#: Letters that messages are written in; data of tests may be in others.
_ADDRESSES = re.compile(r"\b(?:https?|mailto):\S+|/(?:[^\s/]+/)+\S*")
_LETTERS = re.compile(r"[A-Za-z]{2,}")


def _of_packages() -> Iterable[Catalog]:
    """Yield the catalogues of Django and of what else is installed: their messages."""
    apps = [app for app in settings.INSTALLED_APPS if not messages.ROOT.joinpath(app).exists()]
    for name in ("django.conf", *apps):
        spec = find_spec(name)
        for folder in (spec and spec.submodule_search_locations) or ():
            path = Path(folder) / "locale" / "de" / "LC_MESSAGES" / "django.po"
            if path.exists():
                with path.open("rb") as file:
                    yield read_po(file, locale="de")


def write(folder: Path) -> None:
    """Write the catalogue into *folder*, for ``LOCALE_PATHS``."""
    found = Catalog(locale=LANGUAGE)
    for catalog in (*_of_packages(), messages.template()):
        for message in catalog:
            if message.id:
                forms = (message.id,) if isinstance(message.id, str) else message.id
                said = tuple(f"{OPEN}{form}{CLOSE}" for form in forms)
                found.add(message.id, said if len(said) > 1 else said[0], context=message.context)
    path = folder / LANGUAGE / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, found)


class _Page(HTMLParser):
    """Collects what stands in no brackets, a line for each block and each attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self._depth = 0
        self._language = ""
        #: The elements that are open, from the first that is silent on.
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self._new_line(tag)
        if tag == "html":
            self._language = known.get("lang", "")
        # What says that it is in another language is data, or of a language by its nature.
        if tag in _SILENT or self._silent or known.get("lang", self._language) != self._language:
            self._silent += [tag] * (tag not in _VOID)
            return
        shown = [known[name] for name in _SAID & known.keys()]
        shown += [value for name, value in known.items() if re.match("data-.*(label|words)", name)]
        if tag == "input" and known.get("type") in {"submit", "button", "reset"}:
            shown.append(known.get("value", ""))
        if tag in {"optgroup", "option", "track"} and "label" in known:
            shown.append(known["label"])
        self.lines[-1:-1] = [outside(text) for text in shown]

    def handle_endtag(self, tag: str) -> None:
        self._new_line(tag)
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def _new_line(self, tag: str) -> None:
        if tag not in _INLINE:
            # What was cut short may have lost its last bracket.
            self._depth = 0
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        kept, self._depth = _outside(data, self._depth)
        self.lines[-1] += kept


def _outside(text: str, depth: int) -> tuple[str, int]:
    kept = []
    for letter in text:
        if letter == OPEN:
            depth += 1
            kept.append(" ")
        elif letter == CLOSE:
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(letter)
    return "".join(kept), depth


def outside(text: str) -> str:
    """Return what of *text* stands in no brackets."""
    return _outside(text, 0)[0]


def unsaid(page: str, data: Iterable[str]) -> list[str]:
    """Return what *page* (HTML) shows or says that is neither in brackets nor among the *data*:
    words that no catalogue can translate."""
    parser = _Page()
    parser.feed(page)
    known = sorted({item for item in data if item}, key=len, reverse=True)
    any_known = re.compile(
        "|".join(rf"(?<![^\W_]){re.escape(item)}(?![^\W_])" for item in known) or r"\Z"
    )
    found = []
    for line in parser.lines:
        left = _ADDRESSES.sub(" ", any_known.sub(" ", _ADDRESSES.sub(" ", " ".join(line.split()))))
        if _LETTERS.search(left):
            found.append(left.strip())
    return found
