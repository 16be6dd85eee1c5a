"""What is kept of something that was removed: keyed fingerprints, and no word of it.

A fingerprint is an HMAC (RFC 2104) with SHA-256 over folded words, under a key made from
`SECRET_KEY`: who has the database alone cannot try names against it. After the key was changed, the
old one has to stand in `SECRET_KEY_FALLBACKS` for what was removed under it to be recognised.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings

from articles.choices import MarkKind
from articles.models import RedactedMark, Redaction
from articles.redacting.words import words_of

#: Words of a passage by which a text is recognised, the fewest that are one, and how many
#: passages are kept of a text.
PASSAGE, SHORTEST, KEPT = 8, 4, 256
#: Words that a person's name has at most.
LONGEST_NAME = 4


def _keys() -> list[bytes]:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hashlib.sha256(b"redaction:" + str(secret).encode()).digest() for secret in secrets]


def _digest(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


def key_name() -> str:
    """Return a short name of the key that fingerprints are made with now."""
    return _digest(_keys()[0], "name of the key")[:16]


def known_key_names() -> set[str]:
    """Return the names of all keys at hand."""
    return {_digest(key, "name of the key")[:16] for key in _keys()}


@dataclass(frozen=True, slots=True)
class Mark:
    """A fingerprint: its kind, how many words it is of, that of the first, that of all.

    ``subject`` is where an address leads now: ("article", id), or nowhere.
    """

    kind: str
    words: int
    first: str
    digest: str
    subject: tuple[str, int] | None = None


def mark_of(kind: str, words: Sequence[str], context: str = "") -> Mark:
    """Return the fingerprint of folded *words*; with *context*, of them only there."""
    key = _keys()[0]
    text = " ".join(words)
    return Mark(
        kind,
        len(words),
        _digest(key, words[0]) if words else "",
        _digest(key, f"{context}\n{text}" if context else text),
    )


def address_mark(path: str, subject: tuple[str, int] | None = None) -> Mark:
    """Return the fingerprint of an address of this site, without its slashes at both ends."""
    return Mark(MarkKind.ADDRESS, 0, "", _digest(_keys()[0], _plain_path(path)), subject)


def _plain_path(path: str) -> str:
    return f"address\n{path.strip('/').lower()}"


def marks_of_words(spellings: Iterable[str]) -> list[Mark]:
    """Return the fingerprints of names or phrases, and of names as an index files them, with the
    last word first."""
    wanted = {tuple(words_of(spelling)) for spelling in spellings} - {()}
    wanted |= {(*words[-1:], *words[:-1]) for words in wanted if len(words) <= LONGEST_NAME}
    return [mark_of(MarkKind.WORDS, words) for words in sorted(wanted)]


def marks_of_text(headline: str, date: str, texts: Iterable[str]) -> list[Mark]:
    """Return the fingerprints of a whole text: its headline, by itself and on its *date*, and
    passages of what else it says."""
    marks: list[Mark] = []
    heads = words_of(headline)
    if heads:
        marks = [mark_of(MarkKind.DATED, heads, date), mark_of(MarkKind.HEADLINE, heads)]
    passages: dict[str, Mark] = {}
    for text in texts:
        words = words_of(text)
        length = min(PASSAGE, len(words))
        if length >= SHORTEST:
            for place in range(len(words) - length + 1):
                mark = mark_of(MarkKind.PASSAGE, words[place : place + length])
                passages[mark.digest] = mark
    # The same ones whichever part of a long text comes back: those with the lowest fingerprints.
    return [*marks, *(passages[digest] for digest in sorted(passages)[:KEPT])]


def lasting(marks: Sequence[Mark]) -> list[Mark]:
    """Return those of the *marks* of a text by which an import recognises it.

    A headline without its date is one only if there is nothing else and it is of some length: a
    column has the same every week.
    """
    has_passages = any(mark.kind == MarkKind.PASSAGE for mark in marks)
    return [
        mark
        for mark in marks
        if mark.kind != MarkKind.HEADLINE or (not has_passages and mark.words >= SHORTEST)
    ]


@dataclass(slots=True)
class Known:
    """Recognises words by their fingerprints; see `articles.redacting.words.Recogniser`."""

    marks: Sequence[Mark]
    _lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _by_first: dict[str, set[int]] = field(default_factory=dict)
    _digests: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for mark in self.marks:
            self._by_first.setdefault(mark.first, set()).add(mark.words)
            self._digests.add(mark.digest)

    def at(self, words: Sequence[str], place: int) -> int:
        """Return how many words of something known stand at *place*."""
        first = words[place]
        lengths = self._lengths.get(first)
        if lengths is None:
            found: set[int] = set()
            for key in _keys():
                found |= self._by_first.get(_digest(key, first), set())
            if len(self._lengths) > 500_000:
                self._lengths.clear()
            lengths = self._lengths[first] = tuple(sorted(found, reverse=True))
        for length in lengths:
            if place + length <= len(words):
                text = " ".join(words[place : place + length])
                if any(_digest(key, text) in self._digests for key in _keys()):
                    return length
        return 0

    def __bool__(self) -> bool:
        return bool(self.marks)


@dataclass(frozen=True)
class Texts:
    """Recognises whole texts that were removed."""

    marks: Sequence[Mark]

    @cached_property
    def _passages(self) -> Known:
        return Known([mark for mark in self.marks if mark.kind == MarkKind.PASSAGE])

    @cached_property
    def _headlines(self) -> Known:
        # A headline of a word or two says little by itself.
        return Known([m for m in self.marks if m.kind == MarkKind.HEADLINE and m.words >= SHORTEST])

    @cached_property
    def _digests(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {MarkKind.DATED: set(), MarkKind.HEADLINE: set()}
        for mark in self.marks:
            found.setdefault(mark.kind, set()).add(mark.digest)
        return found

    def is_entry(self, headline: str, date: str, texts: Iterable[str]) -> bool:
        """Whether a new entry is one of them: by headline and date, or by what it says."""
        heads = " ".join(words_of(headline))
        dated = self._digests[MarkKind.DATED]
        if any(_digest(key, f"{date}\n{heads}") in dated for key in _keys()):
            return True
        return any(self._is_in(words_of(text)) for text in (headline, *texts))

    def holds(self, text: str) -> bool:
        """Whether *text* is the headline of one of them, or has some of its words."""
        words = words_of(text)
        if not words or not self.marks:
            return False
        whole, headlines = " ".join(words), self._digests[MarkKind.HEADLINE]
        return any(_digest(key, whole) in headlines for key in _keys()) or self._is_in(words)

    def _is_in(self, words: Sequence[str]) -> bool:
        return any(
            self._passages.at(words, place) or self._headlines.at(words, place)
            for place in range(len(words))
        )

    def __bool__(self) -> bool:
        return bool(self.marks)


def stored(*kinds: str) -> list[Mark]:
    """Return the fingerprints of these *kinds* that are in force."""
    rows = RedactedMark.objects.filter(redaction__lifted=None, kind__in=kinds)
    return [Mark(*row) for row in rows.values_list("kind", "words", "first", "digest")]


def in_force() -> tuple[Known, Texts]:
    """Return what recognises the words and the texts that were removed. One query."""
    marks = stored(MarkKind.WORDS, MarkKind.DATED, MarkKind.HEADLINE, MarkKind.PASSAGE)
    return (
        Known([mark for mark in marks if mark.kind == MarkKind.WORDS]),
        Texts([mark for mark in marks if mark.kind != MarkKind.WORDS]),
    )


def find_address(path: str) -> RedactedMark | None:
    """Return the fingerprint of the address *path*, if what was there has been removed."""
    digests = [_digest(key, _plain_path(path)) for key in _keys()]
    return RedactedMark.objects.filter(kind=MarkKind.ADDRESS, digest__in=digests).first()


def store(redaction: Redaction, marks: Iterable[Mark]) -> None:
    """Keep *marks* for *redaction*, each once."""
    rows = {
        (mark.kind, mark.digest): RedactedMark(
            redaction=redaction,
            kind=mark.kind,
            words=mark.words,
            first=mark.first,
            digest=mark.digest,
            subject_type=mark.subject[0] if mark.subject else "",
            subject_id=mark.subject[1] if mark.subject else None,
        )
        for mark in marks
    }
    RedactedMark.objects.bulk_create(rows.values(), batch_size=200)
