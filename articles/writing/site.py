"""The writers of what editors say of the site itself: its pages, its links, its home page.

One operation of the ledger for each save, as everywhere; values are the ledger's: ``lead`` is the
id of an article, ``pins`` are ``[{"article": id}]`` or ``[{"series": id}]``, in order, without
names, which may have to be removed. What readers see of it moves the content version: no page goes
on with the links of before.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction
from django.urls import get_resolver
from django.utils.translation import gettext as _

from articles import clock
from articles.choices import LinkPlace, OperationKind, PageStatus
from articles.cleaning import clean_block, clean_html, clean_line, clean_url
from articles.folding import slugify
from articles.models import Article, HomePage, Pin, Series, SiteLink, SitePage
from articles.writing import index, operations
from articles.writing.articles import WasPublic
from articles.writing.changes import InvalidChange, StaleVersion, slug_error
from articles.writing.state import Values

Row = TypeVar("Row", SitePage, SiteLink, HomePage)

#: Fields that the ledger records, and what it calls their rows.
FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    SitePage: ("title", "slug", "body", "status", "place", "position"),
    SiteLink: ("label", "address", "place", "position"),
    HomePage: ("introduction", "lead", "pins", "shows_on_this_day", "shows_timeline"),
}
SUBJECTS: dict[type[models.Model], str] = {SitePage: "page", SiteLink: "link", HomePage: "home"}
#: The most that stands on a home page, beside its lead.
MOST_PINS = 12
INTRODUCTION_LENGTH = 1_000
#: Segments that lead elsewhere although no pattern of ours says so, or shall be free for one.
_KEPT_FREE = frozenset({"api", "media", "search", "static"})
#: A path of this site, which no browser takes for an address of another.
_PATH = re.compile(r"/(?![/\\])[^\s\\<>\"'\x00-\x20\x7f]*")


def values_of(row: SitePage | SiteLink | HomePage) -> Values:
    """Return the values of *row* as the ledger records them. One query for a home page's pins."""
    values: Values = {}
    for name in FIELDS[type(row)]:
        if name == "pins":
            values[name] = pins_of(row)
        else:
            values[name] = getattr(row, "lead_id" if name == "lead" else name)
    return values


def pins_of(row: models.Model) -> list[dict[str, Any]]:
    """Return the pins of the home page, in their order."""
    pins = Pin.objects.filter(home=row.pk).values_list("article_id", "series_id")
    return [
        {"series": series} if article is None else {"article": article} for article, series in pins
    ]


def save_site(
    row: Row,
    values: Mapping[str, Any],
    *,
    actor: AbstractBaseUser | None,
    expected_version: int | None = None,
    reason: str = "",
    kind_of_act: OperationKind = OperationKind.EDIT,
) -> Row:
    """Give *row*, stored or new, these *values*; return it as stored.

    What *values* does not name stays. A save that alters nothing writes nothing. Raises
    `InvalidChange` for what may not be written, `StaleVersion` if the row was saved since it had
    *expected_version* (0: when there was none).
    """
    kind = type(row)
    with transaction.atomic():
        rows = kind._default_manager.select_for_update(no_key=True)
        old = rows.filter(pk=row.pk).first() if row.pk is not None else None
        if expected_version is not None and (old.version if old else 0) != expected_version:
            raise StaleVersion(_("Someone else has saved this since it was opened."))
        before = values_of(old) if old is not None else {}
        wanted = {**values, **_made(kind, values, before)}
        now = before | _cleaned(kind, wanted, row.pk)
        changed = [
            name
            for name in FIELDS[kind]
            if name in now
            and not is_same(name, now[name], before.get(name))
            and (now[name] or before)
        ]
        stored = old if old is not None else row
        if not changed and old is not None:
            return stored
        _store(stored, old, now)
        changes = [
            operations.Change(SUBJECTS[kind], stored.pk, name, before.get(name), now[name])
            for name in changed
        ]
        operations.record(operations.begin(kind_of_act, actor=actor, reason=reason), changes)
        if _is_shown(stored):
            index.touch()
    return stored


def _is_shown(row: models.Model) -> bool:
    """Whether readers see *row*, or its address: a page that was never public they do not."""
    return not isinstance(row, SitePage) or row.was_public


def is_same(name: str, one: Any, two: Any) -> bool:
    """Whether two values are the same; of pins their ids count, not the names of older records."""
    if name == "pins":
        return _pin_ids(one) == _pin_ids(two)
    return bool((one or None) == (two or None))


def _pin_ids(pins: Iterable[Mapping[str, Any]] | None) -> list[tuple[Any, Any]]:
    return [(pin.get("article"), pin.get("series")) for pin in pins or ()]


def delete_site(
    row: SitePage | SiteLink, *, actor: AbstractBaseUser | None, reason: str = ""
) -> None:
    """Delete a link, or a page that readers never saw; raise `WasPublic` for one that they did."""
    with transaction.atomic():
        kind = type(row)
        found = kind._default_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
        if found is None:
            return
        if isinstance(found, SitePage) and found.was_public:
            raise WasPublic(str(found))
        operations.record(
            operations.begin(OperationKind.EDIT, actor=actor, reason=reason),
            [
                operations.Change(SUBJECTS[kind], found.pk, name, value, None)
                for name, value in values_of(found).items()
                if value
            ],
        )
        found.delete()
        if _is_shown(found):
            index.touch()


def _made(kind: type[models.Model], values: Mapping[str, Any], before: Values) -> Values:
    """Return the slug that a page without one is given."""
    if kind is not SitePage or values.get("slug") or ("slug" not in values and before):
        return {}
    return {"slug": slugify(clean_line(values.get("title") or before.get("title") or ""), "page")}


