"""The list of articles: budgets, folded search, filters, and nothing undeclared."""

from collections.abc import Callable, Iterator
from itertools import cycle, product
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from articles.choices import FindingState
from articles.models import Article, Finding, ImportRun, Source, SourceEntry, SourceListing
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.admin.posting import LIST, change_url
from tests.factories import make_article, make_articles, make_author, make_series, make_tag

SignedIn = Callable[..., Client]

#: Session, account and permissions (4); choices of the filters: findings, languages (2), runs,
#: listings; who else signs in; count, rows, their series and findings; the first article of each
#: year (2, the last in vain).
LIST_QUERIES = 16
#: Session, account and permissions (4); article, tags and their labels (2), credits and authors,
#: places and series, source entries, those that an undo cut off, changes, permanent key; who else
#: signs in; the article before (2, if it is the last with a date) and the one after.
FORM_QUERIES = 19


def headlines(response: Any) -> list[str]:
    assert response.status_code == 200, response.status_code
    return [article.headline for article in response.context["cl"].result_list]


def found(client: Client, **query: Any) -> set[str]:
    return set(headlines(client.get(LIST, query)))


def many_articles(number: int) -> None:
    serial = make_series("Serial")
    articles = make_articles(*(
        {
            "headline": f"Article {place}",
            "authors": [f"Author {place}", f"Second {place}"],
            "tags": [f"Tag {place}"],
            "series": [(serial, place + 1), make_series(f"Column {place}")],
            "published_on": f"2020-01-{place % 28 + 1:02}",
        }
        for place in range(number)
    ))  # fmt: skip
    for place, article in enumerate(articles):
        Finding.objects.create(
            code="stray-line", message="x", article=article, fingerprint=f"{place:064}"
        )


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_asks_the_same_number_of_queries(signed_in: SignedIn, number: int) -> None:
    many_articles(number)
    client = signed_in("Editor")
    with CaptureQueriesContext(connection) as queries:
        assert len(headlines(client.get(LIST))) == number
    assert len(queries) == LIST_QUERIES, [query["sql"][:120] for query in queries]


def test_the_years_lead_to_their_articles(signed_in: SignedIn) -> None:
    for day in ("1921-03-01", "1921-12-31", "2001-01-01"):
        make_article(f"Of {day}", published_on=day)
    make_article("Undated", status="draft", published_on=None)
    client = signed_in("Editor")
    listed = client.get(LIST)
    years = dict(listed.context["cl"].years())
    assert list(years) == ["1921", "2001"]
    assert f'<a href="{years["1921"]}">1921</a>' in listed.content.decode()
    narrowed = client.get(f"{LIST}{years['1921']}")
    assert set(headlines(narrowed)) == {"Of 1921-03-01", "Of 1921-12-31"}
    # Then come Django's months of the year.
    assert narrowed.context["cl"].years() == []
    assert "December 1921" in narrowed.content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_the_form_asks_the_same_number_of_queries(signed_in: SignedIn, number: int) -> None:
    article = make_article(
        authors=[make_author(f"Author {place}") for place in range(number)],
        tags=[make_tag(f"Tag {place}") for place in range(number)],
        series=[(make_series(f"Series {place}"), place + 1) for place in range(number)],
    )
    client = signed_in("Editor")
    ContentType.objects.get_for_model(Article)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(change_url(article)).status_code == 200
    assert len(queries) == FORM_QUERIES, [query["sql"][:120] for query in queries]


@pytest.mark.parametrize("status", ["draft", "in_review", "published"])
@pytest.mark.parametrize(
    "text", ["Gomulka", "GOMUŁKA", "gomułka returns", '"gomulka returns"', "gomulka -stalin"]
)
def test_search_is_folded_for_drafts_too(signed_in: SignedIn, status: str, text: str) -> None:
    make_article("Gomułka returns", status=status)
    make_article("Stalin dies", status=status)
    assert found(signed_in("Editor"), q=text) == {"Gomułka returns"}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"kicker": "ΟΔΌΣ"}, "οδος"),
        ({"subtitle": "Die Straße"}, "STRASSE"),
        ({"byline": "By Łukasz Ørsted"}, "lukasz orsted"),
        ({"standfirst": "Über das Œuvre"}, "uber oeuvre"),
        ({"part_label": "Часть ВТОРАЯ"}, "вторая"),
        ({"authors": ["Władysław Æsop"]}, "wladyslaw aesop"),
    ],
)
def test_search_reads_all_heads_of_drafts(
    signed_in: SignedIn, fields: dict[str, Any], text: str
) -> None:
    make_article("This one", status="draft", **fields)
    make_article("Another", status="draft")
    assert found(signed_in("Editor"), q=text) == {"This one"}


