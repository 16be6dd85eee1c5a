"""Merging authors, series and tags, and taking it back."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from articles.choices import OperationKind
from articles.importing.fixtures.format import Values
from articles.models import (
    Article,
    Contribution,
    FacetTotal,
    Operation,
    Part,
    PastAddress,
    Series,
    Tag,
    TaggedArticle,
)
from articles.search.base import search
from articles.writing import checking, merge_preview, operations
from articles.writing.articles import delete_articles, save_article, write_articles
from articles.writing.changes import ArticleChange, Credit, Place, StaleVersion
from articles.writing.merge_preview import MergeRefused, preview_merge
from articles.writing.name_merging import merge_named, merged_into
from articles.writing.name_unmerging import (
    is_merge_of_names,
    is_taken_back,
    merges_into,
    preview_unmerge,
    unmerge,
)
from articles.writing.names import aliases_of, find_spelled, save_named
from articles.writing.state import lists_of
from authors.models import Author
from tests.factories import make_article, make_articles, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db

#: For each kind: how to make one, the argument of `make_article`, address and facet prefix.
KINDS: dict[str, tuple[Callable[..., Any], str, str, str]] = {
    "author": (make_author, "authors", "authors", "a"),
    "series": (make_series, "series", "series", "s"),
    "tag": (make_tag, "tags", "tags", "t"),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def on(kind: str, *rows: Any, **fields: Any) -> Article:
    """Return a published article on which *rows* stand."""
    return make_article(**{KINDS[kind][1]: list(rows)}, **fields)


def everything() -> Values:
    """Return what a merge that is taken back must leave as it was."""
    ids = list(Article.objects.values_list("pk", flat=True))
    rows = {
        model.__name__: list(model._default_manager.order_by("pk").values())  # type: ignore[attr-defined]
        for model in (Author, Series, Tag)
    }
    for found in rows.values():
        for row in found:
            row.pop("version")
            row.pop("updated", None)
    return {
        **rows,
        "aliases": {
            (type(row).__name__, row.pk): (aliases_of(row), sorted(row.aliases.values_list("key")))
            for model in (Author, Series, Tag)
            for row in model._default_manager.all()  # type: ignore[attr-defined]
        },
        "addresses": sorted(
            PastAddress.objects.values_list("path", "author", "series", "tag"), key=str
        ),
        "lists": lists_of(ids),
        "credits": sorted(Article.objects.values_list("pk", "credit")),
        "totals": sorted(FacetTotal.objects.values_list("term", "count")),
    }


@every_kind
def test_everything_of_the_copy_leads_to_the_survivor(kind: str, client: Client) -> None:
    make, _argument, path, prefix = KINDS[kind]
    survivor, copy = make("Anna Brandt"), make("A. Brand", aliases=["Brand, A."])
    copy.slug = "brand-older"
    save_named(copy, actor=None)
    articles = [on(kind, copy) for _ in range(3)] + [on(kind, survivor)]
    operation = merge_named(survivor, [copy], actor=None, reason="One and the same")
    survivor.refresh_from_db()
    assert operation.kind == OperationKind.MERGE
    assert not type(copy)._default_manager.filter(pk=copy.pk).exists()
    assert aliases_of(survivor) == ["A. Brand", "Brand, A."]
    for spelling in ("a. brand", "Brand, A.", "Anna Brandt"):
        assert find_spelled(type(survivor), [spelling]) == {spelling: [survivor.pk]}
    for old in ("a-brand", "brand-older"):
        response = client.get(f"/{path}/{old}/")
        assert (response.status_code, response["Location"]) == (301, f"/{path}/anna-brandt/")
    assert client.get(f"/{path}/anna-brandt/").content.count(b'class="entry"') == 4
    totals = FacetTotal.objects.filter(term__startswith=prefix).exclude(term="all")
    assert dict(totals.values_list("term", "count")) == {f"{prefix}{survivor.pk}": 4}
    assert search(Article.objects.published(), "anna brandt").count() == 4
    if kind == "author":
        assert set(Article.objects.values_list("credit", flat=True)) == {"Anna Brandt"}
    versions = Article.objects.filter(pk__in=[a.pk for a in articles[:3]])
    assert set(versions.values_list("version", flat=True)) == {2}
    assert not list(checking.check())


@every_kind
def test_taking_it_back_brings_the_same_row_back(kind: str, client: Client) -> None:
    make, _argument, path, _prefix = KINDS[kind]
    survivor, copy, third = make("Anna Brandt"), make("A. Brand", aliases=["x"]), make("B. Brand")
    copy.slug = "brand-older"
    save_named(copy, actor=None)
    on(kind, copy)
    on(kind, third)
    on(kind, third, survivor)
    on(kind, survivor)
    before = everything()
    operation = merge_named(survivor, [copy, third], actor=None)
    assert everything() != before
    assert merges_into(survivor) == [operation]
    assert is_merge_of_names(operation)
    shown = preview_unmerge(operation)
    assert (sorted(shown.names), shown.article_count) == (["A. Brand", "B. Brand"], 3)
    assert not type(copy)._default_manager.filter(pk=copy.pk).exists()
    result = unmerge(operation, actor=None)
    assert everything() == before
    assert (result.kept, result.article_count) == ([], 3)
    undo = Operation.objects.get(kind=OperationKind.UNDO)
    assert undo.parent == operation
    assert is_taken_back(operation)
    assert merges_into(survivor) == []
    assert client.get(f"/{path}/brand-older/").status_code == 200
    assert client.get(f"/{path}/a-brand/").status_code == 301
    assert find_spelled(type(copy), ["x"]) == {"x": [copy.pk]}
    assert not list(checking.check())
    with pytest.raises(MergeRefused):
        unmerge(operation, actor=None)


@every_kind
def test_the_ledger_has_the_lists_of_the_articles_and_what_the_copy_was(kind: str) -> None:
    make = KINDS[kind][0]
    survivor, copy = make("Anna"), make("Anne", aliases=["Annie"])
    article = on(kind, copy)
    operation = merge_named(survivor, [copy], actor=None)
    listed = {"author": "credits", "series": "parts", "tag": "tags"}[kind]
    change = operation.changes.get(subject_type="article", subject_id=article.pk)
    assert change.field == listed
    assert (change.old[0][kind], change.new[0][kind]) == (copy.pk, survivor.pk)  # type: ignore[index]
    gone = dict(
        operation.changes.filter(subject_type=kind, subject_id=copy.pk).values_list("field", "old")
    )
    assert gone["slug"] == "anne"
    assert gone["aliases"] == ["Annie"]
    told = operation.changes.get(subject_type=kind, subject_id=survivor.pk, field="merged")
    assert told.new == f"Anne ({copy.pk})"


def test_an_article_of_both_keeps_one_credit_where_the_first_stood() -> None:
    anna, copy, other = make_author("Anna"), make_author("Anne"), make_author("Other")
    both = make_article(authors=[copy, other, anna])
    roles = make_article(authors=[anna, (copy, "trl")])
    preview = preview_merge(anna, [copy])
    assert (preview.article_count, preview.shared_count) == (2, 2)
    operation = merge_named(anna, [copy], actor=None)
    both.refresh_from_db()
    assert both.credit == "Anna and Other"
    assert list(roles.contributions.values_list("author", "role")) == [
        (anna.pk, "aut"), (anna.pk, "trl"),
    ]  # fmt: skip
    unmerge(operation, actor=None)
    both.refresh_from_db()
    assert both.credit == "Anne, Other and Anna"
    assert list(roles.contributions.values_list("author", "role")) == [
        (anna.pk, "aut"), (copy.pk, "trl"),
    ]  # fmt: skip
    assert not list(checking.check())


def test_an_article_with_both_tags_keeps_one() -> None:
    one, two = make_tag("Harbour"), make_tag("Harbours")
    article = make_article(tags=[one, two])
    operation = merge_named(one, [two], actor=None)
    assert list(TaggedArticle.objects.values_list("tag", flat=True)) == [one.pk]
    unmerge(operation, actor=None)
    assert set(article.tags.all()) == {one, two}


def test_one_number_of_two_is_kept_for_an_article_of_both_series() -> None:
    one, two = make_series("Bells"), make_series("The bells")
    article = make_article(series=[(one, None), (two, 3)])
    make_article(series=[(two, 1)])
    operation = merge_named(one, [two], actor=None)
    assert Part.objects.get(article=article).part_number == 3
    assert not list(checking.check())
    unmerge(operation, actor=None)
    assert dict(article.parts.values_list("series", "part_number")) == {one.pk: None, two.pk: 3}


def test_clashing_part_numbers_are_refused_with_the_articles_named() -> None:
    one, two = make_series("Bells"), make_series("The bells")
    make_article("First bell", series=[(one, 1)])
    make_article("Another first bell", series=[(two, 1)])
    make_article("Torn bell", series=[(one, 2), (two, 3)])
    with pytest.raises(MergeRefused) as caught:
        merge_named(one, [two], actor=None)
    for title in ("First bell", "Another first bell", "Torn bell"):
        assert f"“{title}”" in str(caught.value)
    assert Series.objects.count() == 2
    assert not Operation.objects.filter(kind=OperationKind.MERGE).exists()


ACROSS = [
    (make_author, "person", "collective"), (make_author, "collective", "person"),
    (make_author, "person", "organisation"), (make_author, "organisation", "collective"),
    (make_tag, "topic", "place"), (make_tag, "person", "topic"),
    (make_series, "serial", "column"), (make_series, "column", "serial"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "one", "other"), ACROSS)
def test_what_differs_in_kind_is_never_merged(make: Any, one: str, other: str) -> None:
    survivor, copy = make("Ostrany", kind=one), make("Ostrani", kind=other)
    third = make("Ostran", kind=one)
    with pytest.raises(MergeRefused, match="differs in kind is never merged"):
        merge_named(survivor, [third, copy], actor=None)
    assert type(survivor)._default_manager.count() == 3
    assert not Operation.objects.filter(kind=OperationKind.MERGE).exists()


@pytest.mark.parametrize(("make", "one", "other"), ACROSS)
def test_what_was_merged_across_kinds_once_comes_back(
    make: Any, one: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    survivor, copy = make("Ostrany", kind=one), make("Ostrani", kind=other)
    with monkeypatch.context() as before:
        # As it was allowed to who said so.
        before.setattr(merge_preview, "_kind_refusals", lambda _survivor, _rows: [])
        operation = merge_named(survivor, [copy], actor=None)
    assert type(survivor)._default_manager.count() == 1
    unmerge(operation, actor=None)
    copy.refresh_from_db()
    survivor.refresh_from_db()
    assert (survivor.kind, copy.kind) == (one, other)


def test_the_tag_about_an_author_follows_and_returns() -> None:
    survivor, copy = make_author("Ada Quill"), make_author("A. Quill")
    about = make_tag("Quill, Ada", kind="person", author=copy)
    other = make_tag("Somebody else", kind="person", author=copy)

    merge = merge_named(survivor, [copy], actor=None)

    about.refresh_from_db()
    assert about.author_id == survivor.pk
    other.refresh_from_db()
    other.author = None
    save_named(other, actor=None)
    unmerge(merge, actor=None)
    about.refresh_from_db()
    other.refresh_from_db()
    # What was edited since stays.
    assert (about.author_id, other.author_id) == (copy.pk, None)
    assert list(checking.check()) == []


def test_the_survivor_takes_what_it_lacks_and_gives_it_back_unless_edited() -> None:
    anna = make_author("Anna", born="1950", external_ids={"viaf": "1"})
    copy = make_author(
        "Anne", bio="A life.", born="1951", died="2020", external_ids={"viaf": "2", "isni": "3"}
    )
    operation = merge_named(anna, [copy], actor=None)
    anna.refresh_from_db()
    assert (anna.bio, anna.born, anna.died) == ("A life.", "1950", "2020")
    assert anna.external_ids == {"viaf": "1", "isni": "3"}
    anna.bio = "Another life."
    save_named(anna, actor=None)
    result = unmerge(operation, actor=None)
    anna.refresh_from_db()
    copy.refresh_from_db()
    assert (anna.bio, anna.died, anna.external_ids) == ("Another life.", "", {"viaf": "1"})
    assert (copy.bio, copy.external_ids) == ("A life.", {"viaf": "2", "isni": "3"})
    assert result.kept == ["The biography of “Anna” was edited since and stays."]


def test_what_was_edited_since_is_not_trampled() -> None:
    anna, copy, other = make_author("Anna"), make_author("Anne"), make_author("Other")
    more, gone, dropped = (make_article(name, authors=[copy]) for name in ("More", "Gone", "Drop"))
    draft = make_article("Draft", authors=[copy], status="draft")
    operation = merge_named(anna, [copy], actor=None)
    save_article(
        ArticleChange(article=more, credits=[Credit(other.pk), Credit(anna.pk)]), actor=None
    )
    save_article(ArticleChange(article=gone, credits=[Credit(other.pk)]), actor=None)
    save_article(ArticleChange(article=dropped, fields={"headline": "Dropped"}), actor=None)
    delete_articles([draft.pk], actor=None)
    result = unmerge(operation, actor=None)
    for article in (more, gone, dropped):
        article.refresh_from_db()
    assert (more.credit, gone.credit, dropped.credit) == ("Other and Anne", "Other", "Anne")
    assert dropped.headline == "Dropped"
    assert result.kept_count == 2
    assert "“Gone” was edited since" in " ".join(result.kept)
    assert not list(checking.check())


def test_a_part_number_given_since_stays() -> None:
    one, two = make_series("Bells"), make_series("The bells")
    article = make_article(series=[(two, None)])
    operation = merge_named(one, [two], actor=None)
    save_article(ArticleChange(article=article, parts=[Place(one.pk, 7)]), actor=None)
    unmerge(operation, actor=None)
    assert list(article.parts.values_list("series", "part_number")) == [(two.pk, 7)]


def test_merges_on_the_same_articles_are_taken_back_from_the_last() -> None:
    anna, one, two = make_author("Anna"), make_author("Anne"), make_author("Ann")
    article = make_article(authors=[one, two])
    before = everything()
    first = merge_named(anna, [one], actor=None)
    second = merge_named(anna, [two], actor=None)
    with pytest.raises(MergeRefused, match=f"later merge {second.pk} back first"):
        unmerge(first, actor=None)
    unmerge(second, actor=None)
    unmerge(first, actor=None)
    assert everything() == before
    article.refresh_from_db()
    assert article.credit == "Anne and Ann"


def test_a_chain_of_merges_is_followed_and_taken_back_from_its_end(client: Client) -> None:
    one, two, three = make_author("One"), make_author("Two"), make_author("Three")
    make_article(authors=[one])
    before = everything()
    first = merge_named(two, [one], actor=None)
    second = merge_named(three, [two], actor=None)
    assert merged_into(Author, [one.pk, two.pk, three.pk]) == {one.pk: three.pk, two.pk: three.pk}
    assert client.get("/authors/one/")["Location"] == "/authors/three/"
    with pytest.raises(MergeRefused, match="no longer here"):
        unmerge(first, actor=None)
    unmerge(second, actor=None)
    assert client.get("/authors/one/")["Location"] == "/authors/two/"
    unmerge(first, actor=None)
    assert everything() == before
    assert merged_into(Author, [one.pk, two.pk]) == {}


@every_kind
def test_an_address_taken_meanwhile_is_not_taken_away(kind: str) -> None:
    make = KINDS[kind][0]
    survivor, copy = make("Anna"), make("Anne")
    operation = merge_named(survivor, [copy], actor=None)
    make("Newcomer", slug="anne")
    with pytest.raises(MergeRefused, match="is “Newcomer” now"):
        unmerge(operation, actor=None)
    assert not is_taken_back(operation)


def test_two_people_of_one_name_are_merged_and_parted(client: Client) -> None:
    one, two = make_author("Ana Brandt"), make_author("Ana Brandt")
    make_article(authors=[one])
    make_article(authors=[two])
    before = everything()
    operation = merge_named(one, [two], actor=None)
    assert find_spelled(Author, ["Ana Brandt"]) == {"Ana Brandt": [one.pk]}
    assert merges_into(one) == [operation]
    assert client.get("/authors/ana-brandt-2/").status_code == 301
    unmerge(operation, actor=None)
    assert everything() == before


def test_who_saved_meanwhile_is_not_run_over() -> None:
    one, two = make_author("One"), make_author("Two")
    seen = {one.pk: one.version, two.pk: two.version}
    two.bio = "New."
    save_named(two, actor=None)
    with pytest.raises(StaleVersion):
        merge_named(one, [two], actor=None, versions=seen)
    gone = make_author("Three")
    Author.objects.filter(pk=gone.pk).delete()
    with pytest.raises(StaleVersion):
        merge_named(one, [gone], actor=None)
    assert Author.objects.count() == 2


def test_nothing_to_merge_and_too_much_are_refused() -> None:
    one = make_author("One")
    with pytest.raises(MergeRefused, match="at least two"):
        merge_named(one, [one], actor=None)
    with pytest.raises(MergeRefused, match="At most"):
        merge_named(one, [make_author() for _ in range(20)], actor=None)


def test_another_act_is_no_merge_of_names() -> None:
    make_article()
    operation = Operation.objects.first()
    assert operation is not None
    assert not is_merge_of_names(operation)
    with pytest.raises(MergeRefused, match="no merge"):
        unmerge(operation, actor=None)


def test_the_name_as_printed_still_finds_the_article_and_feeds_have_the_new_one(
    client: Client,
) -> None:
    anna, copy = make_author("Anna Brandt"), make_author("A. Ropemaker")
    make_article(authors=[copy], byline="A. Ropemaker", tags=["Sea"])
    merge_named(anna, [copy], actor=None)
    sea = Tag.objects.get()
    merge_named(make_tag("Ocean"), [sea], actor=None)
    for text in ("ropemaker", "anna brandt", "ocean"):
        assert search(Article.objects.published(), text).count() == 1
    feed = client.get("/feed.atom").content.decode()
    assert "<name>Anna Brandt</name>" in feed
    assert 'term="Ocean"' in feed
    listed = client.get("/articles/?author=anna-brandt&tag=ocean").content.decode()
    assert "Anna Brandt" in listed
    assert "A. Ropemaker" not in client.get("/authors/").content.decode()


@pytest.mark.slow
def test_an_author_of_two_thousand_articles_is_merged_and_parted_in_seconds() -> None:
    anna, copy = make_author("Anna"), make_author("Anne")
    operation = operations.begin(OperationKind.IMPORT)
    for start in range(0, 2000, 500):
        write_articles(
            [
                ArticleChange(
                    fields={
                        "headline": f"Number {number}", "published_on": "2020-03-01",
                        "status": "published", "standfirst": "Some words. " * 20,
                    },
                    credits=[Credit(copy.pk)],
                )
                for number in range(start, start + 500)
            ],
            operation,
        )  # fmt: skip
    begun = time.process_time()
    merge = merge_named(anna, [copy], actor=None)
    merged = time.process_time()
    unmerge(merge, actor=None)
    parted = time.process_time()
    print(f"merged in {merged - begun:.2f} s, parted in {parted - merged:.2f} s")  # noqa: T201
    assert merged - begun < 10
    assert parted - merged < 20
    assert Contribution.objects.filter(author=copy).count() == 2000
    assert not list(checking.check())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_merges_renames_and_saves_beside_each_other_end_and_leave_nothing_stale() -> None:
    """A save may be refused (the author it credits is gone); a deadlock is no refusal."""
    authors = [make_author(f"Person {number}") for number in range(4)]
    ids = [make_article(authors=[authors[number % 4]]).pk for number in range(24)]
    until = time.monotonic() + 4
    failures: list[BaseException] = []

    def merge(chance: random.Random) -> None:
        rows = list(Author.objects.all())
        if len(rows) > 1:
            one, two = chance.sample(rows, 2)
            unmerge(merge_named(one, [two], actor=None), actor=None)

    def rename(chance: random.Random) -> None:
        row = chance.choice(list(Author.objects.all()))
        row.name = f"Name {chance.random()}"
        save_named(row, actor=None, expected_version=row.version)

    def credit(chance: random.Random) -> None:
        known = list(Author.objects.values_list("pk", flat=True))
        change = ArticleChange(article=Article(pk=chance.choice(ids)))
        change.credits = [Credit(pk) for pk in chance.sample(known, min(2, len(known)))]
        save_article(change, actor=None)

    def again(act: Callable[[random.Random], None], seed: int) -> None:
        chance = random.Random(seed)
        try:
            while time.monotonic() < until:
                try:
                    act(chance)
                except (StaleVersion, MergeRefused, IntegrityError):
                    continue
                except BaseException as error:
                    failures.append(error)
                    return
        finally:
            connection.close()

    acts = (merge, merge, rename, credit, credit)
    threads = [threading.Thread(target=again, args=(act, n)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert not list(checking.check())


@pytest.mark.slow
def test_the_queries_of_a_merge_do_not_grow_with_its_articles(
    django_assert_max_num_queries: Any,
) -> None:
    anna, copy = make_author("Anna"), make_author("Anne")
    make_articles(*[{"authors": [copy]}] * 60)
    with django_assert_max_num_queries(79):
        merge_named(anna, [copy], actor=None)


def test_articles_that_nobody_sees_are_moved_too() -> None:
    anna, copy = make_author("Anna"), make_author("Anne")
    for status in ("draft", "in_review"):
        make_article(authors=[copy], status=status)
    make_article(authors=[copy], visible_from="2100-01-01T00:00:00Z")
    merge_named(anna, [copy], actor=None)
    assert Contribution.objects.filter(author=anna).count() == 3
    assert not FacetTotal.objects.filter(term__startswith="a", count__gt=0).exclude(term="all")
    assert not list(checking.check())


def test_the_ledger_of_taking_back_mirrors_the_merge() -> None:
    anna, copy = make_author("Anna"), make_author("Anne", bio="B")
    make_article(authors=[copy])
    operation = merge_named(anna, [copy], actor=None)
    undo = unmerge(operation, actor=None).operation
    assert undo is not None

    def told(one: Operation) -> set[tuple[Any, ...]]:
        return set(one.changes.exclude(field="merged_into").values_list(
            "subject_type", "subject_id", "field"
        ))  # fmt: skip

    assert told(undo) == told(operation)
    assert undo.changes.get(field="bio", subject_id=copy.pk).new == "B"