def _store(stored: Any, old: Any, now: Values) -> None:
    """Write the columns of *stored* and what follows from them."""
    former = old.slug if isinstance(old, SitePage) else ""
    for name, value in now.items():
        if name != "pins":
            setattr(stored, "lead_id" if name == "lead" else name, value)
    stored.version = old.version + 1 if old is not None else 1
    if isinstance(stored, SitePage):
        if stored.status == PageStatus.PUBLISHED and stored.first_public_at is None:
            stored.first_public_at = clock.now()
        if former and former != stored.slug and stored.was_public:
            stored.former_slugs = [*stored.former_slugs, former]
        stored.former_slugs = [slug for slug in stored.former_slugs if slug != stored.slug]
    try:
        with transaction.atomic():
            stored.save()
    except IntegrityError as error:
        raise InvalidChange({"slug": _("This address is taken.")}) from error
    if isinstance(stored, SitePage):
        for other in SitePage.objects.exclude(pk=stored.pk):
            # It led there as long as nothing else stood at it.
            if stored.slug in other.former_slugs:
                other.former_slugs = [slug for slug in other.former_slugs if slug != stored.slug]
                other.save(update_fields=["former_slugs"])
    elif isinstance(stored, HomePage) and "pins" in now:
        Pin.objects.filter(home=stored).delete()
        Pin.objects.bulk_create(
            Pin(home=stored, article_id=pin.get("article"), series_id=pin.get("series"),
                position=place)
            for place, pin in enumerate(now["pins"], 1)
        )  # fmt: skip


# What may be written


@cache
def reserved_words() -> frozenset[str]:
    """Return the first segments of all addresses of the site: no page can stand at one."""
    return _KEPT_FREE | frozenset(_first_segments(get_resolver()))


def _first_segments(resolver: Any) -> Iterator[str]:
    for item in resolver.url_patterns:
        first = re.split(r"[/<]", str(item.pattern), maxsplit=1)[0]
        if first:
            yield first
        elif hasattr(item, "url_patterns"):
            yield from _first_segments(item)


def _page_slug(value: Any) -> str:
    slug = clean_line(value or "").lower().replace(" ", "-")[:120]
    if error := slug_error(slug):
        raise ValueError(error)
    if "." in slug:
        raise ValueError(_("The address of a page has no full stops."))
    if slug in reserved_words():
        raise ValueError(_("“%s” is the address of something else on this site.") % slug)
    return slug


def _line(limit: int) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        line = clean_line(value or "")
        if not line:
            raise ValueError(_("may not be empty"))
        if len(line) > limit:
            raise ValueError(_("is too long"))
        return line

    return clean


def _introduction(value: Any) -> str:
    text = clean_block(value or "")
    if len(text) > INTRODUCTION_LENGTH:
        raise ValueError(_("is too long"))
    return text


def _address(value: Any) -> str:
    text = clean_line(value or "")
    if not _PATH.fullmatch(text) and not clean_url(text):
        raise ValueError(_("is neither an http(s) address nor a path such as /about/"))
    return text[:2000]


def _one_of(choices: Iterable[str]) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        if value not in choices:
            raise ValueError(_("is none of the choices"))
        return str(value)

    return clean


def _position(value: Any) -> int:
    number = int(value or 0)
    if not 0 <= number <= 32_767:
        raise ValueError(_("is no number from 0 to 32767"))
    return number


def _lead(value: Any) -> int | None:
    if value is not None and not Article.objects.filter(pk=value).exists():
        raise ValueError(_("No longer exists."))
    return None if value is None else int(value)


def _pins(value: Any) -> list[dict[str, Any]]:
    """Return pins of what there is; each once."""
    wanted = list(dict.fromkeys(_pin_ids(value)))
    if len(wanted) > MOST_PINS:
        raise ValueError(_("At most %d can be pinned.") % MOST_PINS)
    articles = Article.objects.in_bulk([one for one, _series in wanted if one is not None])
    series = Series.objects.in_bulk([one for _article, one in wanted if one is not None])
    pins: list[dict[str, Any]] = []
    for article_id, series_id in wanted:
        if article_id is not None and article_id in articles:
            pins.append({"article": article_id})
        elif series_id is not None and series_id in series:
            pins.append({"series": series_id})
        else:
            raise ValueError(_("No longer exists."))
    return pins


_FIELD_CLEANERS: dict[type[models.Model], dict[str, Callable[[Any], Any]]] = {
    SitePage: {
        "title": _line(200),
        "slug": _page_slug,
        "body": lambda value: clean_html(value or ""),
        "status": _one_of(PageStatus.values),
        "place": _one_of(("", *LinkPlace.values)),
        "position": _position,
    },
    SiteLink: {
        "label": _line(80),
        "address": _address,
        "place": _one_of(LinkPlace.values),
        "position": _position,
    },
    HomePage: {
        "introduction": _introduction,
        "lead": _lead,
        "pins": _pins,
        "shows_on_this_day": bool,
        "shows_timeline": bool,
    },
}


def _cleaned(kind: type[models.Model], values: Mapping[str, Any], pk: int | None) -> Values:
    cleaned: Values = {}
    errors: dict[str, str] = {}
    for name, value in values.items():
        try:
            cleaned[name] = _FIELD_CLEANERS[kind][name](value)
        except ValueError as error:
            errors[name] = str(error)
    if "slug" in cleaned:
        others = SitePage.objects.filter(slug=cleaned["slug"]).values_list("pk", flat=True)
        if set(others) - {pk}:
            errors["slug"] = _("This address is taken.")
    if errors:
        raise InvalidChange(errors)
    return cleaned
