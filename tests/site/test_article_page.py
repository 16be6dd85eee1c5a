"""The page of an article, and the pages of series, authors and tags around it."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from articles.models import ImportRun, Source, SourceEntry, SourceListing
from articles.writing.names import save_named
from tests.factories import make_article, make_author, make_series, make_tag
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db


def read(client: Client, article: Any) -> str:
    """Return the page of *article*, with white space single."""
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    return " ".join(text_of(response).split())


def test_order_of_the_heads(client: Client) -> None:
    article = make_article(
        "The headline", kicker="The kicker", subtitle="The subtitle", standfirst="The standfirst",
        body="<p>The body</p>", authors=["Ada Moss"], part_label="Part 2: The label",
    )  # fmt: skip
    page = read(client, article)
    main = page[page.index("<main") :]
    words = ["The kicker", "The headline", "The subtitle", "The label", "Ada Moss", "1 March 2020"]
    words += ["The standfirst", "The body", "Permanent link", "Entered by hand."]
    places = [main.index(word) for word in words]
    assert places == sorted(places)
    assert f"/a/{article.public_key.key}/" in page


def test_credits_link_and_roles_are_named(client: Client) -> None:
    ada, ben = make_author("Ada Moss"), make_author("Ben Reed")
    article = make_article(
        authors=[ada, (ben, "trl")], byline="By Ada Moss; translated from the Low German"
    )
    page = read(client, article)
    assert 'By <a rel="author" href="/authors/ada-moss/"><bdi>Ada Moss</bdi></a>' in page
    assert 'translated by <a rel="author" href="/authors/ben-reed/">' in page
    assert "as printed: <bdi>By Ada Moss; translated from the Low German</bdi>" in page
    plain = read(client, make_article(authors=[ada, ben], byline="By Ada Moss and Ben Reed"))
    assert "as printed" not in plain
    bare = read(client, make_article(byline="From our correspondents"))
    assert "<bdi>From our correspondents</bdi>" in bare
    assert "as printed" not in bare


def test_headings_of_the_text_stand_below_that_of_the_page(client: Client) -> None:
    article = make_article("Fog", body="<h3>Bank</h3><p>A wall.</p><h4>Low</h4><p>Lower.</p>")
    page = text_of(client.get(article.get_absolute_url()))
    assert "<h2>Bank</h2>" in page
    assert "<h3>Low</h3>" in page


def test_without_body_it_says_where_the_text_is(client: Client) -> None:
    for fields, words in (
        ({"source_url": "https://example.org/x?a=1&b=2"}, 'It can be read at <a href="https://exa'),
        ({"publication": "Tidewater", "issue": "4"}, "It was printed in Tidewater, no. 4."),
        ({}, "Where it can be read is not recorded."),
    ):
        page = read(client, make_article(**fields))
        assert "The full text is not held here." in page
        assert words in page
    whole = read(client, make_article(body="<p>Here.</p>"))
    assert "not held here" not in whole
    assert text_of(client.get("/articles/")).count('class="full"') == 1


def test_a_serial_with_gaps(client: Client) -> None:
    series = make_series("Ledger", kind="serial")
    parts = {
        number: make_article(f"Chapter {number}", series=[(series, number)], published_on=date)
        for number, date in ((1, "2020-01-05"), (2, "2020-01-04"), (4, "2020-01-03"))
    }
    make_article("Chapter 3", series=[(series, 3)], status="draft")
    make_article("Chapter 5", series=[(series, 5)], status="draft")
    page = read(client, parts[2])
    assert "part 2 of 4" in page
    assert "Part 3 is not in this archive" in page
    assert re.search(r'rel="prev" href="[^"]+chapter-1/"> ?<span[^>]*>Previous part', page)
    assert re.search(r'rel="next" href="[^"]+chapter-4/"> ?<span[^>]*>Next part', page)
    listed = text_of(client.get("/series/ledger/"))
    places = [
        listed.index(word) for word in ("Chapter 1", "Chapter 2", "Part 3 is not in", "Chapter 4")
    ]
    assert places == sorted(places)
    assert "Chapter 5" not in listed
    assert "3 parts" in listed
    assert listed.count("dot gap") == 0
    assert text_of(client.get("/series/")).count("dot gap") == 1


def test_a_serial_with_absurd_numbers(client: Client) -> None:
    series = make_series("Ledger", kind="serial")
    make_article("Late", series=[(series, 2_000_000_000)])
    make_article("Loose", series=[series])
    listed = text_of(client.get("/series/ledger/"))
    assert "Parts 1 to 1999999999 are not in this archive." in listed
    assert listed.index("Late") < listed.index("Loose")
    assert client.get("/series/").status_code == 200


def test_a_column_goes_by_date(client: Client) -> None:
    series = make_series("Weekly", kind="column")
    articles = [
        make_article(f"Week {number}", series=[series], published_on=f"2020-01-0{number}")
        for number in range(1, 6)
    ]
    page = read(client, articles[2])
    assert re.search(r'rel="prev" href="[^"]+week-2/"> ?<span[^>]*>Before in this column', page)
    assert re.search(r'rel="next" href="[^"]+week-4/"> ?<span[^>]*>Next in this column', page)
    listed = text_of(client.get("/series/weekly/"))
    assert listed.index("Week 5") < listed.index("Week 1")


def test_an_article_in_a_column_and_a_serial(client: Client) -> None:
    column, serial = make_series("Weekly", kind="column"), make_series("Ledger", kind="serial")
    page = read(client, make_article(series=[column, (serial, 1)]))
    assert page.count('class="series-box"') == 2


def test_translations_link_both_ways(client: Client) -> None:
    original = make_article("A bell", language="en")
    russian = make_article("Колокол", language="ru", translation_of=original.pk)
    arabic = make_article("الجرس", language="ar", translation_of=original.pk)
    make_article("Secret", language="fr", translation_of=original.pk, status="draft")
    assert "Translation</span>" in read(client, original)
    for page, others in (
        (read(client, original), [russian, arabic]),
        (read(client, russian), [original, arabic]),
        (read(client, arabic), [original, russian]),
    ):
        for other in others:
            assert f'href="{other.get_absolute_url()}" hreflang="{other.language}"' in page
        assert "Secret" not in page
    assert "Translated from</span>" in read(client, russian)
    assert '<article class="article" lang="ar" dir="rtl">' in read(client, arabic)
    assert 'lang="ar" dir="rtl"' in text_of(client.get("/articles/"))


def test_neighbours_by_date(client: Client) -> None:
    first, middle, last = (
        make_article(f"N{number}", published_on=f"2020-01-0{number}") for number in (1, 2, 3)
    )
    make_article("Draft between", published_on="2020-01-02", status="draft")
    page = read(client, middle)
    assert f'rel="prev" href="{first.get_absolute_url()}"' in page
    assert f'rel="next" href="{last.get_absolute_url()}"' in page
    assert "Draft between" not in page


def imported(file_name: str, input_format: str) -> Any:
    """Return an article that came from lines 9 to 15 of a file."""
    article = make_article("Imported")
    source = Source.objects.create(name="History", key="history", is_sample=True)
    listing = SourceListing.objects.create(
        source=source, sha256="0" * 64, file_name=file_name, size=1, encoding="utf-8",
        input_format=input_format,
    )  # fmt: skip
    moment = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
    run = ImportRun.objects.create(
        source=source, listing=listing, file_name="listing.txt", started=moment, finished=moment
    )
    SourceEntry.objects.create(
        listing=listing, run=run, article=article, ordinal=1, first_line=9, last_line=15,
        text="secret verbatim", fingerprint="x", change="CREATE",
    )  # fmt: skip
    return article


@pytest.mark.parametrize(
    ("input_format", "words"),
    [
        ("html", "From the listing history, lines"),
        ("xlsx", "From the table history, lines"),
        ("jsonfeed", "From the feed history, lines"),
        ("wordpress", "From the export history, lines"),
        ("fixture", "From the file history, lines"),
    ],
)
def test_provenance_says_what_the_file_is(client: Client, input_format: str, words: str) -> None:
    assert words in read(client, imported("history", input_format))


def test_provenance_of_an_imported_article(client: Client) -> None:
    page = read(client, imported("C:\\in\\listing.txt", "text"))
    assert "From the listing listing.txt, lines 9–15, imported on 24 Nov 2026." in page
    assert "follows a topic page of the World Socialist Web Site" in page
    assert "World Socialist Web Site" in text_of(client.get("/"))
    assert "secret verbatim" not in page


def test_correction_and_tags(client: Client) -> None:
    page = read(client, make_article(correction_note="It was <two> bells.", tags=["C++"]))
    assert "It was &lt;two&gt; bells." in page
    assert '<a rel="tag" href="/tags/cplusplus/"><bdi>C++</bdi></a>' in page


def test_author_pages(client: Client) -> None:
    ada = make_author("Ada Moss", bio="Wrote.\n\nMuch.", born="1871", died="1949-03")
    make_author("Never Public")
    make_article("Hers", authors=[ada], tags=["Sea"])
    make_article("Another's", authors=["Ørsted Ågesen"])
    page = text_of(client.get("/authors/ada-moss/"))
    assert "1871 – March 1949" in page
    assert "Hers" in page
    assert "Another" not in page
    assert 'href="/articles/?author=ada-moss&amp;tag=sea"' in page
    index = text_of(client.get("/authors/"))
    assert "Never Public" not in index
    assert re.findall(r"<bdi>([^<]+)</bdi></a>", index) == ["Ågesen, Ørsted", "Moss, Ada"]
    for born, died, words in (("", "1949", "died 1949"), ("1871", "", "born 1871")):
        ada.born, ada.died = born, died
        save_named(ada, actor=None)
        assert words in text_of(client.get("/authors/ada-moss/"))


def test_aliases_and_co_authors(client: Client) -> None:
    ada = make_author("Ada Moss", aliases=["A. Moss", "ADA MOSS", "Moss, Ada"])
    ben = make_author("Ben Reed")
    make_article("One", authors=[ada, ben, (ben, "trl")])
    make_article("Two", authors=[ada, ben], published_on="2019")
    make_article("Three", authors=[ada, "Cy Ash"], status="draft")
    page = " ".join(text_of(client.get("/authors/ada-moss/")).split())
    assert "Also credited as <bdi>A. Moss</bdi></p>" in page
    assert re.search(
        r'Writes with.*<bdi>Ben Reed</bdi></a> <span class="count">.*?2 articles', page
    )
    assert "Cy Ash" not in page
    assert 'aria-label="Articles by year"' in page


def test_tags_beside_a_tag(client: Client) -> None:
    make_article("One", tags=["Sea", "Bells"])
    make_article("Two", tags=["Sea", "Bells", "Ropes"])
    make_article("Three", tags=["Ropes", "Land"])
    page = " ".join(text_of(client.get("/tags/sea/")).split())
    beside = page[page.index("Related tags") : page.index("</section>")]
    assert re.findall("<bdi>([^<]+)</bdi>", beside) == ["Bells", "Ropes"]


def test_tag_page(client: Client) -> None:
    tag = make_tag("Sea", description="Salt & water.")
    make_article("Wet", tags=[tag])
    page = text_of(client.get("/tags/sea/"))
    assert "Salt &amp; water." in page
    assert "Wet" in page


def test_a_tag_page_has_its_people_its_related_tags_and_its_years(client: Client) -> None:
    ada, ben = make_author("Ada Moss"), make_author("Ben Reed")
    make_article("One", tags=["Sea", "Bells"], authors=[ada, ben], published_on="1905")
    make_article("Two", tags=["Sea", "Ropes", "Bells"], authors=[ada], published_on="1907")
    make_article("Elsewhere", tags=["Land"], authors=["Cy Ash"], published_on="1906")
    make_article("Hidden", tags=["Sea", "Fog"], authors=["Dee Fox"], status="draft")
    page = " ".join(text_of(client.get("/tags/sea/")).split())
    people = page.split('data-facet="authors"')[1].split("</section>")[0]
    links = r'<a href="([^"]+)"[^>]*> <bdi class="value">([^<]+)</bdi>.*?unseen"> – (\d+) article'
    assert re.findall(links, people) == [
        ("/articles/?author=ada-moss&amp;tag=sea", "Ada Moss", "2"),
        ("/articles/?author=ben-reed&amp;tag=sea", "Ben Reed", "1"),
    ]
    beside = page.split('class="beside"')[1].split("</section>")[0]
    assert re.findall(r'<a href="([^"]+)"><bdi>', beside) == ["/tags/bells/", "/tags/ropes/"]
    assert re.findall(r"(\d+) article", beside) == ["2", "1"]
    years = page.split('class="timeline')[1].split("</nav>")[0]
    bars = re.findall(r'class="year">(\d+)</span> <span class="unseen"> – (\d+|No) art', years)
    assert [(year, count) for year, count in bars if count not in {"0", "No"}] == [
        ("1905", "1"), ("1907", "1"),
    ]  # fmt: skip
    assert "Elsewhere" not in page
    assert "Fog" not in page
    assert "Dee Fox" not in page


@pytest.mark.parametrize("count", [0, 1, 3])
def test_home_with_few_articles(client: Client, count: int) -> None:
    for number in range(count):
        make_article(f"Number {number}", published_on=f"{2018 + number}-01-01", authors=["Ada"])
    page = " ".join(text_of(client.get("/")).split())
    expected = {
        0: "An archive, and nothing published in it yet.",
        1: "1 article from 2018.",
        3: "3 articles by 1 author, from 2018 to 2020.",
    }
    assert expected[count] in page
    assert ('class="timeline"' in page) is (count > 1)
    assert page.count('class="entry"') == count
