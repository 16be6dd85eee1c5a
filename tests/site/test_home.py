"""The first page as editors make it: what they chose, and nothing that readers may not see."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from articles import clock
from articles.choices import Status
from articles.counting import live
from articles.models import Article, HomePage, SearchDocument
from articles.models.article import sort_key_of
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from articles.writing.names import save_named
from articles.writing.site import save_site
from tests.factories import make_article, make_series
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db


def choose(**values: Any) -> None:
    save_site(HomePage.objects.first() or HomePage(pk=1), values, actor=None)


def chosen(client: Client) -> list[str]:
    """Return the headlines of the lead and the pins, in order."""
    text = text_of(client.get("/"))
    if 'class="chosen' not in text:
        return []
    part = text.split('class="chosen')[1].split("</section>")[0]
    heads = re.findall(r'<h2 class="headline[^>]*><a href="[^"]+">(.*?)</a>', part)
    return [re.sub("<[^>]+>", "", head) for head in heads]


def latest(client: Client) -> list[str]:
    text = text_of(client.get("/")).split('class="latest"')[1].split('class="ways-in"')[0]
    return re.findall(r'<h4 class="headline"><a href="[^"]+">(.*?)</a>', text)


def test_without_a_choice_it_shows_what_there_is(client: Client) -> None:
    assert "nothing published in it yet" in text_of(client.get("/"))
    make_article("Bell")
    text = text_of(client.get("/"))
    assert "1 article from 2020." in text
    assert chosen(client) == []
    assert latest(client) == ["Bell"]


def test_lead_and_pins_stand_first_and_not_among_the_latest(client: Client) -> None:
    lead, one, two = (make_article(name) for name in ("Lead", "One", "Two"))
    make_article("Three")
    tides = make_series("Tides", kind="serial")
    make_article("Part", series=[(tides, 1)])
    pins = [{"article": two.pk}, {"series": tides.pk}, {"article": one.pk}, {"article": lead.pk}]
    choose(lead=lead.pk, pins=pins, introduction="Of the sea\nand its <people>.")
    assert chosen(client) == ["Lead", "Two", "Tides", "One"]
    assert latest(client) == ["Part", "Three"]
    text = text_of(client.get("/"))
    assert "Of the sea\nand its &lt;people&gt;." in text
    assert "1 part" in text
    assert "5 articles" in text


@pytest.mark.parametrize("act", ["withdraw", "hide series"])
def test_what_is_withdrawn_is_gone_at_once(client: Client, act: str) -> None:
    lead, one = make_article("Lead"), make_article("One")
    tides = make_series("Tides")
    part = make_article("Part", series=[tides])
    choose(lead=lead.pk, pins=[{"article": one.pk}, {"series": tides.pk}])
    assert chosen(client) == ["Lead", "One", "Tides"]
    gone, left = [lead.pk, one.pk], ["Tides"]
    if act == "hide series":
        gone, left = [part.pk], ["Lead", "One"]
    set_status(gone, Status.WITHDRAWN, actor=None, reason="Wrong.")
    assert chosen(client) == left
    set_status(gone, Status.PUBLISHED, actor=None)
    assert chosen(client) == ["Lead", "One", "Tides"]


def test_drafts_and_what_is_to_come_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = make_article("Draft", status="draft")
    due = clock.now() + datetime.timedelta(hours=1)
    later = make_article("Later", visible_from=due)
    make_article("Bell")
    choose(lead=later.pk, pins=[{"article": draft.pk}])
    assert chosen(client) == []
    monkeypatch.setattr(clock, "now", lambda: due)
    from articles.writing import admission

    admission.forget_memory()
    assert chosen(client) == ["Later"]


def test_a_corrected_headline_is_corrected_here(client: Client) -> None:
    lead, tides = make_article("Led"), make_series("Tide")
    make_article("Part", series=[tides])
    choose(lead=lead.pk, pins=[{"series": tides.pk}])
    save_article(ArticleChange(article=lead, fields={"headline": "Lead"}), actor=None)
    tides.title = "Tides"
    save_named(tides, actor=None)
    assert chosen(client) == ["Lead", "Tides"]


def test_on_this_day_has_its_place_and_its_switch(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not before the articles were made.
    year = clock.now().year + 1
    moment = datetime.datetime(year, 5, 4, 12, tzinfo=datetime.UTC)
    make_article("Then", published_on="1990-05-04")
    make_article("Not then", published_on="1990-05-05")
    make_article("Fifty years since 4 May 1926", published_on="1976-04-30")
    monkeypatch.setattr(clock, "now", lambda: moment)
    text = text_of(client.get("/"))
    part = text.split("of-the-day")[1].split("</section>")[0]
    assert re.findall(r'recalled-year">(\d+)<', part) == ["1926", "1990"]
    assert "Not then" not in part
    assert "/on-this-day/05-04/" in part
    choose(shows_on_this_day=False)
    assert "of-the-day" not in text_of(client.get("/"))


def test_the_years_have_a_switch(client: Client) -> None:
    for year in (1990, 2000):
        make_article(published_on=str(year))
    assert 'class="timeline"' in text_of(client.get("/"))
    choose(shows_timeline=False)
    assert 'class="timeline"' not in text_of(client.get("/"))


@pytest.mark.parametrize("count", [1, 12, 100])
def test_it_is_whole_with_few_and_with_many(client: Client, count: int) -> None:
    articles = [
        make_article(f"Article {number}", published_on=f"{1950 + number % 60}-03-01")
        for number in range(count)
    ]
    choose(lead=articles[0].pk, pins=[{"article": one.pk} for one in articles[1:4]])
    assert len(chosen(client)) == min(count, 4)
    assert len(latest(client)) == min(max(count - 4, 0), 10)
    assert ("All 100 articles" in text_of(client.get("/"))) is (count == 100)
    assert Article.objects.count() == count
    assert unfinished(client) == []


def test_it_is_whole_with_ten_thousand(client: Client) -> None:
    tides = make_series("Tides")
    newest = [
        make_article(
            f"New {number}", published_on=f"2021-03-{number + 1:02d}", authors=[f"Ada {number}"],
            tags=["Sea"], series=[tides],
        )
        for number in range(20)
    ]  # fmt: skip
    choose(lead=newest[-1].pk, pins=[{"article": newest[-3].pk}])
    copy_to(newest[0], 10_000)
    assert chosen(client) == ["New 19", "New 17"]
    assert latest(client) == [f"New {n}" for n in (18, 16, 15, 14, 13, 12, 11, 10, 9, 8)]
    text = text_of(client.get("/"))
    assert "10,000 articles by 20 authors, from 1950 to 2021." in text
    assert "All 10,000 articles" in text
    part = text.split('class="timeline')[1].split("</nav>")[0]
    assert len(re.findall('class="year">', part)) == 61
    assert unfinished(client) == []


def unfinished(client: Client) -> list[str]:
    """Return what looks as if the first page were not finished: headings over nothing, lists
    without entries, an article that stands twice among what is chosen and newest."""
    text = text_of(client.get("/"))
    main = text.split("<main")[1].split("</main>")[0]
    wrong = []
    for element in ("ul", "ol", "section", "nav", "h2", "p"):
        found = re.findall(rf"<{element}\b[^>]*>(.*?)</{element}>", main, re.S)
        wrong += [element for inside in found if not re.sub("<[^>]+>", "", inside).strip()]
    for name in re.split('class="section-name"', main)[1:]:
        part = name.split("</section>")[0].split('class="way-in')[0]
        if "<li" not in part:
            wrong.append(f"a heading over nothing: {name[:40]}")
    heads = chosen(client) + latest(client)
    return wrong + [head for head in set(heads) if heads.count(head) > 1]


def copy_to(article: Article, total: int) -> None:
    """Let there be *total* public articles, the further ones copies of *article* by their rows,
    over the years from 1950 to 2009."""
    first, document = article.pk + 1_000, SearchDocument.objects.get(article=article)
    kept = " ".join(term for term in document.facets.split() if term[0] not in "ym")
    fields = [
        field.attname
        for field in Article._meta.concrete_fields
        if field.attname not in {"id", "published_on", "sort_key", "slug", "headline"}
    ]
    values = {name: getattr(article, name) for name in fields}
    articles, documents = [], []
    for pk in range(first, first + total - Article.objects.count()):
        day = datetime.date(1950 + pk % 60, 1 + pk % 12, 1)
        key = sort_key_of(day, pk)
        articles.append(
            Article(**values, pk=pk, published_on=day, sort_key=key, slug=f"o-{pk}", headline="Old")
        )
        terms = f"{kept} y{day.year} m{day:%Y%m}"
        documents.append(SearchDocument(sort_key=key, article_id=pk, headline="old", facets=terms))
    Article.objects.bulk_create(articles, batch_size=1000)
    SearchDocument.objects.bulk_create(documents, batch_size=1000)
    live.forget()
