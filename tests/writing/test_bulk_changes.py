"""One change to many articles: what it does to each, part by part, and back."""

from typing import Any

import pytest

from articles.choices import OperationKind
from articles.models import Article, BulkWork, Operation
from articles.writing import bulk_changes, checking
from articles.writing.articles import save_article
from articles.writing.bulk_acts import parts_of_headline, replaced
from articles.writing.bulk_changes import Act, begin_undo, begin_work, carry_on
from articles.writing.changes import ArticleChange, Credit
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db


def pairs(*articles: Article) -> list[tuple[int, int]]:
    return [(article.pk, Article.objects.get(pk=article.pk).version) for article in articles]


def done(act: Act, *articles: Article, limit: int = bulk_changes.PART) -> BulkWork:
    return finished(begin_work(act, pairs(*articles), actor=None), limit=limit)


def finished(work: BulkWork, *, limit: int = bulk_changes.PART) -> BulkWork:
    while work.finished is None:
        work = carry_on(work.pk, lambda article: True, limit=limit)
    return work


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


@pytest.mark.parametrize(
    ("name", "value", "more", "result"),
    [
        ("headline", "A cat, a catalogue, a Cat", {}, "A dog, a dogalogue, a Cat"),
        ("headline", "A cat, a catalogue, a Cat", {"whole_words": True},
         "A dog, a catalogue, a Cat"),
        ("headline", "A cat, a catalogue, a Cat", {"any_case": True, "whole_words": True},
         "A dog, a catalogue, a dog"),
        ("headline", "a.t axt", {"text": "a.t"}, "dog axt"),
        ("headline", "a cat", {"value": r"\1 & <b>"}, r"a \1 & <b>"),
        ("body", "<p>cat <a href=\"/cat\" title=\"a > cat\">cat</a></p>", {},
         "<p>dog <a href=\"/cat\" title=\"a > cat\">dog</a></p>"),
        ("body", "<p>A &amp; B</p>", {"text": "A & B", "value": "C < D"}, "<p>C &lt; D</p>"),
        ("body", "<p>p</p>", {"text": "p", "value": "q"}, "<p>q</p>"),
    ],
)  # fmt: skip
def test_what_is_found_is_replaced(
    name: str, value: str, more: dict[str, Any], result: str
) -> None:
    act = Act("find", (name,), **({"text": "cat", "value": "dog"} | more))
    assert replaced(act, name, value) == result


def test_many_are_changed_by_one_operation_part_by_part() -> None:
    articles = [make_article(f"About a cat {number}") for number in range(7)]
    other = make_article("About a dog")
    count = Operation.objects.count()
    work = begin_work(
        Act("find", ("headline", "kicker"), "hen", "cat"), pairs(*articles, other), actor=None,
        reason="Hens",
    )  # fmt: skip
    seen = []
    while work.finished is None:
        work = carry_on(work.pk, lambda article: True, limit=3)
        seen.append((work.done, work.changed))
    assert seen == [(3, 3), (6, 6), (8, 7)]
    assert {fresh(article).headline for article in articles} == {
        f"About a hen {number}" for number in range(7)
    }
    assert Operation.objects.count() == count + 1
    assert (work.operation.kind, work.operation.reason) == (OperationKind.BULK, "Hens")
    assert work.operation.changes.filter(subject_type="article").count() == 7
    # Another turn after the end does nothing.
    again = carry_on(work.pk, lambda article: True)
    assert (again.done, again.finished) == (8, work.finished)
    assert list(checking.check()) == []


def test_fields_are_set_and_cleared() -> None:
    one, two = make_article(publication="Old"), make_article(publication="New")
    work = done(Act("set", ("publication",), "New"), one, two)
    assert (fresh(one).publication, work.changed) == ("New", 1)
    done(Act("clear", ("publication",)), one, two)
    assert (fresh(one).publication, fresh(two).publication) == ("", "")


def test_tags_authors_and_series_are_added_removed_and_replaced() -> None:
    a, b = make_tag("A"), make_tag("B")
    x, y = make_author("X One"), make_author("Y Two")
    s, t = make_series("S"), make_series("T")
    one = make_article(tags=[a, b], authors=[x, (y, "trl")], series=[(s, 4)])
    two = make_article(tags=[b], authors=[y])
    done(Act("add", ("tags",), one=a.pk), one, two)
    done(Act("add", ("credits",), one=x.pk, role="edt"), two)
    done(Act("add", ("parts",), one=t.pk), two)
    assert {row.tag for row in fresh(two).tagged_articles.all()} == {a, b}
    assert [(row.author, row.role) for row in fresh(two).contributions.all()] == [
        (y, "aut"), (x, "edt"),
    ]  # fmt: skip
    assert fresh(two).parts.get().series == t
    done(Act("replace", ("tags",), one=a.pk, other=b.pk), one, two)
    assert [row.tag for row in fresh(one).tagged_articles.all()] == [b]
    done(Act("replace", ("credits",), one=x.pk, other=y.pk), one, two)
    assert [(row.author, row.role) for row in fresh(one).contributions.all()] == [
        (y, "aut"), (y, "trl"),
    ]  # fmt: skip
    done(Act("replace", ("parts",), one=s.pk, other=t.pk), one)
    assert (fresh(one).parts.get().series, fresh(one).parts.get().part_number) == (t, 4)
    done(Act("remove", ("credits",), one=y.pk), one)
    done(Act("remove", ("parts",), one=t.pk), one, two)
    assert fresh(one).credit == ""
    assert not fresh(two).parts.exists()
    assert list(checking.check()) == []


