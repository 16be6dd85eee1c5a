"""A new author, tag or series made where it is missing: in the form of an article.

Before anything is made, those that may be the same in another spelling are shown, to be taken
instead: by the likeness that imports propose merges by, and by every alias. Only rows of one kind
are alike (a person is no organisation), but a spelling that leads to a row is shown whatever it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin import rights
from articles.admin.rights import user_of
from articles.admin.widgets import only_ids
from articles.choices import SeriesKind, TagKind
from articles.cleaning import clean_line
from articles.folding import casefold_key
from articles.importing.archive_pairs import COMPARED, alike, compare
from articles.importing.near_names import are_near
from articles.importing.near_tags import is_near
from articles.importing.series import near_titles
from articles.models import Contribution, Part, Series, Tag, TaggedArticle
from articles.writing import index, names
from articles.writing.changes import InvalidChange
from authors.models import Author, AuthorKind
from authors.names import sort_name

if TYPE_CHECKING:
    from articles.admin.articles import ArticleAdmin

#: So many that are alike are shown.
SHOWN = 8
#: The longest name that is taken; each kind has its own limit, which the writer knows.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be made: its model, the right to add one, its kinds, and what links articles to
    it."""

    model: type[Any]
    permission: str
    choices: Any
    links: Any
    column: str


KINDS = {
    "author": Kind(Author, "authors.add_author", AuthorKind, Contribution, "author"),
    "tag": Kind(Tag, "articles.add_tag", TagKind, TaggedArticle, "tag"),
    "series": Kind(Series, "articles.add_series", SeriesKind, Part, "series"),
}


def urls(admin_: "ArticleAdmin") -> list[URLPattern]:
    """Return the one address."""
    wrap = admin_.admin_site.admin_view
    return [path("new/<slug:kind>/", wrap(view), name="articles_new_name")]


def view(request: HttpRequest, kind: str) -> HttpResponse:
    """Say which rows are alike to ``name`` (GET), or make it (POST), in JSON.

    A POST names in ``seen`` the rows that the person was shown. If there are others by now, nothing
    is made, and they are shown.
    """
    if kind not in KINDS:
        raise Http404
    one, user = KINDS[kind], user_of(request)
    if not (rights.may_change(user) and user.has_perm(one.permission)):
        raise PermissionDenied
    if request.method not in {"GET", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    given = request.GET if request.method == "GET" else request.POST
    name = clean_line(given.get("name", ""), LONGEST)
    if not name:
        return JsonResponse({"error": _("may not be empty")}, status=400)
    if request.method == "GET":
        return JsonResponse(_offer(one, name, guess(kind, name)))
    chosen = given.get("kind", "")
    if chosen not in one.choices.values:
        return JsonResponse({"error": _("This kind does not exist.")}, status=400)
    seen = set(map(int, only_ids(given.get("seen", "").split(",")[: 2 * SHOWN])))
    with transaction.atomic():
        # One after the other: two who type the same name at once do not make it twice.
        index.lock_content_version()
        offer = _offer(one, name, chosen)
        if offer["is_taken"] or {row["id"] for row in offer["near"]} - seen:
            return JsonResponse(offer)
        try:
            made = names.save_named(_instance(one.model, name, chosen), actor=user)
            compare(made)
        except InvalidChange as error:
            return JsonResponse({"error": " ".join(error.errors.values())}, status=400)
    return JsonResponse({"id": made.pk, "text": str(made)})


def guess(kind: str, name: str) -> str:
    """Return the kind that a new name most likely is of: the parser tells bodies from persons."""
    if kind == "author":
        # Not imported with the site: see `importing.reading`.
        from articles.listing.bylines import parse_byline

        credits = parse_byline(name)
        return credits[0].kind if len(credits) == 1 else AuthorKind.PERSON.value
    return TagKind.TOPIC.value if kind == "tag" else SeriesKind.SERIAL.value


def _instance(model: type[Any], name: str, kind: str) -> Any:
    if model is Author:
        filed = sort_name(name, kind)[: names.SORT_NAME_LENGTH]
        return Author(name=name, kind=kind, sort_name=filed)
    return model(**{names.TITLE[model]: name, "kind": kind})


def _offer(one: Kind, name: str, kind: str) -> dict[str, Any]:
    """Return what is shown before a name is made."""
    ids = near(one.model, name, kind)
    rows = one.model._default_manager.in_bulk(ids)
    counted = one.links._default_manager.filter(**{f"{one.column}__in": ids}).order_by()
    totals = dict(counted.values_list(one.column).annotate(Count("pk")))
    return {
        "name": name,
        "kind": kind,
        "kinds": [{"value": value, "label": str(text)} for value, text in one.choices.choices],
        "is_taken": one.model is Tag and Tag.objects.filter(key=casefold_key(name)[:150]).exists(),
        "near": [
            {"id": pk, "text": str(rows[pk]), "note": _note(rows[pk], totals.get(pk, 0))}
            for pk in ids
            if pk in rows
        ],
    }


def _note(row: Any, total: int) -> str:
    return f"{row.get_kind_display()} · " + ngettext("%d article", "%d articles", total) % total


def near(model: type[Any], name: str, kind: str) -> list[int]:
    """Return the ids of rows that a spelling *name* leads to, then of those that may be the same
    thing spelled otherwise; at most `SHOWN`. Three queries."""
    found = list(names.find_spelled(model, [name])[name])
    key = names.alias_key(model, name)
    aliases, link = names.ALIASES[model]
    rows = aliases._default_manager.filter(alike(model, key)).order_by(f"-{link}_id")
    spelled = list(rows.values_list("key", "name", f"{link}_id", f"{link}__kind")[:COMPARED])
    found += _like(model, name, key, kind, spelled)
    return list(dict.fromkeys(found))[:SHOWN]


def _like(
    model: type[Any], name: str, key: str, kind: str, spelled: Sequence[tuple[str, str, int, str]]
) -> Iterable[int]:
    if model is Author:
        same = [(other, pk) for other, _name, pk, its in spelled if its == kind]
        return [pk for other, pk in same if are_near(key, other, kind)]
    if model is Tag:
        return [pk for _key, other, pk, _its in spelled if is_near(name, other)]
    owners = {other: pk for other, _name, pk, _its in reversed(spelled)}
    return [owners[other] for other in near_titles(key, list(owners))]
