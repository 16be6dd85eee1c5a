"""What editors say of the site: its pages, the links of its masthead and foot, its home page.

Read once for each version of the content: no page asks for it anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from articles import content_version
from articles.choices import LinkPlace
from articles.content_version import Content
from articles.models import HomePage, Pin, SiteLink, SitePage


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page of the site, or to anywhere."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Front:
    """What editors chose for the first page: ids, whether readers may see what they name or not."""

    introduction: str = ""
    lead: int | None = None
    #: The id of an article or of a series, in order.
    pins: tuple[tuple[int | None, int | None], ...] = ()
    shows_on_this_day: bool = True
    shows_timeline: bool = True


@dataclass(frozen=True, slots=True)
class SiteLinks:
    """What editors put beside every page."""

    header: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    #: Slugs of the pages that readers see; the present slug by each former one; and all slugs of
    #: pages that readers saw and see no more.
    pages: frozenset[str] = frozenset()
    moved: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    front: Front = Front()


_last: tuple[str, SiteLinks] = ("", SiteLinks())


def last() -> SiteLinks:
    """Return what was read last, without asking the database."""
    return _last[1]


def current(content: Content | None = None) -> SiteLinks:
    """Return what holds for *content*, the present version if None. Few queries, once for each."""
    global _last
    mark = (content or content_version.read()).mark
    known, found = _last
    if known != mark:
        found = _read()
        _last = (mark, found)
    return found


def forget() -> None:
    """Forget what was read, for tests, whose versions may have the marks of others."""
    global _last
    _last = ("", SiteLinks())


def _read() -> SiteLinks:
    published: list[SitePage] = []
    gone: set[str] = set()
    # Without the texts, which nobody needs here. Those that readers do not see are few.
    seen = set(SitePage.objects.published().values_list("pk", flat=True))
    for row in SitePage.objects.defer("body"):
        if row.pk in seen:
            published.append(row)
        elif row.was_public:
            gone |= {row.slug, *row.former_slugs}
    moved = {former: row.slug for row in published for former in row.former_slugs}
    pages = frozenset(row.slug for row in published)
    links = [(row.place, row.position, row.title, row.get_absolute_url()) for row in published]
    links += [(row.place, row.position, row.label, row.address) for row in SiteLink.objects.all()]
    by_place: dict[str, list[Link]] = {place: [] for place in LinkPlace.values}
    for place, _position, label, url in sorted(links):
        if place in by_place:
            by_place[place].append(Link(label, url))
    return SiteLinks(
        header=tuple(by_place[LinkPlace.HEADER]),
        footer=tuple(by_place[LinkPlace.FOOTER]),
        pages=pages,
        moved={former: slug for former, slug in moved.items() if former not in pages},
        gone=frozenset(gone - pages - moved.keys()),
        front=_front(),
    )


def _front() -> Front:
    row = HomePage.objects.filter(pk=1).first()
    if row is None:
        return Front()
    return Front(
        introduction=row.introduction,
        lead=row.lead_id,
        pins=tuple(Pin.objects.filter(home=row).values_list("article_id", "series_id")),
        shows_on_this_day=row.shows_on_this_day,
        shows_timeline=row.shows_timeline,
    )
