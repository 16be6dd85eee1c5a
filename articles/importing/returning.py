"""An article that an undo withdrew, and that a listing brings again: it comes back. Pure."""

from articles.importing.records import UNCHANGED, UPDATE, PlannedEntry, Values


def base_of(planned: PlannedEntry) -> Values:
    """Return what counts as imported last: all that the entry speaks of, as the article has it.

    Nobody edited it since the undo, so that whatever the entry says now stands.
    """
    assert planned.article is not None  # noqa: S101  it is the one that comes back
    return {name: planned.article.values.get(name) for name in planned.values}


def bring_back(planned: PlannedEntry, status: str) -> None:
    """Publish the article of *planned* again, if *status* is what the import publishes with.

    As a draft it cannot come back, since readers saw it: it stays withdrawn, and a remark says so.
    """
    assert planned.article is not None  # noqa: S101  it is the one that comes back
    if status != "published":
        planned.remark(
            "stays-withdrawn",
            "Undoing an import withdrew this article. It comes back when it is imported as"
            " published, or when an editor publishes it.",
        )
        return
    planned.status = status
    planned.fields["status"] = (planned.article.status, status)
    planned.fields["withdrawn_reason"] = (planned.article.values.get("withdrawn_reason"), None)
    if planned.change == UNCHANGED:
        planned.change = UPDATE