def test_search_finds_a_permanent_key(signed_in: SignedIn) -> None:
    make_article("Keyed", key="abcd1234", status="draft")
    make_article("Other")
    assert found(signed_in("Editor"), q="ABCD1234") == {"Keyed"}


@pytest.mark.parametrize(
    "text",
    ["'", '"', "%", "_", "\\", "a OR b", "NEAR(", "*", "-", "--", "x:y", "C++", "(" * 50,
     "a " * 500, "-x", '-"a b"', "\u0000x", "\ud800".encode("utf-16", "surrogatepass").decode(
         "utf-16", "replace")],
)  # fmt: skip
def test_hostile_search_is_no_error(signed_in: SignedIn, text: str) -> None:
    make_article("One")
    assert signed_in("Editor").get(LIST, {"q": text}).status_code in {200, 302, 400}


def test_filters_narrow(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    author, serial, tag = make_author("A One"), make_series("S"), make_tag("T")
    make_article("credited", authors=[author], byline="By A One")
    make_article("part", series=[serial])
    make_article("tagged", tags=[tag], language="de")
    make_article("month", published_on="2019-03")
    make_article("undated", published_on=None, status="draft")
    make_article("later", visible_from="2999-01-01T00:00:00Z")
    mine = make_article("mine")
    save_article(
        ArticleChange(article=mine, fields={"kicker": "K"}),
        actor=client.user,  # type: ignore[attr-defined]
    )
    Finding.objects.create(code="stray-line", message="x", article=mine, fingerprint="1")
    Finding.objects.create(
        code="byline-empty", message="x", article=mine, fingerprint="2",
        state=FindingState.DISMISSED,
    )  # fmt: skip
    everything = {"credited", "part", "tagged", "month", "undated", "later", "mine"}
    assert found(client) == everything
    assert found(client, author=author.pk) == {"credited"}
    assert found(client, series=serial.pk) == {"part"}
    assert found(client, tag=tag.pk) == {"tagged"}
    assert found(client, language="de") == {"tagged"}
    assert found(client, precision="month") == {"month"}
    assert found(client, precision="none") == {"undated"}
    assert found(client, status="draft") == {"undated"}
    assert found(client, status="scheduled") == {"later"}
    assert found(client, byline="1") == {"credited"}
    assert found(client, changed="me") == {"mine"}
    assert found(client, finding="stray-line") == {"mine"}
    assert found(client, finding="any", status="draft") == set()
    assert found(client, published_on__year="2019") == {"month"}
    assert client.get(LIST, {"finding": "byline-empty"}).status_code == 302


def test_run_listing_and_outcome_are_about_one_entry(signed_in: SignedIn) -> None:
    source = Source.objects.create(name="Topic", key="topic")
    articles = [make_article(name) for name in ("both", "first only")]
    moment = articles[0].created
    runs = []
    for number in (1, 2):
        listing = SourceListing.objects.create(
            source=source, sha256=str(number), file_name=f"{number}.txt", size=1,
            encoding="utf-8", input_format="text",
        )  # fmt: skip
        run = ImportRun.objects.create(
            source=source, listing=listing, file_name=f"{number}.txt", started=moment,
            finished=moment,
        )  # fmt: skip
        runs.append(run)
        for place, article in enumerate(articles[: 3 - number]):
            SourceEntry.objects.create(
                listing=listing, run=run, article=article, ordinal=place, first_line=1,
                last_line=2, fingerprint="f", change="CREATE" if number == 1 else "UPDATE",
            )  # fmt: skip
    client = signed_in("Editor")
    assert found(client, run=runs[0].pk) == {"both", "first only"}
    assert found(client, run=runs[1].pk) == {"both"}
    assert found(client, listing=runs[1].listing_id, outcome="UPDATE") == {"both"}
    assert found(client, run=runs[1].pk, outcome="CREATE") == set()
    assert found(client, run=runs[0].pk, outcome="CREATE") == {"both", "first only"}
    assert client.get(LIST, {"run": "9999"}).status_code == 302


def test_filters_show_counts_when_asked(signed_in: SignedIn) -> None:
    make_article("one")
    make_article("two", status="draft")
    make_article("three", status="draft")
    page = signed_in("Editor").get(LIST, {"_facets": "True"}).content.decode()
    assert "draft (2)" in page
    assert "published (1)" in page


LOOKUPS = (
    "", "exact", "iexact", "contains", "startswith", "regex", "iregex", "gt", "isnull", "in",
    "range", "year", "month", "day",
)  # fmt: skip
#: What each list filters by.
DECLARED = {
    "articles/article": {
        "status", "author", "series", "tag", "run", "listing", "outcome", "language", "byline",
        "changed", "finding", "precision", "lacking", "published_on__year", "published_on__month",
        "published_on__day",
    },
    "articles/series": {"kind__exact", "kind__isnull"},
    "articles/tag": {"kind__exact", "kind__isnull"},
    "articles/finding": {"state", "code", "source", "article", "run", "together"},
    "articles/importrun": {"sample", "started__year", "started__month", "started__day"},
    "articles/source": set(),
    "articles/sourcelisting": set(),
    "articles/operation": {"kind", "by", "when"},
    "authors/author": {"kind__exact", "kind__isnull"},
}  # fmt: skip
#: Each page itself is asked for these, each with one of the lookups.
UNDECLARED = (
    "body", "headline", "owner", "owner__username", "owner__password", "owner__user__password",
    "withdrawn_reason", "authors__name", "authors__bio", "contributions__author__bio",
    "tags__name", "public_key__key", "source_entries__text", "operation__actor", "id", "pk",
    "translation_of__body", "findings__evidence", "search_document__body", "version", "report",
    "actor__password", "settled_by__password", "name", "key", "options",
)  # fmt: skip


def columns(model: Any) -> Iterator[str]:
    """Yield the path to every column of *model* and of the tables that it is linked to."""
    for field in model._meta.get_fields():
        yield field.name
        if field.is_relation and field.related_model:
            for other in field.related_model._meta.get_fields():
                yield f"{field.name}__{other.name}"


def admin_of(where: str) -> Any:
    return admin.site._registry[apps.get_model(*where.split("/"))]


@pytest.mark.parametrize("where", DECLARED)
@pytest.mark.slow
def test_nothing_undeclared_filters(signed_in: SignedIn, where: str) -> None:
    client, page = signed_in("Editor"), admin_of(where)
    request = RequestFactory().get(f"/admin/{where}/")
    request.user = client.user  # type: ignore[attr-defined]
    paths = {*columns(page.model), *UNDECLARED, *DECLARED[where]}
    names = {f"{path}__{lookup}".removesuffix("__") for path in paths for lookup in LOOKUPS}
    assert len(names) > 500
    assert {n for n in names if page.lookup_allowed(n, "1", request)} == DECLARED[where]
    # The page asks the same question.
    for path, lookup in zip(UNDECLARED, cycle(LOOKUPS), strict=False):
        name = f"{path}__{lookup}".removesuffix("__")
        response = client.get(f"/admin/{where}/", {name: "a"})
        assert response.status_code == 400, name


@pytest.mark.parametrize("where", DECLARED)
@pytest.mark.slow
def test_declared_filters_survive_any_value(signed_in: SignedIn, where: str) -> None:
    make_article("One")
    client = signed_in("Editor")
    # What every list has in common is tried on one; its search and its orders are its own.
    common = {"p", "all", "_to_field", "_popup", "_facets", "e"}
    names = DECLARED[where] | {"o", "q"} | (common if where == "articles/article" else set())
    values = (
        "", "0", "-1", str(2**31), str(2**63), "9" * 30, "1" * 5000, "1e9", "٣", "x", "'", "%",
        "[", "__", "1.0", "None",
    )  # fmt: skip
    for name, value in product(sorted(names), values):
        response = client.get(f"/admin/{where}/", {name: value})
        assert response.status_code in {200, 302, 400}, (name, value)
        assert b"Traceback" not in response.content


def test_undated_drafts_come_first(signed_in: SignedIn) -> None:
    make_article("older", published_on="2019-01-01")
    make_article("newer", published_on="2020-01-01")
    make_article("undated", published_on=None, status="draft")
    assert headlines(signed_in("Editor").get(LIST)) == ["undated", "newer", "older"]


def test_names_lead_to_their_articles(signed_in: SignedIn) -> None:
    author = make_author("A One")
    make_article("credited", authors=[author, (author, "trl")])
    page = signed_in("Editor").get("/admin/authors/author/").content.decode()
    assert f'<a href="{LIST}?author={author.pk}">1</a>' in page
    assert Article.objects.count() == 1
