"""A reader's list: its picks are its address, so it needs no account and no cookie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from archive_site.pages import page
from articles.citing import styles
from articles.citing.reference import Reference
from articles.filters import BadQuery
from articles.folding import fold
from articles.models import Article
from articles.picks import MOST, picks_text, read_picks
from articles.references import for_citing, references_of
from articles.rows import direction, machine_date, shown_date
from articles.views.carried import list_url
from articles.views.citing import citation_file
from articles.views.moved import survivor_of


@dataclass(frozen=True, slots=True)
class Pick:
    """One line of a list; without an article, what its key once led to."""

    key: str
    article: Article | None
    date: str
    machine_date: str
    #: The list without it, the list with it one place earlier; ``""`` if it is the first.
    without_url: str
    earlier_url: str
    was_withdrawn: bool = False

    @property
    def direction(self) -> str:
        """The direction of its text."""
        return "" if self.article is None else direction(self.article.language)


def reading_list(request: HttpRequest) -> HttpResponse:
    """The list that the address names; 302 to its one spelling, and to the articles that merged
    ones were merged into."""
    given = request.GET.get("keys", "")
    keys = _keys(given)
    more, others = read_picks(request.GET.get("add", "")[:5000])
    wanted = list(dict.fromkeys([*keys, *more]))
    _check(wanted)
    if (more and not others) or given != picks_text(keys):
        return HttpResponseRedirect(list_url(wanted))
    found, gone = _read(wanted)
    present = _with_survivors(wanted, gone)
    if present != wanted:
        return HttpResponseRedirect(list_url(present))
    references = references_of(
        (found[key] for key in wanted if key in found), request.build_absolute_uri
    )
    context: dict[str, Any] = {
        "picks": [_pick(key, wanted, found.get(key), gone.get(key)) for key in wanted],
        "keys": picks_text(wanted),
        "others": others,
        "most": MOST,
        "list_address": request.build_absolute_uri(list_url(wanted)),
        "citations": [
            (_("Chicago"), _sorted([styles.chicago(item) for item in references])),
            (_("MLA"), _sorted([styles.mla(item) for item in references])),
        ]
        if references
        else [],
    }
    return page(request, "articles/reading_list.html", context)


def list_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The citations of a list as one file, in its order."""
    keys = _keys(request.GET.get("keys", ""))
    _check(keys)
    found, gone = _read(keys)
    present = _with_survivors(keys, gone)
    if present != keys:
        address = reverse(f"reading-list-{kind}")
        return HttpResponseRedirect(f"{address}?keys={picks_text(present)}")
    references: list[Reference] = references_of(
        (found[key] for key in keys if key in found), request.build_absolute_uri
    )
    if not references:
        raise Http404
    return citation_file(request, references, kind, "reading-list")


def _keys(text: str) -> list[str]:
    keys, others = read_picks(text[:5000])
    if others:
        raise BadQuery(_("“%s” is not the permanent key of an article.") % others[0][:40])
    return keys


def _check(keys: Sequence[str]) -> None:
    if len(keys) > MOST:
        raise BadQuery(_("A reading list holds at most %d articles.") % MOST)


def _read(keys: Sequence[str]) -> tuple[dict[str, Article], dict[str, Article]]:
    """Return the public articles by key, and those that are gone. Up to four queries."""
    named = Article.objects.filter(public_key__key__in=keys).defer("body")
    found = {_key_of(article): article for article in for_citing(named.published())}
    if len(found) == len(keys):
        return found, {}
    missing = Article.objects.filter(public_key__key__in=set(keys) - set(found)).defer("body")
    return found, {_key_of(item): item for item in missing.gone().select_related("public_key")}


def _key_of(article: Article) -> str:
    return str(article.public_key.pk)


def _with_survivors(keys: Sequence[str], gone: dict[str, Article]) -> list[str]:
    """Return *keys* with those of merged articles replaced by what they were merged into."""
    present: dict[str, None] = {}
    for key in keys:
        survivor = survivor_of(gone[key]) if key in gone else None
        kept = getattr(survivor, "public_key", None)
        present[key if kept is None else kept.key] = None
    return list(present)


def _pick(key: str, keys: list[str], article: Article | None, gone: Article | None) -> Pick:
    place = keys.index(key)
    without = [other for other in keys if other != key]
    earlier = [*without[: max(place - 1, 0)], key, *without[max(place - 1, 0) :]]
    date = machine = ""
    shown = article or (gone if gone is not None and gone.was_public else None)
    if shown is not None and shown.published_on is not None:
        date = shown_date(shown.published_on, shown.date_precision)
        machine = machine_date(shown.published_on, shown.date_precision)
    return Pick(
        key=key,
        article=article,
        date=date,
        machine_date=machine,
        without_url=list_url(without),
        earlier_url=list_url(earlier) if place else "",
        was_withdrawn=article is None and shown is not None,
    )


def _sorted(citations: list[styles.Citation]) -> list[styles.Citation]:
    """A bibliography goes from A to Z."""
    return sorted(citations, key=lambda citation: fold(str(citation).lstrip("“‘")))