def test_what_was_saved_since_the_preview_is_left() -> None:
    one, two = make_article("A cat"), make_article("A cat too")
    work = begin_work(Act("find", ("headline",), "hen", "cat"), pairs(one, two), actor=None)
    save_article(ArticleChange(article=one, fields={"headline": "A cat, edited"}), actor=None)
    work = finished(work)
    assert (fresh(one).headline, fresh(two).headline) == ("A cat, edited", "A hen too")
    assert work.left == [[one.pk, "Somebody saved it since the preview."]]
    assert (work.changed, work.left_count) == (1, 1)


def test_whoever_may_not_changes_nothing() -> None:
    one, two = make_article("A cat"), make_article("A cat too", status="draft")
    work = begin_work(Act("find", ("headline",), "hen", "cat"), pairs(one, two), actor=None)
    work = carry_on(work.pk, lambda article: article.status == "draft")
    assert (fresh(one).headline, fresh(two).headline) == ("A cat", "A hen too")
    assert work.left == [[one.pk, "Your group may not change it."]]


def test_one_that_cannot_be_is_left_and_the_others_go_on() -> None:
    one, two = make_article("cat"), make_article("A cat")
    work = done(Act("find", ("headline",), "", "cat"), one, two)
    assert (fresh(one).headline, fresh(two).headline) == ("cat", "A")
    assert work.left == [[one.pk, "An article needs a headline."]]


def test_it_is_taken_back_but_for_what_was_changed_since() -> None:
    a, x = make_tag("A"), make_author("X One")
    articles = [make_article(f"A cat {number}", tags=[a], authors=[x]) for number in range(3)]
    before = [(fresh(one).headline, fresh(one).credit) for one in articles]
    work = done(Act("find", ("headline",), "hen", "cat"), *articles)
    removed = done(Act("remove", ("tags",), one=a.pk), *articles)
    save_article(ArticleChange(article=articles[0], fields={"headline": "Mine"}), actor=None)
    save_article(
        ArticleChange(article=articles[1], credits=[Credit(make_author("Y").pk)]), actor=None
    )
    assert bulk_changes.can_be_undone(work.operation)
    undone = finished(begin_undo(work.operation, actor=None), limit=2)
    assert [fresh(one).headline for one in articles] == ["Mine", "A cat 1", "A cat 2"]
    assert undone.left == [[articles[0].pk, "Changed since: headline."]]
    assert (undone.operation.kind, undone.operation.parent) == (OperationKind.UNDO, work.operation)
    assert not bulk_changes.can_be_undone(work.operation)
    finished(begin_undo(removed.operation, actor=None))
    assert all(one.tagged_articles.get().tag == a for one in articles)
    assert fresh(articles[2]).credit == before[2][1]
    assert list(checking.check()) == []


def test_there_is_a_limit() -> None:
    with pytest.raises(ValueError, match="at most"):
        begin_work(Act("clear", ("kicker",)), [(1, 1)] * (bulk_changes.MOST + 1), actor=None)


def test_a_part_takes_the_same_number_of_queries_for_more_articles(
    django_assert_num_queries: Any,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (2, 40):
        articles = [make_article(f"A cat {number} {place}") for place in range(number)]
        work = begin_work(Act("find", ("headline",), "hen", "cat"), pairs(*articles), actor=None)
        with CaptureQueriesContext(connection) as queries:
            carry_on(work.pk, lambda article: True)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("headline", "parts"),
    [
        ("The long road: a memoir in letters", ("The long road", "a memoir in letters")),
        (
            "Letters from home (lost): the first year",
            ("Letters from home (lost)", "the first year"),
        ),
        ("The lamps of 1938: what the harbour saw", None),
        # Rather a date, a label, a topic, or somebody who speaks.
        ("May 15–21: the strike spreads", None),
        ("Public meeting: the strike spreads", None),
        ("Poland: the strike spreads", None),
        ("The strike spreads: why", None),
        ("The minister said: “We shall see”", None),
        ('The minister said: "we shall see"', None),
        ("The news at 12:30: a farce in acts", None),
        ("One thing: another thing: a third thing", None),
        ("“The long road: a memoir” reviewed here", None),
        ("The long road (part: the second) ends", None),
        ("No colon at all", None),
        ("The long road:a memoir in letters", None),
        ("The long road: ", None),
    ],
)
def test_a_headline_is_split_only_where_that_is_sure(
    headline: str, parts: tuple[str, str] | None
) -> None:
    assert parts_of_headline(headline) == parts


