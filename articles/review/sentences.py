"""What is said in English where no language is known, said in that of the site.

Parser, checks and imports know no Django: they write their remarks and reasons in English, and so
they are stored. Here stand those sentences, and pages say them by `said`.
"""

import re
from functools import lru_cache

from django.utils.translation import get_language, gettext

from articles.cleaning import one_stop
from articles.review import registry
from articles.review.parser_sentences import OF_PARSER

#: Each sentence, with names in place of what is filled in. ``field`` and ``fields`` are names of
#: fields, ``reason`` and ``error`` are sentences themselves, ``count`` is a number.
SENTENCES: tuple[str, ...] = (
    *OF_PARSER,
    # Of the checks
    "“%(name)s” is credited as a person, but %(reason)s.",
    "has characters that no name has",
    "is longer than names are",
    "names a group or an office",
    "has words in lower case",
    "“%(text)s” looks like an internal working title.",
    "The entry was read with a confidence of %(share)s.",
    "There is no standfirst, though most entries of the listing have one.",
    "The byline has “%(name)s”, the %(field)s “%(other)s”.",
    "Part %(number)s of “%(title)s” is here, part %(other)s is not.",
    "The standfirst says “%(text)s”, but the article stands in no series.",
    "“%(one)s” may be “%(other)s” of the same date.",
    "“%(one)s” may be “%(other)s” of %(date)s.",
    "The quotation marks in the %(field)s do not balance.",
    # Of imports
    "The listing and an editor both changed %(fields)s; the editor's value stands.",
    "Listing and editor both changed %(fields)s; the editor's value stands.",
    "Listing and editor differ in %(fields)s; the editor's value stands.",
    "The newest version of the listing no longer has “%(text)s”.",
    "Links to pages of the old site that are not here: %(list)s.",
    "The old address “%(path)s” leads to something else here; it was not taken.",
    "The slug “%(slug)s” of that day is another article's.",
    "The same entry stands on lines %(lines)s, too.",
    "This may be any of several entries imported before.",
    "This may be an article that was typed in by hand.",
    "Not imported: an entry above leads to the article %(key)s too.",
    (
        "An editor merged this article into another one, which has an entry of its own here:"
        " that one is followed."
    ),
    "An editor deleted this article; it stays deleted.",
    "“%(one)s” may be “%(other)s”.",
    "Part %(number)s of “%(title)s” is another article.",
    "Not imported: %(reason)s.",
    "there is no headline",
    "there is no date of publication",
    "%(field)s has %(length)s characters; at most %(limit)s fit",
    "Several headlines begin with “%(title)s:”. Are they a column?",
    "The standfirsts count %(total)s parts: a serial “%(title)s”?",
    "Several standfirsts speak of a series on “%(title)s”.",
    (
        "Undoing an import withdrew this article. It comes back when it is imported as"
        " published, or when an editor publishes it."
    ),
    "Two entries are part %(number)s of “%(title)s”.",
    "“%(title)s” may be the column “%(near)s”.",
    "“%(title)s” stands above more than one entry: a column?",
    "Part %(number)s of “%(title)s” stands alone.",
    "“%(name)s” is the spelling of %(count)s authors.",
    (
        "“%(name)s” is a %(field)s, and its spelling leads to a person: a collective credit is"
        " never turned into one."
    ),
    "Words were left out: they were removed from the archive on legal grounds.",
    "This text was removed on legal grounds.",
    (
        "%(entries)s entries were left out and %(words)s lost words: these were removed from"
        " the archive on legal grounds."
    ),
    "1 entry states a key that no article here has: %(list)s",
    "%(count)s entries state keys that no article here has: %(list)s",
    # Of formats
    "Control characters were left out on line %(lines)s",
    "The file is not UTF-8; read as Windows-1252.",
    "“%(text)s” may be %(readings)s, and the column does not tell.",
    "“%(text)s” is a day that its month does not have; %(date)s was taken.",
    (
        "The column has dates with the day first and others with the month first; those that"
        " could be either are left out."
    ),
    (
        "Years of two figures: 00 to %(last)s are read as 2000 and later, the others as 1900"
        " and later."
    ),
    "“%(text)s” is not a date.",
    "An item is no object.",
    "The row has no headline.",
    "The markup of the body nests deeper than %(depth)s elements; its words alone were taken.",
    "“%(text)s” is no number of a part.",
    "“%(text)s” names no part by its number.",
    "The title of the series has more than 300 characters.",
    "The tag “%(text)s…” has more than 100 characters.",
    "“%(text)s” is no language code such as en or pt-BR.",
    "“%(text)s” is no http or https address.",
    "The status “%(text)s” is not known here: a draft.",
    "“%(text)s” is no moment with its zone; it is left out.",
    "%(field)s has %(length)s characters; at most %(limit)s fit: “%(text)s…”.",
    "“%(text)s” is no segment of an address.",
    "The export has the body as plain text only.",
    "The export has the body in the editor's own form only.",
    "The export gives no date of publication.",
    "Only members could read it on the old site: a draft.",
    "It was only sent by mail from the old site: a draft.",
    "A post is no object.",
    "Not imported, for want of a field: %(list)s",
    "Links are relative, and the page does not say where it stood: not imported.",
    "“%(text)s” is not imported; %(count)s objects have it.",
    "The article was withdrawn there; here it comes in as a draft.",
    (
        "The old address “%(path)s” is longer than %(limit)s characters or holds some that no"
        " address has; it leads nowhere here."
    ),
    "%(count)s more columns are not imported.",
    "The column “%(name)s” is not imported; %(count)s rows have a value in it.",
    "The column “%(name)s” is read as the date: it holds nothing else.",
    "%(count)s rows have cells beyond the last column named; they are not imported.",
    "%(count)s items of the kind “%(kind)s” are not imported.",
    "“%(text)s” is in the bin of the old site; it is left out.",
    "A draft without a title: its headline was given here.",
    "“%(text)s” on the old site; here it is a draft.",
    "It had a password on the old site; here it is a draft.",
    "It was to appear at a time not given: a draft.",
    "Row 1 of the sheet “%(name)s” is counted as line %(line)s.",
    "The sheet “%(name)s” has no row that names columns; it is left out.",
    "Pictures are not brought; what remains are links to the old site: %(list)s.",
    "Pictures are not in the folder of the uploads: %(list)s.",
    "Not PNG, JPEG, GIF or WebP, or too large: %(list)s.",
    "What was embedded is a link now: %(list)s.",
    "Shortcodes were left out, their words kept: %(list)s.",
    "Scripts and forms were left out: %(list)s.",
    # Of what cannot be read
    "neither UTF-8, UTF-16 nor Windows-1252; save the file as UTF-8",
    "the file is empty",
    "the file holds no text",
    "this is a binary file, not plain text",
    "this is %(kind)s, not plain text",
    "marked as %(encoding)s, but byte %(place)s is not; save the file as UTF-8",
    "marked as %(encoding)s, but line %(place)s is not; save the file as UTF-8",
    "%(size)s MiB is more than the %(limit)s MiB that one import takes; split the file",
    "the line is longer than %(limit)s characters",
    "the archive holds %(count)s listings; import them one by one",
    "the archive holds no file",
    "an archive inside an archive is not read",
    "encrypted members are not read",
    "holds more than the %(limit)s MiB that one import takes",
    "the gzip file is cut off",
    "a quotation mark opens here and none closes it: the file is cut off or damaged",
    "this is no feed that is known (RSS, Atom)",
    "the feed has no items",
    "this is no JSON Feed",
    "this is no Ghost export",
    "the export has no posts and no pages",
    "the page has no body",
    "no object in it has a headline or a title",
    "no format is called %(name)s; known are %(known)s",
    "no dialect is called %(name)s; known are %(known)s",
    "a dialect is how plain text is written; this is read as %(name)s",
    "this is an office document, but no XLSX workbook",
    "this is no XLSX workbook, whatever its name says",
    "this is no XLSX workbook, or a damaged one",
    "the workbook cannot be read: %(error)s",
    "not well-formed XML: %(error)s",
    "not XML that can be read: %(error)s",
    "nested too deep",
    "the column “%(name)s” stands there twice",
    (
        "this is a sheet of articles from the archive. Its changes are taken in on the list of"
        " articles, under “Take in a sheet”"
    ),
    (
        "this is no sheet that the archive wrote: its first row must name the columns “key” and"
        " “version” and at least one more"
    ),
    # Of the work
    "It is already being worked on.",
    "It is being worked on by another machine.",
    "It is already %(state)s.",
    "Upload %(number)s is not waiting for a process.",
    "Another process has taken over.",
    "Not started yet.",
    "It is done: what it brought can be undone on the page of its run.",
    "The plan is another one than the page showed. Look at it again.",
    "The process could not be started: %(error)s",
    (
        "Nothing was written: the archive has changed since the plan was made, and this is the"
        " plan now. %(changes)s."
    ),
    "Nothing was written: the archive has moved since the plan was made.",
    "Nothing was written: the account of the person who confirmed is gone.",
    (
        "Another import was still running after %(minutes)s minutes. Nothing was written. Start"
        " again when it is done."
    ),
    (
        "Another import was still running after 1 minute. Nothing was written. Start again when"
        " it is done."
    ),
    "Failed; nothing was written: %(error)s",
    "Failed; nothing was written. %(error)s. The error log of the uploads has the details.",
    # Of undoing
    "Run %(number)s is not undone.",
    "Run %(number)s is not undone (operation %(operation)s, %(moment)s).",
    "Run %(number)s is already undone (operation %(operation)s, %(moment)s).",
    "Run %(number)s has no operation in the ledger.",
    "changed by taking back run %(number)s on %(moment)s",
    "edited by %(who)s on %(moment)s",
    "changed by run %(number)s on %(moment)s",
    "the command line",
    "it is here",
    "it stands on an article that stays",
    "readers saw it on an article",
    "its name or its address is taken",
    "changed since",
    "its place and another's depend on each other",
    "its address is taken by %(holder)s",
    "its address leads to something else now",
    "part %(number)s of its series is %(holder)s",
    "the article was deleted since",
    "merged into another article",
    "merged into another article since",
    "deleted since; stays deleted",
    "brought by run %(number)s too",
    "article %(number)s, which stays, refers to it",
    "its permanent key is in use again",
    "%(what)s is gone",
    "%(count)s field restored",
    "%(count)s fields restored",
    "%(count)s article removed",
    "%(count)s articles removed",
    "%(count)s article withdrawn",
    "%(count)s articles withdrawn",
    "%(count)s article brought back",
    "%(count)s articles brought back",
    "%(count)s field kept",
    "%(count)s fields kept",
    "%(count)s article kept",
    "%(count)s articles kept",
    "%(count)s field blocked",
    "%(count)s fields blocked",
    "%(count)s article blocked",
    "%(count)s articles blocked",
    "%(count)s name removed",
    "%(count)s names removed",
    "%(count)s name restored",
    "%(count)s names restored",
    "%(count)s name kept",
    "%(count)s names kept",
    "%(count)s name blocked",
    "%(count)s names blocked",
    "%(count)s finding settled",
    "%(count)s findings settled",
    "%(count)s finding opened again",
    "%(count)s findings opened again",
    "nothing to do",
    "import undone",
    # Of removals
    "backups elsewhere: copies on other machines, snapshots of disks and of the machine",
    "replicas of the database, until they have caught up, and archived write-ahead logs",
    (
        "caches in front of the site, browsers and search engines, until they ask again; a"
        " shared store (CACHE_URL) gives nothing of it out and forgets it within an hour"
    ),
    "logs of the web server, which name addresses",
    "browsers of editors, which keep words that were typed and not saved for 14 days",
    "files that were given away: exports, listings, citations, and what readers kept",
)
_PLACE = re.compile(r"%\((\w+)\)s")
_COUNT = r"[\d.,]+"
_FIELDS, _WHOLE = {"field", "fields"}, {"reason", "error"}
#: Fields whose names are not those that forms give them.
_CALLED = {"published_on": "date of publication", "published on": "date of publication"}
#: Before what could not be read stand its name and, at times, a line: "list.txt:4: …".
_NAMED = re.compile(r"(?P<name>[^\n]{1,300}?): (?P<rest>.+)", re.DOTALL)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _PLACE.split(sentence)
    return re.compile(
        "".join(
            f"(?P<{part}>{_COUNT if part == 'count' else '.+?'})" if place % 2 else re.escape(part)
            for place, part in enumerate(parts)
        ),
        re.DOTALL,
    )


