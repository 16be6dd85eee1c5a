"""Bring the catalogues of translations up to date: `make messages`.

Collects what the interface says from the Python, the pages and the admin's templates, and merges
it into ``locale/<language>/LC_MESSAGES/django.po``: what is new stands there untranslated, what is
gone is dropped. Then writes the ``.mo`` beside it, which the archive reads. Both are committed, so
that running the archive needs no tool. ``--check`` writes nothing. A site's own catalogues, below
``SITE_DIR/locale/``, may translate as little as they like: of them the ``.mo`` is written too. Exit
code 1, and a line for each, if messages are missing, not translated, or are none of ours.
"""

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from django.template.backends.django import DjangoTemplates

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
PYTHON = ("archive_site", "articles", "authors")
#: What a translated string is passed to: gettext's own names, and the underscore.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: A word in either notation of Python, and a tag: a translation must have the same ones.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*[^}]*\}")
TAG = re.compile(r"</?[a-z][^>]*>")

#: A message: its words (one, or singular and plural), its context.
Key = tuple[str | tuple[str, ...], str | None]


def of_python() -> Iterator[tuple[str, Key]]:
    """Yield where and what the Python says."""
    for folder in PYTHON:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _extracted("python", path, {})


def of_pages() -> Iterator[tuple[str, Key]]:
    """Yield where and what the public pages say (Jinja2)."""
    options = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "admin" not in path.relative_to(ROOT).parts:
            yield from _extracted("jinja2", path, options)


def _extracted(method: str, path: Path, options: dict[str, str]) -> Iterator[tuple[str, Key]]:
    with path.open("rb") as file:
        for line, words, _comments, context in extract(method, file, KEYWORDS, (), options):
            yield f"{path.relative_to(ROOT)}:{line}", (words, context)


def of_admin() -> Iterator[tuple[str, Key]]:
    """Yield where and what the admin's templates say (Django's language).

    Each template is compiled, and its tags are asked what they look up: that is what is looked up
    when it is shown, white space included.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    os.environ.setdefault("ARCHIVE_ENV", "local")
    import django

    django.setup()
    from django.template import engines
    from django.template.base import FilterExpression, Node, Variable
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode
    from django.utils.translation import trim_whitespace

    def words_of(node: BlockTranslateNode) -> str | tuple[str, ...]:
        found = []
        for tokens in (node.singular, node.plural):
            if tokens:
                text = node.render_token_list(tokens)[0]
                found.append(trim_whitespace(text) if node.trimmed else text)
        return found[0] if len(found) == 1 else tuple(found)

    def literals_of(node: Node) -> Iterator[str]:
        for value in vars(node).values():
            # A constant that is looked up is a variable; others, such as contexts, are texts.
            if isinstance(value, FilterExpression) and isinstance(value.var, Variable):
                is_looked_up = isinstance(node, TranslateNode) or value.var.translate
                if is_looked_up and isinstance(value.var.literal, str):
                    yield str(value.var.literal)

    engine = cast("DjangoTemplates", engines["django"]).engine
    for path in sorted((ROOT / "templates" / "admin").rglob("*.html")):
        name = str(path.relative_to(ROOT / "templates"))
        for node in engine.get_template(name).nodelist.get_nodes_by_type(Node):
            where = f"templates/{name}:{node.token.lineno if node.token else 0}"
            given = getattr(node, "message_context", None)
            context = given.resolve({}) if given else None
            if isinstance(node, BlockTranslateNode):
                yield where, (words_of(node), context)
                continue
            for text in literals_of(node):
                yield where, (text, context)


def of_sentences() -> Iterator[tuple[str, Key]]:
    """Yield what modules that know no Django say in English."""
    from articles.review.sentences import SENTENCES

    for sentence in SENTENCES:
        yield "articles/review/sentences.py:0", (sentence, None)


def of_roles() -> Iterator[tuple[str, Key]]:
    """Yield what the archive's own groups are called."""
    from articles.permissions import read_groups

    for name in read_groups():
        yield "articles/permissions.toml:0", (name, None)


def of_doubts() -> Iterator[tuple[str, Key]]:
    """Yield the names and explanations of doubts, which modules that know no Django write."""
    from articles.review import registry

    for code in sorted(registry.known_codes()):
        for text in (registry.title_of(code), registry.explanation_of(code)):
            yield "articles/review/codes.py:0", (text, None)


