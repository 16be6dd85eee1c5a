"""Names of authors as an index files them."""

_PARTICLES = {
    "van", "von", "de", "der", "den", "di", "da", "del", "della", "du", "la", "le", "bin",
    "ibn", "al", "ter", "ten", "zu", "zur", "dos", "das", "do", "st", "st.", "mac",
}  # fmt: skip


def sort_name(name: str, kind: str = "person") -> str:
    """Return a name as an index files it: "Weiss, Clara". An editor may know better.

    A particle before the family name stays with it ("Van Auken, Bill").
    """
    if kind != "person":
        return name.removeprefix("The ").removeprefix("the ")
    words = name.split()
    if len(words) < 2:
        return name
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    if words[-1].rstrip(".").casefold() in {"jr", "sr", "ii", "iii", "iv"} and start > 1:
        return f"{' '.join(words[start - 1 : -1])}, {' '.join(words[: start - 1])}, {words[-1]}"
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}"
