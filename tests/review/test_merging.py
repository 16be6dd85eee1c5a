"""Merging articles, where their addresses lead, what imports do then, and taking it back."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.choices import FindingState, OperationKind
from articles.models import Article, FieldChange, Finding, Operation
from articles.search.base import search
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange, InvalidChange, StaleVersion
from articles.writing.merging import MergeRefused, merge_articles
from articles.writing.unmerging import unmerge_article
from tests.factories import make_article, make_series
from tests.importing.listings import CHARTS, OLDEST, import_json, run, write_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ed", is_staff=True)


def leads(client: Client, path: str) -> tuple[int, str]:
    response = client.get(path)
    return response.status_code, response.headers.get("Location", "")


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def test_all_addresses_of_a_copy_lead_to_the_survivor(client: Client, editor: User) -> None:
    survivor = make_article("The harbour chain")
    copy = make_article("The harbor chain", published_on="2020-03-02")
    old = copy.get_absolute_url()
    copy = save_article(ArticleChange(article=copy, fields={"slug": "chain-again"}), actor=editor)
    key = copy.public_key.key
    operation = merge_articles(survivor.pk, copy.pk, actor=editor, reason="The same text")
    assert (operation.kind, operation.actor) == (OperationKind.MERGE, editor)
    copy = fresh(copy)
    assert (copy.status, copy.merged_into) == ("withdrawn", survivor)
    target = survivor.get_absolute_url()
    for path in (copy.get_absolute_url(), old, f"/a/{key}/", f"/a/{key.lower()}/"):
        assert leads(client, path) == (301, target), path
    assert client.get(target).status_code == 200


def test_chains_lead_there_in_one_hop(client: Client, editor: User) -> None:
    a, b, c = (make_article(f"Chain {name}") for name in "abc")
    merge_articles(b.pk, a.pk, actor=editor)
    merge_articles(c.pk, b.pk, actor=editor)
    for article in (a, b):
        assert fresh(article).merged_into == c
        assert leads(client, article.get_absolute_url()) == (301, c.get_absolute_url())
        assert leads(client, f"/a/{article.public_key.key}/") == (301, c.get_absolute_url())


def test_a_copy_that_was_never_public_says_nothing_before_its_survivor_is(
    client: Client, editor: User
) -> None:
    survivor = make_article("The harbour chain", status="draft")
    copy = make_article("The harbor chain", status="draft")
    merge_articles(survivor.pk, copy.pk, actor=editor)
    paths = (copy.get_absolute_url(), f"/a/{copy.public_key.key}/")
    for path in paths:
        assert leads(client, path)[0] == 404
    set_status([survivor.pk], "published", actor=editor)
    for path in paths:
        assert leads(client, path) == (301, fresh(survivor).get_absolute_url())
    set_status([survivor.pk], "withdrawn", actor=editor, reason="It was false")
    assert leads(client, paths[0]) == (301, survivor.get_absolute_url())
    assert client.get(survivor.get_absolute_url()).status_code == 410


def test_what_is_refused(editor: User) -> None:
    public, draft = make_article("Public"), make_article("Draft", status="draft")
    gone, scheduled = make_article("Gone"), make_article("Later", visible_from="2999-01-01T00:00Z")
    set_status([gone.pk], "withdrawn", actor=editor, reason="x")
    merged = make_article("Merged")
    merge_articles(public.pk, merged.pk, actor=editor)
    before = Operation.objects.count()
    for survivor, copy in (
        (draft, public), (scheduled, public), (gone, draft), (public, public), (merged, draft),
        (draft, merged),
    ):  # fmt: skip
        with pytest.raises(MergeRefused):
            merge_articles(survivor.pk, copy.pk, actor=editor)
    with pytest.raises(StaleVersion):
        merge_articles(public.pk, 10**9, actor=editor)
    with pytest.raises(StaleVersion):
        merge_articles(public.pk, draft.pk, actor=editor, versions={draft.pk: draft.version + 1})
    with pytest.raises(MergeRefused):
        unmerge_article(public.pk, actor=editor)
    assert Operation.objects.count() == before


def lists(article: Article) -> dict[str, Any]:
    return {
        "tags": sorted(article.tagged_articles.values_list("tag__name", flat=True)),
        "parts": sorted(article.parts.values_list("series__title", "part_number")),
        "credits": list(article.contributions.values_list("author__name", flat=True)),
    }


def test_the_survivor_takes_over_what_it_lacks_and_gives_it_back(editor: User) -> None:
    serial, column = make_series("Serial"), make_series("Column", kind="column")
    survivor = make_article("One", authors=["A One"], tags=["Bell"], series=[column])
    copy = make_article("Two", authors=["B Two"], tags=["Fog", "Bell"], series=[(serial, 2)])
    before = lists(survivor), lists(copy)
    merge_articles(survivor.pk, copy.pk, actor=editor)
    assert lists(survivor) == {
        "tags": ["Bell", "Fog"], "parts": [("Column", None), ("Serial", 2)], "credits": ["A One"],
    }  # fmt: skip
    merged = Operation.objects.latest("id")
    subjects = set(merged.changes.values_list("subject_type", "subject_id"))
    assert subjects == {("article", survivor.pk), ("article", copy.pk)}
    # What an editor does meanwhile stays.
    from articles.writing import names

    own = names.resolve_tags(["Own"], operation=None)[0].pk
    ids = [*survivor.tagged_articles.values_list("tag", flat=True), own]
    save_article(ArticleChange(article=survivor, tags=ids), actor=editor)
    undone = unmerge_article(copy.pk, actor=editor)
    assert (undone.kind, undone.parent) == (OperationKind.RESTORE, merged)
    assert lists(survivor) == {**before[0], "tags": ["Bell", "Own"]}
    assert lists(copy) == before[1]
    copy = fresh(copy)
    assert (copy.status, copy.merged_into, copy.is_public) == ("published", None, True)


def test_credits_are_taken_over_only_if_asked_for(editor: User) -> None:
    survivor, copy = make_article("One", authors=["A One"]), make_article("Two", authors=["B Two"])
    merge_articles(survivor.pk, copy.pk, actor=editor, credits=True, tags=False, parts=False)
    assert lists(survivor)["credits"] == ["A One", "B Two"]
    unmerge_article(copy.pk, actor=editor)
    assert lists(survivor)["credits"] == ["A One"]


def test_taking_back_restores_chains_drafts_and_addresses(client: Client, editor: User) -> None:
    a, b, c = (make_article(f"Chain {name}") for name in "abc")
    merge_articles(b.pk, a.pk, actor=editor)
    merge_articles(c.pk, b.pk, actor=editor)
    unmerge_article(b.pk, actor=editor)
    assert (fresh(a).merged_into, fresh(b).merged_into) == (b, None)
    assert leads(client, a.get_absolute_url()) == (301, b.get_absolute_url())
    assert client.get(b.get_absolute_url()).status_code == 200
    assert client.get(f"/a/{b.public_key.key}/").status_code == 302
    draft = make_article("Draft", status="draft")
    merge_articles(c.pk, draft.pk, actor=editor)
    unmerge_article(draft.pk, actor=editor)
    assert fresh(draft).status == "draft"


def test_a_part_number_that_is_taken_meanwhile_is_not_taken_back(editor: User) -> None:
    serial = make_series("Serial")
    survivor = make_article("One")
    copy = make_article("Two", series=[(serial, 2)])
    merge_articles(survivor.pk, copy.pk, actor=editor, parts=False)
    make_article("Three", series=[(serial, 2)])
    unmerge_article(copy.pk, actor=editor)
    assert copy.parts.get().part_number is None


def test_readers_never_find_a_copy(client: Client, editor: User) -> None:
    survivor, copy = make_article("The zebra lamp", tags=["Fog"]), make_article("The zebra bell")
    merge_articles(survivor.pk, copy.pk, actor=editor)
    assert search(Article.objects.all(), "zebra").count() == 1
    for path in ("/", "/articles/", "/feed.atom", "/articles/2020/03/"):
        page = client.get(path).content.decode()
        assert "The zebra lamp" in page, path
        assert "The zebra bell" not in page, path


def test_a_merged_copy_is_not_published_again(editor: User) -> None:
    survivor, copy = make_article("One"), make_article("Two")
    merge_articles(survivor.pk, copy.pk, actor=editor)
    with pytest.raises(InvalidChange, match="merged"):
        set_status([copy.pk], "published", actor=editor)


def test_findings_about_the_copy_are_closed(editor: User) -> None:
    survivor = make_article("The harbour chain is raised")
    copy = save_article(
        ArticleChange(
            fields={"headline": "The harbour chain is raised!", "published_on": "2020-03-01",
                    "standfirst": "It is the the chain."},
        ),
        actor=editor,
    )  # fmt: skip
    assert sorted(Finding.objects.values_list("code", flat=True)) == [
        "doubled-word", "similar-headline",
    ]  # fmt: skip
    merge_articles(survivor.pk, copy.pk, actor=editor)
    assert not Finding.objects.filter(state=FindingState.OPEN).exists()
    assert FieldChange.objects.filter(
        operation=Operation.objects.latest("id"), subject_type="finding"
    ).count() == 2  # fmt: skip


# Imports


def test_a_re_import_leads_on_to_a_survivor_of_elsewhere(tmp_path: Path, editor: User) -> None:
    survivor = make_article("Charts that lie, by another hand", published_on="2021-05-02")
    path = write_listing(tmp_path, CHARTS, OLDEST)
    run("import_listing", path, "--yes")
    copy = Article.objects.get(headline="Charts that lie")
    merge_articles(survivor.pk, copy.pk, actor=editor)
    assert import_json(path)["totals"]["unchanged"] == 2
    new = (*CHARTS[:2], "Three charts of the same bay agree at last.")
    report = import_json(write_listing(tmp_path, new, OLDEST))
    assert report["totals"]["create"] == 0
    assert fresh(copy).standfirst == CHARTS[2]
    assert Article.objects.count() == 3
    entries = copy.source_entries
    assert entries.count() == 2, "new entries go on pointing to the copy"
    unmerge_article(copy.pk, actor=editor)
    assert import_json(tmp_path / "tides.txt")["totals"]["create"] == 0


def test_a_re_import_of_both_entries_makes_no_third_article(tmp_path: Path, editor: User) -> None:
    twice = ("Charts that lie, once more", "By Mira Oldcastle, 3 May 2021", "The same three.")
    path = write_listing(tmp_path, twice, CHARTS, OLDEST)
    run("import_listing", path, "--yes")
    survivor = Article.objects.get(headline="Charts that lie")
    copy = Article.objects.get(headline=twice[0])
    merge_articles(survivor.pk, copy.pk, actor=editor)
    assert import_json(path)["totals"]["create"] == 0
    reworded = (*twice[:2], "The same three, reworded.")
    new = write_listing(tmp_path, reworded, CHARTS, OLDEST, name="tides.txt")
    report = import_json(new)
    assert (report["totals"]["create"], report["totals"]["update"]) == (0, 0)
    assert fresh(survivor).standfirst == CHARTS[2]
    unmerge_article(copy.pk, actor=editor)
    assert import_json(new)["totals"]["create"] == 0
    assert Article.objects.count() == 3
