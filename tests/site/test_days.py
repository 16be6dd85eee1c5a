"""On this day, by both clocks; a random article; what is new."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client, override_settings

from articles import clock, on_this_day
from articles.choices import Status
from articles.models import Article
from articles.writing import admission
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from tests.factories import make_article
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db


def page_of(client: Client, address: str) -> str:
    """Return a page with white space single."""
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(text_of(response).split())


def recalled(page: str) -> list[tuple[str, str]]:
    """Return year and headline of what happened on the day."""
    return re.findall(
        r'<p class="recalled-year">(\d+)</p> <p class="recalled-text"[^>]*><a [^>]*>([^<]+)</a>',
        page,
    )


def listed(page: str) -> list[str]:
    """Return the headlines of the lists."""
    return re.findall(r'<h3 class="headline"><a [^>]*>([^<]+)</a>', page)


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Set the one clock."""
    fixed = datetime.datetime.fromisoformat(moment)
    monkeypatch.setattr(clock, "now", lambda: fixed)
    admission.forget_memory()


def test_by_date_of_publication(client: Client) -> None:
    make_article("Older", published_on="1998-03-09")
    make_article("Newer", published_on="2020-03-09")
    make_article("Next day", published_on="2020-03-10")
    make_article("Month only", published_on="2020-03")
    make_article("First of the month", published_on="2020-03-01")
    make_article("Draft", published_on="2019-03-09", status="draft")
    page = page_of(client, "/on-this-day/03-09/")
    assert "<h1>9 March</h1>" in page
    assert listed(page) == ["Newer", "Older"]
    assert listed(page_of(client, "/on-this-day/03-01/")) == ["First of the month"]
    assert 'href="/on-this-day/03-08/"' in page
    assert 'href="/on-this-day/03-10/"' in page


def test_by_what_articles_recall(client: Client) -> None:
    make_article("25 years ago: 9 March 1995", published_on="2020-03-06")
    make_article("The clock", standfirst="It stopped on March 9th, 1917.", published_on="2001")
    make_article("100 years since the flood", published_on="2011-03-09")
    make_article("In the text", body="<p>On 9 March 1920 it rained.</p>", published_on="2012-01-01")
    make_article("A plan", standfirst="It opens on 9 March.", published_on="2013-02-01")
    make_article("Draft of 9 March 1871", status="draft")
    make_article("Another day: 10 June 1995, not 9 March", published_on="2014-04-04")
    page = page_of(client, "/on-this-day/03-09/")
    assert recalled(page) == [
        ("1911", "100 years since the flood"),
        ("1917", "The clock"),
        ("1995", "25 years ago: 9 March 1995"),
    ]
    assert listed(page) == ["100 years since the flood"]


def test_the_headline_counts_before_the_text(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_this_day, "MOST_HITS", 2)
    make_article("Of 9 March 1917", published_on="2001-01-01")
    for number in range(4):
        make_article(f"Later {number}", body="<p>9 March 9 March</p>", published_on="2019-01-01")
    assert recalled(page_of(client, "/on-this-day/03-09/")) == [("1917", "Of 9 March 1917")]


