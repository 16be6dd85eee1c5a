"""Pages of lists: by number as far as numbers go, then by the sort key of the last row seen.

A numbered page costs the database all the rows before it; from a sort key it reads on at once,
at any depth. So numbers end at 10,000 rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from articles.criteria import Criteria
from articles.filters import MAX_PAGE, PAGE_SIZE, Place
from articles.listed import rows_with
from articles.rows import ArticleRow


class Keys(Protocol):
    """Gives sort keys of a list: see `articles.counting.selection.Selection.keys`."""

    def __call__(
        self, limit: int, offset: int = 0, *, beyond: int | None = None, ascending: bool = False
    ) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class PageLink:
    """One number in the line of pages; without an address it is the present one or a gap."""

    label: str
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page and the ways to the others.

    ``number`` is None where the page was reached by sort key. ``newer`` and ``older`` are named
    for the order in force: the way back and the way on.
    """

    rows: Sequence[ArticleRow]
    total: int
    number: int | None = 1
    back: str = ""
    onward: str = ""
    first: str = ""
    links: Sequence[PageLink] = field(default_factory=tuple)

    @property
    def start(self) -> int | None:
        """The place of the first row in the whole list, where it is known."""
        return None if self.number is None else (self.number - 1) * PAGE_SIZE + 1

    @property
    def end(self) -> int | None:
        """The place of the last row in the whole list, where it is known."""
        return None if self.start is None else self.start + len(self.rows) - 1

    @property
    def has_others(self) -> bool:
        """Whether the list goes on elsewhere."""
        return bool(self.back or self.onward)


def numbered(place: Place, total: int) -> int:
    """Return the number of the page at *place*. Raises `Http404` beyond the last one."""
    last = max(1, -(-total // PAGE_SIZE))
    if place.page > last:
        raise Http404(_("The list ends before page %d.") % place.page)
    return place.page


def rows_at(keys: Sequence[int]) -> list[ArticleRow]:
    """Return the public articles with these sort keys, in the order of the keys. One query."""
    if not keys:
        return []
    rows = {row.sort_key: row for row in rows_with(keys)}
    return [rows[key] for key in keys if key in rows]


def paginate(keys: Keys, place: Place, *, total: int, path: str, criteria: Criteria) -> Page:
    """Return the page at *place* of the list of *keys*, in the order that *criteria* say."""
    address = address_maker(path, criteria)
    forward = criteria.order == "oldest"
    if place.after is not None or place.before is not None:
        return _keyset_page(keys, place, total, address, forward)
    number = numbered(place, total)
    rows = rows_at(keys(PAGE_SIZE, (number - 1) * PAGE_SIZE, ascending=forward))
    return numbered_page(rows, number, total, address)


def numbered_page(
    rows: list[ArticleRow],
    number: int,
    total: int,
    address: Callable[..., str],
    *,
    keyset: bool = True,
) -> Page:
    """Return a page by number with the ways to its neighbours."""
    last = max(1, -(-total // PAGE_SIZE))
    onward = ""
    if number < min(last, MAX_PAGE):
        onward = address(page=number + 1)
    elif number < last and rows and keyset:
        onward = address(after=rows[-1].sort_key)
    back = "" if number == 1 else address(page=number - 1) if number > 2 else address()
    return Page(
        rows=rows,
        total=total,
        number=number,
        back=back,
        onward=onward,
        first=address() if number > 1 else "",
        links=_links(number, min(last, MAX_PAGE), address),
    )


def _keyset_page(
    keys: Keys,
    place: Place,
    total: int,
    address: Callable[..., str],
    forward: bool,
) -> Page:
    key = place.before if place.after is None else place.after
    is_back = place.after is None
    found = keys(PAGE_SIZE + 1, beyond=key, ascending=forward != is_back)
    has_more = len(found) > PAGE_SIZE
    rows = rows_at(found[:PAGE_SIZE])
    if is_back:
        rows.reverse()
    back = onward = ""
    if is_back:
        back = address(before=rows[0].sort_key) if has_more else address()
        onward = address(after=rows[-1].sort_key) if rows else address(after=key)
    else:
        back = address(before=rows[0].sort_key) if rows else address()
        onward = address(after=rows[-1].sort_key) if has_more else ""
    return Page(rows=rows, total=total, number=None, back=back, onward=onward, first=address())


def address_maker(path: str, criteria: Criteria) -> Callable[..., str]:
    """Return the function that gives the address of a place in one list."""
    pairs = criteria.pairs()

    def address(**place: int) -> str:
        query = urlencode([*pairs, *place.items()])
        return f"{path}?{query}" if query else path

    return address


def _links(number: int, last: int, address: Callable[..., str]) -> list[PageLink]:
    if last == 1:
        return []
    shown = sorted({1, last, *range(number - 2, number + 3)} & set(range(1, last + 1)))
    links: list[PageLink] = []
    for position, page in enumerate(shown):
        if position and page - shown[position - 1] > 1:
            links.append(PageLink("…"))
        links.append(
            PageLink(
                str(page), address(page=page) if page > 1 else address(), is_current=page == number
            )
        )
    return links