_PLAIN = frozenset(sentence for sentence in SENTENCES if not _PLACE.search(sentence))
#: Those with most words of their own first: "… of the same date" before "… of %(date)s".
_PATTERNS = tuple(
    (_pattern(sentence), sentence)
    for sentence in sorted(SENTENCES, key=lambda one: -len(_PLACE.sub("", one)))
    if _PLACE.search(sentence)
)


def said(text: str) -> str:
    """Return *text* in the language in force; as it stands if it is none of `SENTENCES`."""
    return one_stop(_said(text, get_language()))


@lru_cache(maxsize=1024)
def _said(text: str, language: str | None) -> str:
    if found := _one(text):
        return found
    if (named := _NAMED.fullmatch(text)) and (found := _one(named["rest"])):
        return f"{named['name']}: {found}"
    for mark in ("; ", ", "):
        parts = [_one(part) for part in text.split(mark)]
        if all(parts):
            return mark.join(filter(None, parts))
    return text


def _one(text: str) -> str | None:
    if text in _PLAIN:
        return gettext(text)
    for pattern, sentence in _PATTERNS:
        if match := pattern.fullmatch(text):
            return gettext(sentence) % {
                name: _filled(name, value) for name, value in match.groupdict().items()
            }
    return None


def title_of(code: str) -> str:
    """Return the name of a doubt in the language in force."""
    return gettext(registry.title_of(code))


def explanation_of(code: str) -> str:
    """Return what a doubt means and what an editor can do, or ``""``."""
    text = registry.explanation_of(code)
    return gettext(text) if text else ""


def _filled(name: str, value: str) -> str:
    if name in _FIELDS:
        names = (_CALLED.get(one) or one.replace("_", " ") for one in value.split(", "))
        return ", ".join(map(gettext, names))
    return said(value) if name in _WHOLE else value