def test_headlines_are_split_and_put_together_again() -> None:
    one = make_article("The long road: a memoir in letters")
    two = make_article("The long road: a memoir in letters", subtitle="It has one")
    work = done(Act("split", ("headline", "subtitle")), one, two)
    assert (fresh(one).headline, fresh(one).subtitle) == ("The long road", "a memoir in letters")
    assert (fresh(two).headline, fresh(two).subtitle) == (two.headline, "It has one")
    assert (work.changed, work.total) == (1, 2)
    finished(begin_undo(work.operation, actor=None))
    assert (fresh(one).headline, fresh(one).subtitle) == (one.headline, "")
    assert list(checking.check()) == []


def standing(act: Act, *articles: Article, reach: bool = True) -> BulkWork:
    work = begin_work(act, pairs(*articles), actor=None)
    while work.finished is None:
        work = carry_on(work.pk, lambda _one: True, may_reach=lambda _one, _status: reach, limit=2)
    return work


def test_what_many_were_published_by_is_taken_back() -> None:
    draft, undated = make_article("One", status="draft"), make_article("Two", published_on=None,
                                                                       status="draft")  # fmt: skip
    later = make_article("Three", status="draft", visible_from="2999-01-01T00:00:00Z")
    work = standing(Act("publish", ("status",)), draft, undated, later)
    assert [fresh(one).status for one in (draft, undated, later)] == [
        "published", "draft", "published",
    ]  # fmt: skip
    assert [(pk, "date" in reason) for pk, reason in work.left] == [(undated.pk, True)]
    undo = begin_undo(work.operation, actor=None)
    undo = carry_on(undo.pk, lambda _one: True, may_reach=lambda _one, _status: True)
    # Readers may have seen it: it is withdrawn, not made a draft again.
    assert [fresh(one).status for one in (draft, later)] == ["withdrawn", "draft"]
    assert fresh(draft).withdrawn_reason == "Its publication was taken back."
    assert fresh(later).visible_from == later.visible_from
    assert (undo.changed, undo.left) == (2, [])
    assert list(checking.check()) == []


def test_a_taking_back_that_reached_nothing_may_be_tried_again() -> None:
    draft = make_article("One", status="draft")
    work = standing(Act("publish", ("status",)), draft)
    nothing = begin_undo(work.operation, actor=None)
    nothing = carry_on(nothing.pk, lambda _one: False)
    assert nothing.changed == 0
    assert bulk_changes.can_be_undone(work.operation)
    again = begin_undo(work.operation, actor=None)
    carry_on(again.pk, lambda _one: True, may_reach=lambda _one, _status: True)
    assert fresh(draft).status == "withdrawn"
    # Whoever presses once more finds what was done.
    assert begin_undo(work.operation, actor=None) == again


def test_many_are_withdrawn_with_one_reason_and_come_back() -> None:
    articles = [make_article(f"Article {number}") for number in range(5)]
    draft = make_article("Draft", status="draft")
    work = standing(Act("withdraw", ("status",), "Doubtful"), *articles, draft)
    assert {fresh(one).status for one in articles} == {"withdrawn"}
    assert {fresh(one).withdrawn_reason for one in articles} == {"Doubtful"}
    assert (work.changed, fresh(draft).status) == (5, "draft")
    undo = begin_undo(work.operation, actor=None)
    while undo.finished is None:
        undo = carry_on(undo.pk, lambda _one: True, may_reach=lambda _one, _status: True)
    assert {fresh(one).status for one in articles} == {"published"}
    assert {fresh(one).withdrawn_reason for one in articles} == {""}
    assert list(checking.check()) == []


def test_no_status_changes_without_leave() -> None:
    draft = make_article("One", status="draft")
    work = standing(Act("publish", ("status",)), draft, reach=False)
    assert (fresh(draft).status, work.left[0][0]) == ("draft", draft.pk)
    work = done(Act("publish", ("status",)), draft)
    assert (fresh(draft).status, work.left_count) == ("draft", 1)


def test_a_work_is_stopped_and_what_it_did_is_taken_back() -> None:
    articles = [make_article(f"A cat {number}") for number in range(5)]
    act = Act("find", ("headline",), "hen", "cat")
    work = begin_work(act, pairs(*articles), actor=None)
    carry_on(work.pk, lambda _one: True, limit=2)
    work = bulk_changes.stop(work.pk)
    assert (work.finished is not None, work.done, work.wanted) == (True, 2, [])
    assert carry_on(work.pk, lambda _one: True).changed == 2
    assert bulk_changes.can_be_undone(work.operation)
    finished(begin_undo(work.operation, actor=None))
    assert {fresh(one).headline for one in articles} == {one.headline for one in articles}
    nothing = bulk_changes.stop(begin_work(act, pairs(*articles), actor=None).pk)
    assert not bulk_changes.can_be_undone(nothing.operation)
