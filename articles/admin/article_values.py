"""What the form of an article holds, as values of the ledger, and the way back."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from articles.admin import three_way
from articles.admin.rows import CreditsFormSet, PartsFormSet
from articles.models import Article
from articles.writing.changes import ArticleChange, clean_fields
from articles.writing.state import Values, lists_of, moment_text

#: What the rows of a list are called in the form, and what the ledger calls what they hold.
_PREFIXES = {"credits": "contributions", "parts": "parts"}
#: A choice beside rows that both changed, see `take_rows`.
TAKE = "take-"


def typed(change: ArticleChange, form: Any, formsets: Iterable[Any]) -> Values:
    """Return what differs from the stored row in a valid form, as the ledger would record it.

    *change* is what the form asked for. Raises `InvalidChange` as the writer would.
    """
    values: Values = clean_fields(change.fields)
    if "visible_from" in values:
        values["visible_from"] = moment_text(values["visible_from"])
    if change.tags is not None:
        tags = form.cleaned_data["tags"]
        values["tags"] = sorted(
            ({"tag": tag.pk, "name": tag.name} for tag in tags), key=lambda item: item["tag"]
        )
    for formset in formsets:
        if isinstance(formset, CreditsFormSet):
            names = {row["author"].pk: row["author"].name for row in formset.rows()}
            values["credits"] = [
                {"author": one.author, "name": names[one.author], "role": one.role}
                for one in formset.credits()
            ]
        elif isinstance(formset, PartsFormSet):
            titles = {row["series"].pk: row["series"].title for row in formset.rows()}
            values["parts"] = [
                {
                    "series": one.series,
                    "title": titles[one.series],
                    "part_number": one.part_number,
                }
                for one in formset.places()
            ]
    return values


def posted(name: str, value: Any) -> dict[str, list[str]]:
    """Return what a browser would send of a field that has this *value*."""
    if name == "visible_from":
        moment = parse_datetime(value) if value else None
        local = localtime(moment) if moment else None
        return {
            "visible_from_0": [f"{local:%Y-%m-%d}" if local else ""],
            "visible_from_1": [f"{local:%H:%M:%S}" if local else ""],
        }
    if name == "tags":
        return {name: [str(item["tag"]) for item in value or []]}
    if name in _PREFIXES:
        return _rows(name, value or [])
    return {name: ["" if value is None else str(value)]}


def _rows(name: str, items: list[dict[str, Any]]) -> dict[str, list[str]]:
    prefix = _PREFIXES[name]
    sent = {f"{prefix}-TOTAL_FORMS": [str(len(items))], f"{prefix}-INITIAL_FORMS": ["0"]}
    for place, item in enumerate(items):
        row = {"series": item.get("series"), "part_number": item.get("part_number")}
        if name == "credits":
            row = {"author": item["author"], "role": item["role"], "position": place + 1}
        for key, value in row.items():
            sent[f"{prefix}-{place}-{key}"] = ["" if value is None else str(value)]
    return sent


def take_rows(request: HttpRequest, article: Article | None) -> None:
    """Put the stored rows in place of those that were sent, where the editor chose so."""
    chosen = [name for name in _PREFIXES if request.POST.get(TAKE + name) == three_way.THEIRS]
    if article is None or not chosen:
        return
    stored = lists_of([article.pk])[article.pk]
    values: dict[str, list[str]] = {}
    for name in chosen:
        values |= posted(name, stored[name])
    three_way.send(request, values)
