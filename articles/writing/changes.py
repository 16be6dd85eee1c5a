"""What a writer is asked to do to one article, cleaned and checked before anything is written."""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from articles import clock
from articles.choices import Status
from articles.cleaning import clean_block, clean_html, clean_line, clean_url, is_blank
from articles.models import Article, SourceEntry
from articles.partial_dates import parse_partial
from articles.writing.state import BLOCK_FIELDS, COLUMNS, LINE_FIELDS

_STATUSES = frozenset(Status.values)
#: BCP 47 (RFC 5646) as far as an archive needs it: subtags of letters and digits.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class StaleVersion(Exception):
    """The article was saved by someone else since it was read."""


class InvalidChange(ValueError):
    """A change that may not be written; ``errors`` has a message for each field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in errors.items()))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Credit:
    """One contribution: an author by id, in a role (a MARC relator code)."""

    author: int
    role: str = "aut"


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a series, by id, with the number of the part or None."""

    series: int
    part_number: int | None = None


@dataclass(slots=True)
class ArticleChange:
    """New values for one article, or for a new one (``article`` None).

    ``fields`` holds only what is to change, by the names of `articles.writing.state.COLUMNS`;
    dates and moments are text there (``published_on`` as YYYY[-MM[-DD]]). A list that is None
    stays as it is. ``key`` is the permanent key that a new article shall have. With
    ``from_source`` the first values of a new article stand in a source entry, so the ledger does
    not repeat them.
    """

    article: Article | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    credits: list[Credit] | None = None
    tags: list[int] | None = None
    parts: list[Place] | None = None
    expected_version: int | None = None
    source_entry: SourceEntry | None = None
    key: str | None = None
    from_source: bool = False


def clean_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Return *fields* cleaned: the one door for every value of an article.

    Raises `InvalidChange` for an unknown field, a date that is none, a status that does not
    exist, a link that is not http(s), and text longer than its column.
    """
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in fields.items():
        if name not in COLUMNS:
            raise TypeError(f"{name} is not a field of an article")
        try:
            cleaned[name] = _clean(name, value)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise InvalidChange(errors)
    return cleaned


def _clean(name: str, value: Any) -> Any:
    if name in LINE_FIELDS:
        line = clean_line(value or "")
        if len(line) > LINE_FIELDS[name]:
            raise ValueError(
                _("has %(length)d characters; at most %(limit)d fit")
                % {"length": len(line), "limit": LINE_FIELDS[name]}
            )
        if name == "language" and line and not _LANGUAGE.fullmatch(line):
            raise ValueError(_("“%s” is not a language code such as en or pt-BR.") % line)
        return line
    if name in BLOCK_FIELDS:
        return clean_block(value or "")
    return _CLEANERS[name](value)


def slug_error(slug: str) -> str:
    """Return why *slug* cannot be a segment of an address, or ``""``."""
    if re.search(r"[/?#%\s\\]", slug):
        return _("A slug has no spaces and none of / ? # % \\.")
    if slug in {".", ".."}:
        return _("“.” and “..” are no slugs: browsers take them for folders.")
    return ""


def _clean_link(value: str | None) -> str:
    link = clean_url(value or "")
    if value and value.strip() and not link:
        raise ValueError(_("is not an http or https address"))
    return link


def _clean_date(value: str | None) -> str | None:
    if value:
        parse_partial(value)
    return value or None


def _clean_status(value: str) -> str:
    if value not in _STATUSES:
        raise ValueError(_("is not a status"))
    return value


def _clean_moment(value: str | datetime.datetime | None) -> datetime.datetime | None:
    if not value:
        return None
    moment = parse_datetime(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime.datetime) or moment.tzinfo is None:
        raise ValueError(_("The moment needs its time zone."))
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError:
        raise ValueError(_("The moment lies outside the years 1 to 9999.")) from None


_CLEANERS: dict[str, Any] = {
    "body": lambda value: clean_html(value or ""),
    "source_url": _clean_link,
    "slug": lambda value: clean_line(value or "").lower().replace(" ", "-")[:120],
    "published_on": _clean_date,
    "status": _clean_status,
    "visible_from": _clean_moment,
    "translation_of": lambda value: value,
    "owner": lambda value: value,
}


def _is_hidden_again(article: Article) -> bool:
    return (
        article.was_public
        and article.status == Status.PUBLISHED
        and article.visible_from is not None
        and article.visible_from > clock.now()
    )


def apply_columns(article: Article, fields: dict[str, Any]) -> None:
    """Set cleaned *fields* on *article*, and what follows from a date or a status.

    Raises `InvalidChange` if the article would be public without a date or a headline, or if one
    that was public would be hidden otherwise than by withdrawal: its address must not end.
    """
    before = article.status
    if article.redacted is not None and fields:
        raise InvalidChange({"headline": _("Its text was removed on legal grounds, for good.")})
    for name, value in fields.items():
        if name == "published_on":
            if value is None:
                article.published_on, article.sort_key = None, None
            else:
                article.published_on, article.date_precision = parse_partial(value)
        elif name in {"translation_of", "owner"}:
            setattr(article, f"{name}_id", value)
        else:
            setattr(article, name, value)
    errors = {}
    if not article.headline:
        errors["headline"] = _("An article needs a headline.")
    if article.status == Status.PUBLISHED and article.published_on is None:
        errors["published_on"] = _("A published article needs a date of publication.")
    if article.was_public and article.status in (Status.DRAFT, Status.IN_REVIEW):
        errors["status"] = _("An article that was public is withdrawn, not made a draft again.")
    is_withdrawn = article.status == Status.WITHDRAWN and before != Status.WITHDRAWN
    if article.pk is not None and is_withdrawn and is_blank(article.withdrawn_reason):
        errors["withdrawn_reason"] = _("Say why it is withdrawn; readers see this.")
    if _is_hidden_again(article):
        errors["visible_from"] = _("An article that was public cannot be scheduled anew.")
    if article.published_on is None and article.was_public:
        errors["published_on"] = _("The date of an article that was public cannot be removed.")
    if error := slug_error(article.slug):
        errors["slug"] = error
    if errors:
        raise InvalidChange(errors)
    now = clock.now()
    if article.status == Status.PUBLISHED and article.visible_from is None:
        article.visible_from = now
    if article.status == Status.WITHDRAWN and before != Status.WITHDRAWN:
        article.withdrawn_at = now
        if article.pk is None and article.visible_from and article.visible_from <= now:
            # Brought here from where readers could see it: its address is a tombstone.
            article.first_public_at = article.visible_from
    if article.status != Status.WITHDRAWN:
        article.withdrawn_at = None
