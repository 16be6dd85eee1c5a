"""The dates of a labelled entry: managers of references state the year and the day apart."""

from articles.listing.dates import PrintedDate, whole_date


def date_of(text: str, day_first: bool | None = None) -> PrintedDate | None:
    """Return the date that *text* is; strokes may stand for the parts that are not known:
    "1966/07//".
    """
    return whole_date(text.strip().rstrip("/").rstrip(), day_first)


def more_exact(one: str, two: str) -> str | None:
    """Return the one of two dates that says more, if it says what the other does; else None:
    "1964/03/19" beside "1964".
    """
    first, second = date_of(one), date_of(two)
    if first is None or second is None or (first.figures and second.figures):
        return None
    if first.figures or second.figures:
        return (one if first.figures else two) if first.year == second.year else None
    if first.iso.startswith(second.iso):
        return one
    return two if second.iso.startswith(first.iso) else None
