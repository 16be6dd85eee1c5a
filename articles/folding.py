"""Folded forms of text: one spelling for search, aliases, sorting and slugs.

Folding makes "Gomulka" find "Gomułka". It decomposes with Unicode NFKD (UAX #15), drops combining
marks, replaces the Latin letters that have no decomposition, and applies full case folding
(Unicode 3.13, ``str.casefold``).
"""

import re
import unicodedata

# Letters that NFKD leaves whole. Both cases, since casefold() runs last.
_UNDECOMPOSED = {
    "ł": "l",
    "Ł": "l",
    "ø": "o",
    "Ø": "o",
    "đ": "d",
    "Đ": "d",
    "ð": "d",
    "Ð": "d",
    "þ": "th",
    "Þ": "th",
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "Œ": "oe",
    "ß": "ss",
    "ẞ": "ss",
    "ı": "i",
    "ħ": "h",
    "Ħ": "h",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    # The voiced marks of kana where they stand apart; half-width ones decompose to them.
    "゛": "\u3099",
    "゜": "\u309a",
}
_UNUSUAL = re.compile(f"[{''.join(_UNDECOMPOSED)}]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SPACES = re.compile(r"\s+")
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_SLUG_NAMES = {"c++": "cplusplus", "c#": "csharp", "f#": "fsharp", ".net": "dotnet"}
_LATIN = re.compile(r"[!-\u024f\u1e00-\u1eff\u2000-\u206f\ufb00-\ufb06]")
# Combining marks carry the vowels of these scripts, or the voice of kana (ハ and バ): dropping them
# would merge different words.
_MARKS_MATTER = re.compile(
    r"[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u3040-\u30ff]"
)


def fold_marks(text: str) -> str:
    """Return *text* decomposed and without combining marks, case and spaces as they were."""
    decomposed = unicodedata.normalize("NFKD", _decomposed(text))
    if not any(map(unicodedata.combining, _NOT_ASCII.findall(decomposed))):
        return decomposed
    kept: list[str] = []
    base = ""
    for character in decomposed:
        if unicodedata.combining(character):
            if base and _MARKS_MATTER.match(base):
                kept.append(character)
            continue
        base = character
        kept.append(character)
    return "".join(kept)


def _decomposed(text: str) -> str:
    return _UNUSUAL.sub(lambda match: _UNDECOMPOSED[match[0]], text)


def fold(text: str) -> str:
    """Return the folded spelling of *text*: no marks, no case, single spaces, trimmed.

    Two spellings with the same folded form are the same name to a search or an alias.
    """
    if text.isascii():
        return " ".join(text.split()).lower()
    folded = fold_marks(text).casefold()
    return " ".join((folded if folded.isascii() else _decomposed(folded)).split())


def casefold_key(text: str) -> str:
    """Return the identity of a tag: NFKC, single spaces, case folded. Marks are kept.

    "Île" and "ÎLE" are one tag; "Île" and "Ile" are two.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", folded)).strip()


def slugify(text: str, fallback: str, max_length: int = 100) -> str:
    """Return *text* as one segment of an address.

    Latin letters are folded ("Władysław" reads ``wladyslaw``), other scripts keep their letters,
    everything else becomes a hyphen. Text with neither letters nor digits gives *fallback*, so
    that an address is never empty. The result has at most *max_length* characters.
    """
    folded = fold(text)
    if folded in _SLUG_NAMES:
        return _SLUG_NAMES[folded]
    if text.isascii():
        slug = _NOT_ASCII_WORD.sub("-", text.lower().replace("'", "")).strip("-")
        return _cut(slug, max_length) or fallback
    # Other scripts keep their marks in an address: й is a letter of its own, and so is が.
    folded = "".join(
        fold(character) or "-" if _LATIN.match(character) else character.casefold()
        for character in unicodedata.normalize("NFC", text)
    ).replace("'", "")
    words = "".join(
        character if character.isalnum() or unicodedata.category(character).startswith("M") else "-"
        for character in unicodedata.normalize("NFC", folded)
    )
    return _cut(re.sub(r"-{2,}", "-", words).strip("-"), max_length) or fallback


def _cut(slug: str, max_length: int) -> str:
    """Return *slug* with at most *max_length* characters, cut between words if that is not dear."""
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rsplit("-", 1)[0]
        slug = cut if len(cut) > max_length // 2 else slug[:max_length]
    return slug.strip("-")[:max_length]
