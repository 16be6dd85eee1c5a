"""The timeline and its table, the same on every page that has one."""

import re
from html import unescape

import pytest
from django.test import Client

from articles.models import HomePage
from articles.writing.site import save_site
from tests.factories import make_article, make_author, make_series, make_tag
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db

#: Every kind of page with a timeline, what a period chosen there is chosen beside, and the articles
#: of each year.
PAGES = [
    ("/", {}, {"1905": 1, "1906": 2, "1912": 1}),
    ("/articles/", {}, {"1905": 1, "1906": 2, "1912": 1}),
    ("/articles/?q=bell&tag=sea", {"q": "bell", "tag": "sea"}, {"1905": 1, "1906": 1}),
    ("/authors/ada-moss/", {"author": "ada-moss"}, {"1905": 1, "1906": 2}),
    ("/tags/sea/", {"tag": "sea"}, {"1905": 1, "1906": 1, "1912": 1}),
    ("/series/weekly/", {"series": "weekly"}, {"1906": 1, "1912": 1}),
    ("/articles/1906/", {}, {"1905": 1, "1906": 2, "1912": 1}),
    ("/articles/1906/05/", {}, {"1905": 1, "1906": 2, "1912": 1}),
]


@pytest.fixture
def archive(db: None) -> None:
    """Articles of three years."""
    ada, sea = make_author("Ada Moss"), make_tag("Sea")
    weekly = make_series("Weekly", kind="column")
    make_article("Bell one", published_on="1905-05-04", authors=[ada], tags=[sea])
    make_article("Bell two", published_on="1906-05-04", authors=[ada], tags=[sea])
    make_article("Bell three", published_on="1906-05-09", authors=[ada], series=[weekly])
    make_article("Harbour", published_on="1912-05-04", tags=[sea], series=[weekly])


@pytest.mark.parametrize(("address", "kept", "counts"), PAGES)
def test_it_stands_above_with_its_table_and_its_fields(
    client: Client, archive: None, address: str, kept: dict[str, str], counts: dict[str, int]
) -> None:
    page = text_of(client.get(address))
    (bars,) = re.findall(r'<nav class="timeline.*?</nav>', page, re.S)
    drawn = re.findall(r'class="year">(\d+)</span>\s*<span class="unseen"> – (\d+) art', bars)
    assert {year: int(count) for year, count in drawn if count != "0"} == counts
    (form,) = re.findall(r'<form class="period-form".*?</form>', page, re.S)
    assert page.index(bars) < page.index(form)
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    assert dict(hidden) == kept
    years = sorted(counts)
    assert re.findall(r'placeholder="(\d+)"', form) == [years[0], years[-1]]
    (table,) = re.findall(r'<a href="([^"]+)" rel="nofollow">Years as a table</a>', form)
    rows = text_of(client.get(unescape(table)))
    found = re.findall(r'<th scope="row"><a [^>]+>(\d+).*?</th><td>(\d+)<', rows)
    assert {year: int(count) for year, count in found} == counts
    # A period leads to the list of the same articles.
    listed = client.get("/articles/", {**kept, "since": years[0], "until": years[0]})
    assert f"{counts[years[0]]} article" in text_of(listed)


def test_there_are_no_fields_without_a_timeline(client: Client, archive: None) -> None:
    save_site(HomePage(pk=1), {"shows_timeline": False}, actor=None)
    assert "period-form" not in text_of(client.get("/"))
    assert "period-form" not in text_of(client.get("/articles/?year=1912&author=nobody"))
