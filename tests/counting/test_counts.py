"""Every facet says what a plain GROUP BY counts, whatever is written and whoever wrote it."""

import datetime
import gc
import random
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import Count

from archive_site import gunicorn
from articles import headline_order
from articles.addressing import list_address
from articles.choices import Status
from articles.counting import live, postings, selection, sets
from articles.criteria import Criteria
from articles.facets import Facets
from articles.filters import Place
from articles.models import Article, ContentChange, SearchDocument
from articles.querysets import ArticleQuerySet
from articles.reading import Listing, read_listing
from articles.search import base
from articles.totals import AUTHORS, SERIES, TAGS
from articles.writing import index, names
from articles.writing.articles import delete_articles, save_article, set_status
from articles.writing.changes import ArticleChange, Credit
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db

WORDS = ("tide", "bell", "harbour", "strike", "lantern")
DIMENSIONS = {"authors": AUTHORS, "tags": TAGS, "series": SERIES}


@pytest.fixture(params=["integers", "roaring"])
def kind(request: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[sets.Kind]:
    """Count in sets of one kind."""
    if request.param == "roaring":
        pytest.importorskip("pyroaring")
    made: sets.Kind = sets.Roaring() if request.param == "roaring" else sets.Integers()
    monkeypatch.setattr(live, "_kind", made)
    return made


class Archive:
    """An archive that changes at random, in the way that *seed* says."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.authors = [make_author(f"Author {number}") for number in range(15)]
        self.tags = [make_tag(f"Tag {number}") for number in range(4)]
        self.series = [make_series(f"Series {number}", kind="column") for number in range(3)]
        self.years = (2001, 2002, 2003, 2010)

    def date(self) -> str:
        draw = self.random
        year, month, day = draw.choice(self.years), draw.randrange(1, 13), draw.randrange(1, 29)
        whole = f"{year}-{month:02d}-{day:02d}"
        return whole[: draw.choice((10, 10, 10, 7, 4))]

    def fields(self) -> dict[str, Any]:
        draw = self.random
        return {
            "headline": " ".join(draw.choices(WORDS, k=3)),
            "published_on": self.date(),
            "byline": draw.choice(("", "By somebody")),
            "body": draw.choice(("", "<p>A tide.</p>")),
            "language": draw.choice(("en", "de", "de-AT")),
        }

    def some(self, rows: list[Any], most: int) -> list[Any]:
        return self.random.sample(rows, self.random.randrange(0, most + 1))

    def create(self) -> None:
        make_article(
            authors=[
                (row, self.random.choice(("aut", "edt"))) for row in self.some(self.authors, 3)
            ],
            tags=self.some(self.tags, 2),
            series=self.some(self.series, 2),
            status=self.random.choice(("published", "published", "published", "draft")),
            **self.fields(),
        )

    def change(self) -> None:
        article = self.any_article()
        if article is not None:
            save_article(
                ArticleChange(
                    article=article,
                    fields=self.fields(),
                    credits=[Credit(row.pk) for row in self.some(self.authors, 3)],
                    tags=[row.pk for row in self.some(self.tags, 3)],
                ),
                actor=None,
            )

    def publish(self) -> None:
        drafts = Article.objects.filter(status=Status.DRAFT).values_list("pk", flat=True)
        set_status(list(drafts[:2]), Status.PUBLISHED, actor=None)

    def withdraw(self) -> None:
        article = self.any_article()
        if article is not None:
            set_status([article.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")

    def delete(self) -> None:
        drafts = Article.objects.filter(status=Status.DRAFT).values_list("pk", flat=True)
        delete_articles(list(drafts[:1]), actor=None)

    def rename(self) -> None:
        author = self.random.choice(self.authors)
        author.name = f"Author {self.random.randrange(1000)}"
        names.save_named(author, actor=None)

    def any_article(self) -> Article | None:
        ids = list(Article.objects.published().values_list("pk", flat=True))
        return Article.objects.get(pk=self.random.choice(ids)) if ids else None

    def write(self) -> None:
        acts = (self.create, self.create, self.change, self.change, self.publish, self.withdraw,
                self.delete, self.rename)  # fmt: skip
        self.random.choice(acts)()

    def rows(self, dimension: str) -> list[Any]:
        found: list[Any] = getattr(self, dimension)
        return found

    def criteria(self) -> Criteria:
        draw = self.random
        slugs = {
            name: tuple(row.slug for row in self.some(self.rows(name), 2)) for name in DIMENSIONS
        }
        years = tuple(draw.sample(self.years, draw.choice((0, 0, 1, 2))))
        found = Criteria(
            text=draw.choice(("", "", *WORDS[:3])),
            years=years,
            months=tuple(draw.sample(range(1, 13), 4)) if years and draw.random() < 0.3 else (),
            byline=draw.choice((None, None, True, False)),
            body=draw.choice((None, None, True, False)),
            languages=draw.choice(((), (), ("de",))),
            decades=tuple(draw.sample((2000, 2010), draw.choice((0, 0, 0, 1, 2)))),
            sort=draw.choice(("", "newest", "oldest", "headline")),
        )
        if draw.random() < 0.2:
            found = found.but(since=datetime.date(2001, 6, 10), until=datetime.date(2003, 1, 31))
        for name, chosen in slugs.items():
            if draw.random() < 0.3:
                found = found.but(**{name: chosen})
            if draw.random() < 0.2:
                out = tuple(row.slug for row in self.some(self.rows(name), 2))
                found = found.but(**{f"not_{name}": out})
        return found


def plain(criteria: Criteria) -> ArticleQuerySet:
    """Return what *criteria* admit, as the database alone finds it."""
    public = Article.objects.published()
    found = base.search(public, criteria.text).queryset if criteria.text else public
    return found.matching(criteria)


def assert_addresses(facets: Facets, criteria: Criteria) -> None:
    slugs = {
        name: dict(row.model._default_manager.values_list(row.label, "slug"))
        for name, row in DIMENSIONS.items()
    }
    for facet in facets.facets:
        for value in facet.values:
            named: Any = slugs.get(facet.name, {}).get(value.label)
            if facet.name == "years":
                named = int(value.label)
            if facet.name == "decades":
                named = int(value.label.removesuffix("s"))
            if named is not None:
                name = f"not_{facet.name}" if value.is_out else facet.name
                assert value.url == list_address(criteria.toggled(name, named))
                if value.out_url:
                    out = criteria.toggled(f"not_{facet.name}", named)
                    assert value.out_url == list_address(out)
    for item in facets.active:
        assert item.without.value_count + bool(item.without.text) < (
            criteria.value_count + bool(criteria.text)
        )


def counted_by(dimension: str, criteria: Criteria) -> dict[str, int]:
    """Return how many articles of *criteria* have each value of a dimension, by a GROUP BY."""
    related = DIMENSIONS[dimension]
    keys = plain(criteria).order_by().values("sort_key")
    rows = related.link._default_manager.filter(is_public=True, sort_key__in=keys)
    label = f"{related.link_name}__{related.label}"
    return dict(
        rows.order_by()
        .values(related.link_name)
        .annotate(count=Count("sort_key", distinct=True))
        .values_list(label, "count")
    )


def assert_right(facets: Facets, criteria: Criteria) -> None:
    assert_addresses(facets, criteria)
    shown = {facet.name: facet.values for facet in facets.facets}
    counted = {
        name: {value.label: value.count for value in values if not value.is_out}
        for name, values in shown.items()
    }
    for dimension, related in DIMENSIONS.items():
        truth = counted_by(dimension, criteria.but(**{dimension: ()}))
        got = counted.get(dimension, {})
        assert all(truth.get(name, 0) == count for name, count in got.items()), dimension
        most = sorted(truth.values(), reverse=True)[:12]
        assert sorted(got.values(), reverse=True)[: len(most)] == most, dimension
        # What is left out: how many articles it alone keeps out.
        outs = criteria.excluded()[dimension]
        names = dict(related.model._default_manager.values_list("slug", related.label))
        left_out = {value.label: value.count for value in shown.get(dimension, ()) if value.is_out}
        for slug in outs:
            others = tuple(other for other in outs if other != slug)
            alone = counted_by(
                dimension, criteria.but(**{dimension: (), f"not_{dimension}": others})
            )
            if names[slug] in left_out:
                assert left_out.pop(names[slug]) == alone.get(names[slug], 0), dimension
        assert left_out == {}
    assert nonzero(counted.get("years", {})) == periods(criteria.but(years=(), months=()), 1)
    decades = periods(criteria.but(decades=()), 10)
    assert nonzero(counted.get("decades", {})) == decades or len(decades) < 2
    if facets.timeline:
        bars = {str(bar.year): bar.count for bar in facets.timeline if bar is not None}
        assert nonzero(bars) == periods(criteria.at_any_time(), 1)
    bylines = list(plain(criteria.but(byline=None)).values_list("byline", flat=True))
    assert sum(counted.get("byline", {}).values()) == len(bylines)
    assert counted.get("byline", {}).get("without byline", 0) == bylines.count("")
    bodies = list(plain(criteria.but(body=None)).values_list("body", flat=True))
    empty = bodies.count("")
    if "body" in counted:
        kinds = {"with full text": len(bodies) - empty, "without full text": empty}
        assert nonzero(counted["body"]) == nonzero(kinds)
    else:
        assert criteria.body is None
        assert empty in (0, len(bodies))
    languages: dict[str, int] = {}
    for code in plain(criteria.but(languages=())).values_list("language", flat=True):
        name = {"en": "English", "de": "German"}[code.split("-")[0]]
        languages[name] = languages.get(name, 0) + 1
    assert nonzero(counted.get("languages", {})) == languages or len(languages) < 2
    assert facets.total == plain(criteria).count()


def nonzero(counts: dict[str, int]) -> dict[str, int]:
    """Return what has any."""
    return {name: count for name, count in counts.items() if count}


def periods(criteria: Criteria, length: int) -> dict[str, int]:
    """Return how many articles of *criteria* there are in each year, or in each decade."""
    found: dict[str, int] = {}
    for date in plain(criteria).values_list("published_on", flat=True):
        first = date.year // length * length
        name = f"{first}s" if length > 1 else str(first)
        found[name] = found.get(name, 0) + 1
    return found


def assert_listed(criteria: Criteria) -> None:
    listing = read_listing(criteria, Place(), "/articles/")
    assert_right(listing.facets, criteria)
    found = plain(criteria)
    if criteria.order == "relevance":
        rows = {row["id"] for row in found.values("id")}
        assert {row.id for row in listing.page.rows} == rows
        return
    if criteria.order == "headline":
        assert_by_headline(listing, criteria)
        return
    ordered = found.oldest_first() if criteria.order == "oldest" else found.newest_first()
    keys = list(ordered.values_list("sort_key", flat=True))
    assert [row.sort_key for row in listing.page.rows] == keys[:50]
    if keys:
        place = Place(after=keys[len(keys) // 2])
        rest = read_listing(criteria, place, "/articles/").page.rows
        assert [row.sort_key for row in rest] == keys[len(keys) // 2 + 1 :][:50]


def assert_by_headline(listing: Listing, criteria: Criteria) -> None:
    rows = plain(criteria).values_list("headline", "sort_key")
    expected = [key for _headline, key in sorted(rows, key=lambda row: (row[0], -(row[1] or 0)))]
    assert [row.sort_key for row in listing.page.rows] == expected[:50]
    if expected:
        middle = len(expected) // 2
        after = read_listing(criteria, Place(after=expected[middle]), "/articles/").page.rows
        assert [row.sort_key for row in after] == expected[middle + 1 :][:50]
        before = read_listing(criteria, Place(before=expected[middle]), "/articles/").page.rows
        assert [row.sort_key for row in before] == expected[:middle][-50:]


@pytest.mark.parametrize("seed", range(2))
def test_counts_and_rows_follow_every_write(
    kind: sets.Kind, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A few articles are asked for their terms; here up to ten, or none.
    monkeypatch.setattr(postings, "FEW", 10 * seed)
    # Many articles are met along the index of headlines, in steps; here three, or more than ten.
    monkeypatch.setattr(headline_order, "SORTED", 10 * seed)
    monkeypatch.setattr(headline_order, "_STEP", 3)
    archive = Archive(seed)
    for _number in range(12):
        archive.create()
    for _number in range(25):
        archive.write()
        assert_listed(archive.criteria())
    assert_listed(Criteria())


@pytest.mark.parametrize("seed", [5])
def test_counts_are_right_where_the_text_has_too_many_hits(
    kind: sets.Kind, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Few hits are many here: the text is narrowed in the index, and what is still too much is said
    # to be more.
    monkeypatch.setattr(selection, "HIT_LIMIT", 4)
    monkeypatch.setattr(selection, "SAMPLE", 3)
    archive = Archive(seed)
    for _number in range(30):
        archive.create()
    for _number in range(25):
        criteria = archive.criteria().but(text="tide", sort="newest")
        facets = read_listing(criteria, Place(), "/articles/").facets
        truth = plain(criteria).count()
        assert facets.total == min(truth, 4) or not facets.is_more
        if not facets.is_more:
            assert facets.total == truth
        keys = list(plain(criteria).newest_first().values_list("sort_key", flat=True))
        rows = read_listing(criteria, Place(), "/articles/").page.rows
        assert [row.sort_key for row in rows] == keys


def test_only_what_changed_is_read_again(kind: sets.Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(7)
    for _number in range(5):
        archive.create()
    first = live.current()
    assert live.current() is first

    def whole(*_given: Any) -> Any:
        raise AssertionError("read as a whole")

    monkeypatch.setattr(live, "_read", whole)
    make_article("Another", tags=[archive.tags[0]])
    assert live.current().size == first.size + 1
    names.save_named(archive.tags[0], actor=None)
    assert live.current().size == first.size + 1


def test_another_history_is_read_as_a_whole(kind: sets.Kind) -> None:
    make_article("One")
    assert live.current().size == 1
    # As after a restored backup: the number is the same, the moment is not.
    SearchDocument.objects.all().delete()
    version = index.lock_content_version()
    version.changed += datetime.timedelta(seconds=1)
    version.save()
    assert live.current().size == 0


def test_another_history_that_went_on_is_read_as_a_whole(kind: sets.Kind) -> None:
    make_article("One")
    assert live.current().size == 1
    # The version known here has another moment there, and a newer one follows it.
    SearchDocument.objects.all().delete()
    moment = ContentChange.objects.order_by("-version")[0].changed
    ContentChange.objects.update(changed=moment + datetime.timedelta(seconds=1))
    index.touch()
    assert live.current().size == 0


def test_what_too_many_changed_is_read_as_a_whole(
    kind: sets.Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article("One")
    assert live.current().size == 1
    monkeypatch.setattr(index, "NAMED_RANGES", 0)
    make_article("Two")
    assert ContentChange.objects.order_by("-version")[0].articles is None
    assert live.current().size == 2


def test_a_replica_that_lags_does_not_turn_time_back(kind: sets.Kind) -> None:
    make_article("One")
    old = live.current()
    behind = dict(index.ContentVersion.objects.values("version", "changed").get())
    make_article("Two")
    newer = live.current()
    assert newer.size == old.size + 1
    index.ContentVersion.objects.update(**behind)
    ContentChange.objects.filter(version__gt=behind["version"]).delete()
    found = live.current()
    assert found.terms is newer.terms
    # What the older database tells of names is not remembered for pages of the newer one.
    found.names["a1"] = ("old", "old", "Old")
    assert "a1" not in newer.names
    assert "a1" not in live.current().names


def test_the_log_is_short(kind: sets.Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "KEPT_CHANGES", 3)
    for _number in range(5):
        index.touch()
    assert ContentChange.objects.count() == 3


@pytest.mark.parametrize("made", [sets.Integers(), None], ids=["integers", "roaring"])
def test_sets(made: sets.Kind | None) -> None:
    if made is None:
        pytest.importorskip("pyroaring")
        made = sets.Roaring()
    draw = random.Random(3)
    a, b = ({draw.randrange(300) for _ in range(80)} for _ in range(2))
    left, right = made.of(a), made.of(b)
    assert made.ids(left) == sorted(a)
    assert made.count(left) == len(a)
    assert made.count_both(left, right) == len(a & b)
    assert made.ids(made.without(left, right)) == sorted(a - b)
    assert made.ids(left & right) == sorted(a & b)
    assert made.ids(left | right) == sorted(a | b)
    assert made.ids(made.of(())) == []


@pytest.mark.django_db(transaction=True)
def test_a_thread_reads_in_advance_and_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    make_article("One")
    thread = threading.Thread(target=live.warm)
    thread.start()
    thread.join()
    read: list[str] = []
    monkeypatch.setattr(live, "_read", read.append)
    assert live.current().size == 1
    assert read == []

    def away(*_given: Any) -> Any:
        raise OperationalError("away")

    live.forget()
    monkeypatch.setattr(live, "_read", away)
    thread = threading.Thread(target=live.warm)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_worker_keeps_what_it_has_read_out_of_collections() -> None:
    make_article("One")
    thread = threading.Thread(target=gunicorn.settle)
    # The tests keep their own out of them, and go on so afterwards.
    gc.unfreeze()
    assert gc.get_freeze_count() == 0
    thread.start()
    thread.join()
    assert gc.get_freeze_count() > 10_000
