"""Findings and links of source entries when an import is taken back."""

from articles.choices import FindingState
from articles.importing.undo_facts import Later, Written, existing
from articles.importing.undo_plan import BROUGHT_BACK, REMOVED, WITHDRAWN, UndoPlan
from articles.models import Article, Finding, ImportRun
from articles.writing.index import batches
from articles.writing.state import Values

#: What of a finding an undo takes when an article goes.
_ARTICLES = ("article", "other_article")


def closing(plan: UndoPlan, run: ImportRun, created: set[int]) -> dict[int, Values]:
    """Return the open findings that lose their object: those of *run*, but not of articles that it
    created and that stay, and those of articles that go."""
    gone = set(plan.ids(REMOVED))
    stay = created - gone - set(plan.ids(WITHDRAWN))
    still_open = Finding.objects.filter(state=FindingState.OPEN)
    found = {
        pk
        for pk, article in still_open.filter(import_run=run).values_list("pk", "article_id")
        if article not in stay
    }
    for chunk in batches(sorted(gone)):
        for name in _ARTICLES:
            found |= set(still_open.filter(**{f"{name}__in": chunk}).values_list("pk", flat=True))
    return {pk: {"state": FindingState.RESOLVED.value} for pk in sorted(found)}


def reopening(plan: UndoPlan, later: Later, written: Written) -> dict[int, Values]:
    """Return the findings that get back what the undo took from them, with those values.

    One that an editor settled since stays settled; one that another import asked anew stays closed.
    """
    taken_of = {pk: fields for (subject, pk), fields in written.items() if subject == "finding"}
    articles = {
        fields[name][0] for fields in taken_of.values() for name in _ARTICLES if name in fields
    }
    there = existing(Article, articles) | set(plan.ids(BROUGHT_BACK))
    found: dict[int, Values] = {}
    for chunk in batches(sorted(taken_of)):
        settled = later.acts("finding", chunk)
        prints = [taken_of[pk]["fingerprint"][0] for pk in chunk if "fingerprint" in taken_of[pk]]
        rows = Finding.objects.filter(fingerprint__in=prints)
        asked_again = set(rows.values_list("fingerprint", flat=True))
        for pk in Finding.objects.filter(pk__in=chunk).values_list("pk", flat=True):
            values: Values = {
                name: was
                for name, (was, _) in taken_of[pk].items()
                if name in _ARTICLES and was in there
            }
            old_print = taken_of[pk].get("fingerprint", (None, None))[0]
            if old_print and old_print not in asked_again and not settled.get(pk):
                values |= {"state": FindingState.OPEN.value, "fingerprint": old_print}
            if values:
                found[pk] = values
    return found


def links(plan: UndoPlan, written: Written) -> dict[int, int]:
    """Return the source entries that lead to an article again: entry id to article id."""
    wanted = {
        pk: fields["article"][0]
        for (subject, pk), fields in written.items()
        if subject == "entry" and "article" in fields
    }
    there = existing(Article, wanted.values()) | set(plan.ids(BROUGHT_BACK))
    return {pk: article for pk, article in wanted.items() if article in there}