def collected() -> dict[Key, list[str]]:
    """Return every message of the interface, with the places that say it."""
    found: dict[Key, list[str]] = {}
    for source in (of_python, of_pages, of_admin, of_roles, of_doubts, of_sentences):
        for where, key in source():
            found.setdefault(key, []).append(where)
    return found


def template() -> Catalog:
    """Return a catalogue of every message of the interface, in its first language."""
    found = Catalog(project="Backfile", charset="utf-8")
    for (words, context), places in collected().items():
        locations = [(place.rpartition(":")[0], 0) for place in dict.fromkeys(places)]
        found.add(words, locations=sorted(set(locations)), context=context)
    return found


def wrong_in(catalog: Catalog) -> Iterator[str]:
    """Yield a line for each message that is not translated whole."""
    for message in catalog:
        if not message.id:
            continue
        name = f"{message.id!r}"
        found = message.string or ""
        strings = [found] if isinstance(found, str) else [string or "" for string in found]
        if not all(strings):
            yield f"not translated: {name}"
        elif message.fuzzy:
            yield f"only guessed: {name}"
        elif not has_the_same(message, strings, PLACEHOLDER):
            yield f"other placeholders: {name}"
        elif not has_the_same(message, strings, TAG):
            yield f"other tags: {name}"


def has_the_same(message: Message, strings: list[str], what: re.Pattern[str]) -> bool:
    """Return whether each of the translations has as many of *what* as the message.

    Of a message with a plural, the last has those of the plural; others may have those of either
    form: "one article" has no number.
    """
    forms = [message.id] if isinstance(message.id, str) else message.id
    known = [sorted(what.findall(form)) for form in forms]
    found = [sorted(what.findall(string)) for string in strings]
    return found[-1] == known[-1] and all(one in known for one in found)


def stale_in(catalog: Catalog, now: Catalog) -> Iterator[str]:
    """Yield a line for each message that only one of the two has."""
    old = {(message.id, message.context) for message in catalog if message.id}
    new = {(message.id, message.context) for message in now if message.id}
    yield from (f"missing: {words!r}" for words, _context in sorted(new - old, key=repr))
    yield from (f"no longer said: {words!r}" for words, _context in sorted(old - new, key=repr))


def read(path: Path) -> Catalog:
    """Return the catalogue of a ``.po`` file in ``locale/<language>/LC_MESSAGES/``."""
    with path.open("rb") as file:
        found = read_po(file, locale=path.parent.parent.name, abort_invalid=True)
    found.msgid_bugs_address, found.last_translator, found.language_team = "", "Backfile", ""
    found.revision_date = found.creation_date
    return found


def compiled(catalog: Catalog) -> bytes:
    """Return the bytes of the ``.mo`` file of a catalogue."""
    into = io.BytesIO()
    write_mo(into, catalog)
    return into.getvalue()


def of_ours(path: Path, now: Catalog, *, check: bool) -> Iterator[str]:
    """Bring one of our catalogues up to date, or check it; yield what is wrong with it."""
    catalog = read(path)
    binary = path.with_suffix(".mo")
    if check:
        yield from stale_in(catalog, now)
        if not binary.exists() or binary.read_bytes() != compiled(catalog):
            yield f"{binary.name} is not made from it"
    else:
        catalog.update(now, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, width=100, sort_by_file=True, include_lineno=False)
        binary.write_bytes(compiled(catalog))
    yield from wrong_in(catalog)


def of_the_site(path: Path, now: Catalog, *, check: bool) -> Iterator[str]:
    """Make the ``.mo`` of a catalogue of the site's own; yield what is wrong with it."""
    catalog = read(path)
    ours = {(message.id, message.context) for message in now}
    for message in catalog:
        if message.id and (message.id, message.context) not in ours:
            yield f"not said here: {message.id!r}"
    yield from (line for line in wrong_in(catalog) if not line.startswith("not translated: "))
    if not check:
        path.with_suffix(".mo").write_bytes(compiled(catalog))


def main() -> int:
    """Bring each catalogue up to date, or check them; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if out of date")
    check = parser.parse_args().check
    now = template()
    from django.conf import settings

    problems = []
    for folder in reversed(settings.LOCALE_PATHS):
        for path in sorted(folder.glob("*/LC_MESSAGES/django.po")):
            work = of_ours if folder == LOCALE else of_the_site
            problems += [f"{path}: {line}" for line in work(path, now, check=check)]
    print("\n".join(problems) or f"{len(now)} messages, all translated")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