def test_the_29th_of_february(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_article("Leap", published_on="2020-02-29")
    make_article("Before", published_on="2019-02-28")
    make_article("Leap recalled: 29 February 1904", published_on="2003-05-05")
    assert listed(page_of(client, "/on-this-day/02-29/")) == ["Leap"]
    page = page_of(client, "/on-this-day/02-28/")
    assert listed(page) == ["Leap", "Before"]
    assert "What is of 29 February stands here as well" in page
    assert recalled(page) == [("1904", "Leap recalled: 29 February 1904")]
    assert listed(page_of(client, "/on-this-day/03-01/")) != []
    assert 'href="/on-this-day/02-29/"' in page
    at(monkeypatch, "2028-02-29T12:00+00:00")
    assert client.get("/on-this-day/")["Location"] == "/on-this-day/02-29/"


def test_no_page_is_empty(client: Client) -> None:
    assert "Nothing has been published here yet." in page_of(client, "/on-this-day/03-09/")
    make_article("In May", published_on="2020-05-05")
    page = page_of(client, "/on-this-day/03-09/")
    assert "Nothing near this day; the newest articles" in page
    assert listed(page) == ["In May"]
    make_article("A fortnight off", published_on="2020-03-20")
    page = page_of(client, "/on-this-day/03-09/")
    assert "Nothing on this day; the nearest days" in page
    assert listed(page) == ["A fortnight off"]
    make_article("Two days off", published_on="2019-03-07")
    make_article("One day off", published_on="2018-03-10")
    assert listed(page_of(client, "/on-this-day/03-09/")) == ["One day off", "Two days off"]
    make_article("Early January", published_on="1998-01-04")
    make_article("New Year's Eve", published_on="1999-12-31")
    nearest = listed(page_of(client, "/on-this-day/01-01/"))
    assert nearest == ["New Year&#39;s Eve", "Early January"]


def test_every_day_of_a_leap_year_has_a_page_and_no_other(client: Client) -> None:
    for address, status in (
        ("/on-this-day/02-30/", 404), ("/on-this-day/13-01/", 404), ("/on-this-day/3-9/", 404),
        ("/on-this-day/12-31/", 200), ("/on-this-day/01-01/", 200),
    ):  # fmt: skip
        assert client.get(address).status_code == status, address


@pytest.mark.parametrize(
    ("zone", "address"),
    [("UTC", "/on-this-day/03-09/"), ("Pacific/Auckland", "/on-this-day/03-10/")],
)
def test_today_is_today_where_the_site_is(
    client: Client, monkeypatch: pytest.MonkeyPatch, zone: str, address: str
) -> None:
    at(monkeypatch, "2026-03-09T20:00+00:00")
    with override_settings(TIME_ZONE=zone):
        response = client.get("/on-this-day/")
    assert (response.status_code, response["Location"]) == (302, address)
    assert response["Cache-Control"] == "private, no-store"


def test_a_random_article(client: Client) -> None:
    response = client.get("/random/")
    assert (response.status_code, response["Location"]) == (302, "/articles/")
    articles = [
        make_article(f"N{year}", published_on=f"{year}-01-01") for year in (1999, 2020, 2021)
    ]
    make_article("Draft", status="draft", published_on="2021-02-02")
    found = set()
    for _attempt in range(60):
        response = client.get("/random/")
        assert response["Cache-Control"] == "private, no-store"
        found.add(response["Location"])
    # That one of three is not met in sixty has a chance of one in ten thousand million.
    assert found == {article.get_absolute_url() for article in articles}


def test_what_is_new(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-03-01T12:00+00:00")
    draft: Any = make_article("Long a draft", status="draft", published_on="2020-01-01")
    make_article("Of old, entered first", published_on="1999-01-01")
    at(monkeypatch, "2026-03-05T12:00+00:00")
    make_article("Of old, entered later", published_on="1998-01-01")
    at(monkeypatch, "2026-03-07T12:00+00:00")
    save_article(ArticleChange(draft, {"status": "published"}), actor=None)
    page = page_of(client, "/new/")
    assert listed(page) == ["Long a draft", "Of old, entered later", "Of old, entered first"]
    assert re.findall(r'class="period-name">([^<]+)<', page) == [
        "Since 7 Mar 2026", "Since 5 Mar 2026", "Since 1 Mar 2026"
    ]  # fmt: skip


def test_what_came_in_since_as_drafts_hides_nothing_new(client: Client) -> None:
    make_article("Seen by readers")
    Article.objects.bulk_create(
        Article(headline=f"Draft {number}", slug=f"draft-{number}") for number in range(510)
    )
    assert listed(page_of(client, "/new/")) == ["Seen by readers"]


def test_nothing_new_in_an_empty_archive(client: Client) -> None:
    assert "Nothing has been published here yet." in page_of(client, "/new/")


def test_the_articles_of_a_day(client: Client) -> None:
    make_article("Second", published_on="2020-03-09")
    make_article("First", published_on="2020-03-09")
    make_article("Before", published_on="2020-03-02")
    make_article("After", published_on="2021-01-01")
    make_article("Month only", published_on="2020-03")
    make_article("Draft", published_on="2020-03-08", status="draft")
    page = page_of(client, "/articles/2020/03/09/")
    assert re.findall(r'<h2 class="headline"><a [^>]*>([^<]+)</a>', page) == ["First", "Second"]
    assert "2 articles" in page
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', page) == [
        ("prev", "/articles/2020/03/02/"), ("next", "/articles/2021/01/01/")
    ]  # fmt: skip
    assert 'href="/on-this-day/03-09/"' in page
    for address in ("2020/03/08/", "2020/03/01/", "2020/02/30/", "1871/01/01/", "0000/01/01/"):
        assert client.get(f"/articles/{address}").status_code == 404, address


def test_two_digits_below_a_month_may_be_an_article(client: Client) -> None:
    make_article("Of a day", published_on="2020-04-12")
    article = make_article("Twelve", slug="12", published_on="2020-04")
    assert '<h1 class="headline">Twelve</h1>' in page_of(client, "/articles/2020/04/12/")
    assert "Of a day" in page_of(client, "/articles/2020/04/")
    set_status([article.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    # The day has its page back; where it has none, the article's tombstone stands.
    assert "Of a day" in page_of(client, "/articles/2020/04/12/")
    for slug, date in (("13", "2020-04"), ("31", "2020-04")):
        gone = make_article("Gone", slug=slug, published_on=date)
        set_status([gone.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
        assert client.get(f"/articles/2020/04/{slug}/").status_code == 410


def test_what_nobody_sees_takes_no_day_away(client: Client) -> None:
    make_article("Of a day", published_on="2020-03-05")
    before = client.get("/articles/2020/03/05/").content
    make_article("Hidden", slug="05", published_on="2020-03", status="draft")
    assert client.get("/articles/2020/03/05/").content == before


def test_calendars_of_a_month_and_a_year(client: Client) -> None:
    make_article(published_on="2020-03-09")
    make_article(published_on="2020-03-09")
    make_article(published_on="2020-05-31")
    make_article(published_on="2020-07")
    month = page_of(client, "/articles/2020/03/")
    assert '<a href="/articles/2020/03/09/">9<span class="unseen"> – 2 articles</span></a>' in month
    assert month.count("<table>") == 1
    assert month.index("Monday") < month.index("Sunday")
    # 1 March 2020 was a Sunday: six squares before it are empty.
    assert "<tbody> <tr>" + "<td></td>" * 6 + "<td><span>1</span></td></tr>" in month
    year = page_of(client, "/articles/2020/")
    assert re.findall(r'<caption><a href="([^"]+)">', year) == [
        "/articles/2020/03/", "/articles/2020/05/"
    ]  # fmt: skip
    assert "<table>" not in page_of(client, "/articles/2020/07/")


@pytest.mark.parametrize(
    ("date", "address"),
    [
        ("2020-03-09", "/articles/2020/03/09/"),
        ("2020-03", "/articles/2020/03/"),
        ("2020", "/articles/2020/"),
    ],
)
def test_an_article_leads_to_its_period(client: Client, date: str, address: str) -> None:
    article = make_article(published_on=date)
    assert f'<a href="{address}"><time datetime="{date}">' in page_of(
        client, article.get_absolute_url()
    )
    assert client.get(address).status_code == 200
