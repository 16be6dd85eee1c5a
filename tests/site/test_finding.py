"""Finding without JavaScript: what is left out, periods, long facets, orders, shapes."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from articles import facets, headline_order, paging, suggesting, totals, values
from articles.choices import Status
from articles.counting import postings
from articles.models import Article
from articles.writing.articles import set_status
from tests.factories import make_article, make_articles, make_author, make_series, make_tag
from tests.site.conftest import text_of
from tests.site.test_lists import chips, facet, headlines

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(db: None) -> None:
    """Five articles over three decades."""
    ada, ben = make_author("Ada Moss"), make_author("Ben Reed")
    sea, law, tides = make_tag("Sea"), make_tag("Law"), make_series("Tides")
    for headline, date, authors, tags, language, body in (
        ("Bells toll", "1909-05-01", [ada], [sea], "en", "<p>x</p>"),
        ("Bell", "1912-06-01", [ada, ben], [sea, law], "en", ""),
        ("Łódź", "1918-01-02", [ben], [law], "pl", "<p>x</p>"),
        ("Bells", "1918-03-02", [], [], "en", ""),
        ("apple", "1921", [ada], [], "de-AT", ""),
    ):
        make_article(
            headline, published_on=date, authors=authors, tags=tags, language=language, body=body,
            series=[tides] if tags else [],
        )  # fmt: skip
    make_article("Aardvark", authors=[ada], tags=[sea], status="draft")


def link(response: Any, words: str) -> str:
    """Return the address of the first link that says *words*, unseen ones too."""
    for address, label in re.findall(
        r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', text_of(response), re.S
    ):
        label = re.sub(r'<span[^>]* aria-hidden="true"[^>]*>.*?</span>', "", label)
        said = " ".join(unescape(re.sub("<[^>]*>", "", label)).split())
        if words in said:
            return unescape(address)
    raise AssertionError(words)


def test_a_value_is_left_out_and_put_back(client: Client, archive: None) -> None:
    page = client.get("/articles/")
    assert text_of(page).count('class="leave"') == 5
    out = client.get(link(page, "Leave out Ada Moss"))
    assert headlines(out) == ["Bells", "Łódź"]
    assert chips(out) == ["Ada Moss"]
    # What it leaves out is counted beside it; all others as they are without it.
    assert facet(out, "authors") == {"Ben Reed": 1, "Ada Moss": 3}
    assert facet(out, "tags") == {"Law": 1}
    both = client.get(link(out, "Leave out Ben Reed"))
    assert headlines(both) == ["Bells"]
    # Alone, each would leave out what the other one does not.
    assert facet(both, "authors") == {"Ada Moss": 2, "Ben Reed": 1}
    assert headlines(client.get(link(both, "Ada Moss – 2 articles, left out; put back"))) == [
        "apple", "Bells", "Bells toll",
    ]  # fmt: skip
    assert headlines(client.get(link(both, "Remove Not by Ben Reed"))) == ["Bells", "Łódź"]


def test_what_is_chosen_is_not_offered_to_be_left_out(client: Client, archive: None) -> None:
    page = text_of(client.get("/articles/?tag=sea"))
    assert "Leave out <bdi>Law</bdi>" in page
    assert "Leave out <bdi>Sea</bdi>" not in page
    full = "&".join(f"tag=t{number}" for number in range(20))
    assert 'class="leave"' not in text_of(client.get(f"/articles/?{full}"))


def test_every_filter_link_is_nofollow(client: Client, archive: None) -> None:
    for query in ("", "?tag=sea", "?not_tag=sea&decade=1910"):
        page = text_of(client.get(f"/articles/{query}"))
        sidebar = page[page.index('<aside class="sidebar"') : page.index("</aside>")]
        for tag in re.findall(r"<a [^>]*>", sidebar):
            assert "nofollow" in tag or 'href="/articles/' not in tag, tag


@pytest.mark.parametrize(
    ("query", "robots"),
    [
        ("", ""),
        ("tag=sea", ""),
        ("year=1912", ""),
        ("not_tag=sea", "noindex, follow"),
        ("q=bell", "noindex, follow"),
        ("sort=headline", "noindex, follow"),
        ("view=dense", "noindex, follow"),
        ("tag=sea&year=1909", "noindex, nofollow"),
        ("tag=sea&not_author=ben-reed", "noindex, nofollow"),
    ],
)
def test_combinations_are_not_for_crawlers(
    client: Client, archive: None, query: str, robots: str
) -> None:
    found = re.findall(
        r'name="robots" content="([^"]+)"', text_of(client.get(f"/articles/?{query}"))
    )
    assert found == ([robots] if robots else [])


def test_languages_texts_and_decades_are_facets(client: Client, archive: None) -> None:
    page = client.get("/articles/")
    assert facet(page, "languages") == {"English": 3, "German": 1, "Polish": 1}
    assert facet(page, "body") == {"with full text": 2, "without full text": 3}
    assert facet(page, "decades") == {"1920s": 1, "1910s": 3, "1900s": 1}
    polish = client.get(link(page, "Polish – 1 article"))
    assert headlines(polish) == ["Łódź"]
    assert facet(polish, "languages") == {"English": 3, "German": 1, "Polish": 1}
    # Alternatives within a dimension, narrower with another.
    two = client.get(link(polish, "German – 1 article"))
    assert headlines(two) == ["apple", "Łódź"]
    assert headlines(client.get(link(two, "with full text – 1 article"))) == ["Łódź"]
    tens = client.get(link(page, "1910s – 3 articles"))
    assert headlines(tens) == ["Bells", "Łódź", "Bell"]
    assert facet(tens, "decades") == {"1920s": 1, "1910s": 3, "1900s": 1}
    assert facet(tens, "years") == {"1918": 2, "1912": 1}
    assert headlines(client.get(link(tens, "1900s – 1 article"))) == [
        "Bells", "Łódź", "Bell", "Bells toll",
    ]  # fmt: skip
    assert headlines(client.get(link(tens, "1912 – 1 article"))) == ["Bell"]


def test_a_facet_that_parts_nothing_is_not_shown(client: Client) -> None:
    make_article("One", published_on="1912", tags=["Sea"])
    page = client.get("/articles/")
    for name in ("languages", "decades", "body"):
        assert f'id="facet-{name}"' not in text_of(page)
    # One that is in force always is.
    page = client.get("/articles/?language=en&decade=1910&body=without")
    assert facet(page, "languages") == {"English": 1}
    assert facet(page, "decades") == {"1910s": 1}
    assert facet(page, "body") == {"without full text": 1}


def test_a_period_is_chosen_in_a_form(client: Client, archive: None) -> None:
    page = text_of(client.get("/articles/?tag=law&year=1912&decade=1910&sort=oldest"))
    form = page[page.index('<form class="period-form"') :].split("</form>")[0]
    kept = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    assert kept == [("tag", "law"), ("sort", "oldest")]
    assert 'placeholder="1909"' in text_of(client.get("/articles/"))
    sent = client.get("/articles/?tag=law&sort=oldest&since=1910&until=1918")
    assert headlines(sent) == ["Bell", "Łódź"]
    assert chips(sent) == ["Law", "1910", "1918"]
    shown = text_of(sent)
    assert 'name="since"' in shown
    assert 'value="1910"' in shown
    assert headlines(client.get("/articles/?since=&until=1909")) == ["Bells toll"]


def test_a_period_typed_backwards_is_turned_round(client: Client, archive: None) -> None:
    right = client.get("/articles/?since=1909-01&until=1918")
    turned = client.get("/articles/?since=1918&until=1909-01")
    assert headlines(turned) == headlines(right) != []
    page = text_of(turned)
    assert re.search('<input id="since"[^>]*value="1909"', page)
    assert re.search('<input id="until"[^>]*value="1918"', page)


def test_the_timeline_keeps_other_years_in_sight(client: Client, archive: None) -> None:
    page = client.get("/articles/?since=1912&until=1918")
    bars = text_of(page).split('class="timeline')[1].split("</nav>")[0]
    years = re.findall(
        r'<li( class="within")?>\s*<a href="([^"]+)".*?class="year">(\d+)', bars, re.S
    )
    assert [(bool(within), year) for within, _url, year in years] == [
        (False, "1909"), (True, "1912"), (True, "1918"), (False, "1921"),
    ]  # fmt: skip
    # Another year takes the place of the period; one within it narrows it.
    urls = {year: unescape(url) for _within, url, year in years}
    assert urls["1921"] == "/articles/?year=1921"
    assert headlines(client.get(urls["1912"])) == ["Bell"]
    assert "in the chosen period" in bars


@pytest.mark.parametrize("sorted_up_to", [0, 20_000], ids=["along the index", "sorted"])
def test_headlines_from_a_to_z(
    client: Client, archive: None, monkeypatch: pytest.MonkeyPatch, sorted_up_to: int
) -> None:
    monkeypatch.setattr(headline_order, "SORTED", sorted_up_to)
    expected = ["apple", "Bell", "Bells", "Bells toll", "Łódź"]
    page = client.get("/articles/?sort=headline")
    assert headlines(page) == expected
    assert 'class="period-name"' not in text_of(page)
    assert headlines(client.get("/articles/?sort=headline&author=ada-moss")) == [
        "apple", "Bell", "Bells toll",
    ]  # fmt: skip
    assert headlines(client.get("/articles/?sort=headline&q=bell*")) == expected[1:4]
    # As everybody is told who asks for another order.
    assert link(client.get("/articles/"), "Headline") == "/articles/?sort=headline"


@pytest.mark.parametrize("filters", ["", "&tag=sea"])
@pytest.mark.parametrize("sorted_up_to", [0, 20_000])
def test_headlines_are_read_by_number_then_by_key(
    client: Client, monkeypatch: pytest.MonkeyPatch, sorted_up_to: int, filters: str
) -> None:
    from articles import filters as reading

    monkeypatch.setattr(headline_order, "SORTED", sorted_up_to)
    monkeypatch.setattr(headline_order, "_STEP", 2)
    for module in (reading, paging):
        monkeypatch.setattr(module, "MAX_PAGE", 2)
    monkeypatch.setattr(paging, "PAGE_SIZE", 3)
    # Two of each, the newer one first; what has no tag lies between them.
    for number in range(11):
        make_article(f"N{number // 2}", published_on=f"20{10 + number}", tags=["Sea"])
        make_article(f"N{number // 2} and more", published_on="2000", tags=[])
    rows = Article.objects.published().values_list("headline", "sort_key")
    tagged = Article.objects.published().tagged("sea").values_list("headline", "sort_key")
    wanted = tagged if filters else rows
    expected = [name for name, _key in sorted(wanted, key=lambda row: (row[0], -(row[1] or 0)))]
    address, seen, pages = f"/articles/?sort=headline{filters}", [], []
    while address:
        response = client.get(address)
        assert response.status_code == 200
        pages.append(headlines(response))
        seen += pages[-1]
        found = re.findall(r'class="way" rel="next" href="([^"]+)"', text_of(response))
        address = unescape(found[0]) if found else ""
    assert seen == expected
    back = []
    while True:
        found = re.findall(r'class="way" rel="prev" href="([^"]+)"', text_of(response))
        if not found:
            break
        response = client.get(unescape(found[0]))
        back.append(headlines(response))
    assert back[: len(pages) - 2] == pages[1:-1][::-1]


def test_no_hidden_headline_can_be_placed(client: Client, archive: None) -> None:
    draft = Article.objects.get(headline="Aardvark")
    shown = Article.objects.get(headline="Bell")
    address = "/articles/?sort=headline&after={}"
    assert draft.sort_key
    assert client.get(address.format(shown.sort_key)).status_code == 200
    assert client.get(address.format(draft.sort_key)).status_code == 404
    assert client.get(address.format(0)).status_code == 404
    set_status([shown.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    assert client.get(address.format(shown.sort_key)).status_code == 404


def test_a_dense_list_has_less_and_stays_dense(client: Client) -> None:
    make_article(
        "Bell", kicker="Tides", subtitle="It rings", standfirst="It rang.", body="<p>A bell.</p>",
        authors=["Ada Moss"],
    )  # fmt: skip
    roomy = text_of(client.get("/articles/"))
    dense = text_of(client.get("/articles/?view=dense"))
    for text in ("It rings", "It rang."):
        assert text in roomy
        assert text not in dense
    for text in ("Tides", "Bell", "Ada Moss"):
        assert text in dense
    assert 'class="entries dense"' in dense
    addresses = re.findall(r'<a href="(/articles/\?[^"]+)"', dense)
    assert {("view=dense" in item) for item in addresses if "year=" in item} == {True}
    assert link(client.get("/articles/?view=dense"), "Roomy") == "/articles/"
    assert 'name="view" value="dense"' in dense
    # It is no filter.
    assert 'class="chips"' not in dense
    assert "Search the archive" in dense
    assert client.get("/feed.atom?view=dense&sort=headline").status_code == 200


@pytest.fixture
def many(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """More authors than a facet shows, and more than a page of them."""
    for module in (totals, facets):
        monkeypatch.setattr(module, "TOP", 3)
    monkeypatch.setattr(values, "PAGE_SIZE", 4)
    for number in range(6):
        author = make_author(f"Person{number} Smith", sort_name=f"Smith, Person{number}")
        bell = {"headline": "Bell", "authors": [author], "tags": ["Sea"] if number % 2 else []}
        make_articles(*[bell] * (number + 1))
    make_article("Bell", authors=[make_author("Zoë Ångström", sort_name="Ångström, Zoë")])


def shown_values(response: Any) -> dict[str, int]:
    """Return the values on the page of all values, with their counts."""
    found = text_of(response).split('class="all-values"')[1]
    pairs = re.findall(r'class="value">(.*?)</bdi>\s*<span class="count"[^>]*>([\d,]+)<', found)
    return {unescape(label): int(count) for label, count in pairs}


def test_a_long_facet_leads_to_all_its_values(client: Client, many: None) -> None:
    page = client.get("/articles/?tag=sea&sort=oldest")
    assert facet(page, "authors") == {"Person5 Smith": 6, "Person3 Smith": 4, "Person1 Smith": 2}
    assert "data-find" not in text_of(page)
    page = client.get("/articles/?sort=oldest")
    assert list(facet(page, "authors")) == ["Person5 Smith", "Person4 Smith", "Person3 Smith"]
    assert 'action="/articles/by/authors/" data-find' in text_of(page)
    more = client.get(link(page, "More in this list: Authors"))
    assert list(shown_values(more)) == [f"Person{number} Smith" for number in (5, 4, 3, 2)]
    rest = client.get(link(more, "Next"))
    assert list(shown_values(rest)) == ["Person1 Smith", "Zoë Ångström", "Person0 Smith"] or (
        set(shown_values(rest)) == {"Person1 Smith", "Zoë Ångström", "Person0 Smith"}
    )
    chosen = link(rest, "Person1 Smith – 2 articles")
    assert chosen == "/articles/?author=person1-smith&sort=oldest"
    assert link(rest, "Leave out Person1 Smith").startswith("/articles/?not_author=person1-smith")
    assert link(rest, "Back to the list") == "/articles/?sort=oldest"
    assert client.get("/articles/by/authors/?page=3").status_code == 404
    assert 'content="noindex, nofollow"' in text_of(rest)


@pytest.mark.parametrize(
    ("find", "expected"),
    [
        ("person1", ["Person1 Smith"]),
        ("ang", ["Zoë Ångström"]),
        ("ÅNG", ["Zoë Ångström"]),
        ("zoe", ["Zoë Ångström"]),
        ("smith", ["Person5 Smith", "Person4 Smith", "Person3 Smith", "Person2 Smith"]),
        ("mith", []),
        ("%", []),
        ("_", []),
    ],
)
def test_a_value_is_found_by_its_words(
    client: Client, many: None, find: str, expected: list[str]
) -> None:
    response = client.get("/articles/by/authors/", {"find": find})
    assert response.status_code == 200
    assert list(shown_values(response)) == expected
    assert (">Nothing here begins like that.<" in text_of(response)) is (expected == [])


def test_a_value_is_found_within_the_list_only(client: Client, many: None) -> None:
    make_article("Hidden", authors=["Person9 Smith"], status="draft")
    response = client.get("/articles/by/authors/?tag=sea&find=smith")
    assert shown_values(response) == {"Person5 Smith": 6, "Person3 Smith": 4, "Person1 Smith": 2}
    assert chips(response) == ["Sea"]
    assert shown_values(client.get("/articles/by/authors/?find=person9")) == {}


def test_the_most_frequent_value_is_found_beyond_the_end_of_the_alphabet(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "MOST_CALLED", 2)
    for letter in "abcdef":
        make_article(f"Hidden {letter}", authors=[f"Ma{letter} Smith"], status="draft")
        make_article(f"Shown {letter}", authors=[f"Mb{letter} Smith"])
    for number in range(3):
        make_article(f"Often {number}", authors=["Mzed Brown"])
    found = shown_values(client.get("/articles/by/authors/?find=m"))
    assert next(iter(found.items())) == ("Mzed Brown", 3)
    monkeypatch.setattr(values, "_MOST_FREQUENT", 0)
    # Nobody whom readers do not see takes the room of one whom they do.
    assert set(shown_values(client.get("/articles/by/authors/?find=m"))) == {
        "Mba Smith", "Mbb Smith",
    }  # fmt: skip


@pytest.mark.parametrize("number", ["0", "5", str(2**53)])
def test_any_number_may_stand_in_the_address_of_a_long_list(
    client: Client, monkeypatch: pytest.MonkeyPatch, archive: None, number: str
) -> None:
    monkeypatch.setattr(postings, "_FEW", 1)
    for path in ("/articles/", "/authors/ada-moss/", "/articles/1912/"):
        for way in ("after", "before"):
            assert client.get(f"{path}?{way}={number}").status_code in {200, 404}


def test_years_are_a_table(client: Client, archive: None) -> None:
    page = text_of(client.get("/articles/by/years/?author=ada-moss"))
    rows = re.findall(
        r'<th scope="row"><a href="([^"]+)" rel="nofollow">(\d+)</a></th><td>(\d+)<', page
    )
    assert [(unescape(url), year, count) for url, year, count in rows] == [
        ("/articles/?author=ada-moss&year=1921", "1921", "1"),
        ("/articles/?author=ada-moss&year=1912", "1912", "1"),
        ("/articles/?author=ada-moss&year=1909", "1909", "1"),
    ]
    assert link(client.get("/articles/?author=ada-moss"), "Years as a table") == (
        "/articles/by/years/?author=ada-moss"
    )
    assert "1912" in text_of(client.get("/articles/by/years/?find=1912"))
    assert ">1909<" not in text_of(client.get("/articles/by/years/?find=1912"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/articles/by/months/", 404),
        ("/articles/by/publisher/", 404),
        ("/articles/by/tags/?find=" + "x" * 201, 400),
        ("/articles/by/tags/?find=a&find=b", 400),
        ("/articles/by/tags/?page=0", 400),
        ("/articles/by/tags/?page=2", 404),
        ("/articles/by/tags/?q=---", 200),
        ("/articles/by/tags/?q=bell", 200),
        ("/articles/by/years/?page=2", 404),
        ("/articles/by/tags/?find=%00", 400),
        ("/articles/by/tags/?utm_source=x", 200),
    ],
)
def test_odd_addresses_of_values(client: Client, archive: None, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_help_names_what_lists_can_do(client: Client, archive: None) -> None:
    page = text_of(client.get("/searching/"))
    for words in ("leave", "headline", "decade", "Did you mean"):
        assert words in page
