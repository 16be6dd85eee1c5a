"""The list of articles: filters, facets, search, order, pages."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from articles import filters, paging
from articles.models import Article
from tests.factories import make_article, make_author, make_series, make_tag
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db


def headlines(response: Any) -> list[str]:
    """Return the headlines of a list in its order."""
    found = re.findall(r'class="headline"><a href="[^"]+">(.*?)</a>', text_of(response))
    return [unescape(re.sub(r"</?mark>", "", item)) for item in found]


def facet(response: Any, name: str) -> dict[str, int]:
    """Return the values of one facet with their counts."""
    match = re.search(rf'<h3 id="facet-{name}">.*?</section>', text_of(response), re.S)
    values = re.findall(
        r'class="value">(.*?)</bdi>\s*<span class="count"[^>]*>([\d,]+)<',
        match.group() if match else "",
    )
    return {unescape(label): int(count.replace(",", "")) for label, count in values}


def chips(response: Any) -> list[str]:
    """Return the labels of the filters in force."""
    match = re.search(r'<ul class="chips".*?</ul>', text_of(response), re.S)
    return re.findall(r"<bdi>(.*?)</bdi>", match.group() if match else "")


@pytest.fixture
def archive(db: None) -> None:
    """Six articles by three authors over three years."""
    ada, ben, cy = make_author("Ada Moss"), make_author("Ben Reed"), make_author("Cy Wood")
    tides = make_series("Tides")
    sea, law = make_tag("Sea"), make_tag("Law")
    for headline, date, authors, tags, series, byline in (
        ("One", "2019-05-01", [ada], [sea], [tides], "By Ada Moss"),
        ("Two", "2019-06-01", [ben], [sea, law], [], "By Ben Reed"),
        ("Three", "2020-01-02", [ada, ben], [law], [tides], "By Ada Moss and Ben Reed"),
        ("Four", "2020-01-03", [cy], [], [], ""),
        ("Five", "2020", [ada], [sea], [], ""),
        ("Six", "2021-03", [], [law], [], ""),
    ):
        make_article(
            headline, published_on=date, authors=authors, tags=tags, series=series, byline=byline
        )
    make_article("Hidden", authors=[ada], tags=[sea], series=[tides], status="draft")


FILTERS = [
    ("", "Six Four Three Five Two One"),
    ("sort=oldest", "One Two Five Three Four Six"),
    ("author=ada-moss", "Three Five One"),
    ("author=ada-moss&author=cy-wood", "Four Three Five One"),
    ("author=ada-moss&tag=sea", "Five One"),
    ("tag=sea&tag=law", "Six Three Five Two One"),
    ("series=tides", "Three One"),
    ("year=2020", "Four Three Five"),
    ("year=2020&year=2021", "Six Four Three Five"),
    ("year=2020&month=1", "Four Three"),
    ("year=2019&month=5&month=6", "Two One"),
    ("byline=with", "Three Two One"),
    ("byline=without", "Six Four Five"),
    ("author=nobody", ""),
    ("author=&tag=&year=&q=&page=", "Six Four Three Five Two One"),
    ("utm_source=x&fbclid=%27&status=draft&id__gt=0", "Six Four Three Five Two One"),
    ("q=three", "Three"),
    ("q=moss&sort=oldest", "One Five Three"),
    ("q=moss&tag=law", "Three"),
    ("q=---", "Six Four Three Five Two One"),
]


def test_filters(client: Client, archive: None) -> None:
    for query, expected in FILTERS:
        response = client.get(f"/articles/?{query}")
        assert headlines(response) == expected.split(), query
        count = len(expected.split())
        words = f"<strong>{count} article{'' if count == 1 else 's'}</strong>"
        assert words in text_of(response), query


def test_facets_of_everything_and_of_a_part_agree(client: Client, archive: None) -> None:
    everything = client.get("/articles/")
    assert facet(everything, "authors") == {"Ada Moss": 3, "Ben Reed": 2, "Cy Wood": 1}
    assert facet(everything, "tags") == {"Law": 3, "Sea": 3}
    assert facet(everything, "series") == {"Tides": 2}
    assert facet(everything, "years") == {"2021": 1, "2020": 3, "2019": 2}
    assert facet(everything, "byline") == {"with byline": 3, "without byline": 3}
    assert facet(everything, "months") == {}
    # The same counts, counted and not read: filters that leave everything.
    part = client.get("/articles/?year=2019&year=2020&year=2021")
    for name in ("authors", "tags", "series", "years", "byline"):
        assert facet(part, name) == facet(everything, name)


def test_own_choices_do_not_narrow_a_facet(client: Client, archive: None) -> None:
    response = client.get("/articles/?author=cy-wood&tag=law")
    assert headlines(response) == []
    assert facet(response, "authors") == {"Ben Reed": 2, "Ada Moss": 1, "Cy Wood": 0}
    assert facet(response, "tags") == {"Law": 0}
    assert chips(response) == ["Cy Wood", "Law"]
    months = client.get("/articles/?year=2020&month=1")
    assert facet(months, "months") == {"January": 2}
    assert facet(months, "years") == {"2021": 1, "2020": 3, "2019": 2}


def test_a_chosen_value_beyond_the_first_twelve_stays(client: Client) -> None:
    for number in range(14):
        make_article(authors=[make_author(f"Person {number:02d}")])
    make_article(authors=["Person 00"], tags=["Sea"])
    for number in range(14):
        for query in ("", "&tag=sea"):
            values = facet(client.get(f"/articles/?author=person-{number:02d}{query}"), "authors")
            assert f"Person {number:02d}" in values
            assert len(values) <= 13


def test_chips_and_facet_links_remove_and_add(client: Client, archive: None) -> None:
    page = text_of(client.get("/articles/?author=ada-moss&year=2020&q=five&utm_source=x"))
    for address in (
        "/articles/?q=five&amp;author=ada-moss",
        "/articles/?q=five&amp;year=2020",
        "/articles/?author=ada-moss&amp;year=2020",
        "/articles/?q=five&amp;author=ada-moss&amp;tag=sea&amp;year=2020",
    ):
        assert f'href="{address}"' in page
    assert "utm_source" not in page
    assert 'name="author" value="ada-moss"' in page
    plain = text_of(client.get("/articles/"))
    assert "– 3 articles" in plain


def test_search_marks_hits_and_escapes_the_rest(client: Client) -> None:
    make_article(
        "<b>Bell</b> & tide",
        standfirst="The bell <script>alert(1)</script> rang.",
        body="<p>Nothing here.</p>",
    )
    make_article("Quiet", body="<p>Long before. A <em>bell</em> &lt;i&gt; was heard.</p>")
    page = text_of(client.get("/articles/?q=bell"))
    assert "&lt;b&gt;<mark>Bell</mark>&lt;/b&gt; &amp; tide" in page
    assert "The <mark>bell</mark> &lt;script&gt;" in page
    assert 'class="passage"' in page
    assert "<script>" not in page
    assert page.count("<mark>") == 3


def test_relevance_is_read_by_page_only(client: Client) -> None:
    make_article("Bell")
    assert client.get("/articles/?q=bell&after=5").status_code == 400
    assert client.get("/articles/?q=bell&sort=newest&after=5").status_code == 200


HOSTILE = {
    "page": ["0", "-1", "2147483648", "9223372036854775808", "1" + "0" * 30, "9" * 5000, "1e9",
             "٣", "1.0", "+1", "0x1", "201", "1 2", "x", "²"],
    "after": ["-1", "9223372036854775808", "9" * 5000, "x", "1e9", "٣"],
    "before": ["-1", "9223372036854775808", "9" * 5000, "x", "1e9", "٣"],
    "year": ["abc", "0", "-1", "10000", "9" * 5000, "٢٠٢٠", "2020.0", "1e3"],
    "month": ["0", "13", "-1", "x", "9" * 5000, "٣"],
    "byline": ["yes", "1", "None", "<x>"],
    "sort": ["random", "-sort_key", "title", "id; DROP TABLE", "?"],
    "view": ["grid", "DENSE", "1"],
    "decade": ["1911", "-10", "1910ss", "x", "10000", "9" * 5000],
    "author": ["x" * 151, "a\tb", "a\x0bb"],
    "tag": ["x" * 151, "a\nb"],
    "series": ["x" * 151, "\x1b"],
    "q": ["x" * 201],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in HOSTILE.items() for value in values]
)
def test_known_parameters_with_senseless_values(client: Client, name: str, value: str) -> None:
    response = client.get(
        "/articles/", {name: value, **({"year": "2020"} if name == "month" else {})}
    )
    assert response.status_code == 400
    assert "This address asks for what cannot be" in text_of(response)
    assert value[:10] == "<x>" or "Traceback" not in text_of(response)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("month=5", 400),
        ("page=1&page=2", 400),
        ("page=1&page=1", 200),
        ("sort=newest&sort=oldest", 400),
        ("byline=with&byline=without", 400),
        ("after=1&before=2", 400),
        ("page=1&after=2", 400),
        ("page=2", 404),
        ("page=200", 404),
        ("q=%00", 400),
        ("author=%00", 400),
        ("q=%ff%fe", 200),
        ("q=%ed%a0%80", 200),
        ("author=%ed%a0%80", 200),
        ("q=" + "%F0%9F%91%A9" * 200, 200),
        ("q=" + "x" * 200, 200),
        ("&".join(f"author=a{number}" for number in range(20)), 200),
        ("&".join(f"author=a{number}" for number in range(21)), 400),
        ("&".join(["author=same"] * 21), 200),
        ("&".join(f"tag=a{number}" for number in range(10)) + "&"
         + "&".join(f"year=20{number}" for number in range(10, 20)), 200),
        ("&".join(f"tag=a{number}" for number in range(11)) + "&"
         + "&".join(f"year=20{number}" for number in range(10, 20)), 400),
        ("&".join(f"x{number}=1" for number in range(1001)), 400),
        ("q=%22%27%28%29*%3A%5E-%2B", 200),
        ("q='%20OR%201=1--", 200),
    ],
)  # fmt: skip
def test_limits_and_odd_bytes(client: Client, query: str, status: int) -> None:
    make_article()
    assert client.get(f"/articles/?{query}").status_code == status


def test_no_model_field_is_a_filter(client: Client, archive: None) -> None:
    plain = client.get("/articles/").content
    for field in Article._meta.get_fields():
        for lookup in ("", "__startswith", "__regex", "__gt", "__isnull"):
            name = f"{field.name}{lookup}"
            if name not in filters.ArticleFilter.base_filters:
                assert client.get("/articles/", {name: "1"}).content == plain, name


def test_pages_by_number_then_by_key(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (filters, paging):
        monkeypatch.setattr(module, "MAX_PAGE", 2)
    monkeypatch.setattr(paging, "PAGE_SIZE", 3)
    expected = []
    for number in range(11):
        make_article(f"N{number:02d}", published_on=f"2020-01-{1 + number // 2:02d}")
        expected.append(f"N{number:02d}")
    for order, names in (("newest", expected[::-1]), ("oldest", expected)):
        address = f"/articles/?sort={order}"
        seen, addresses = [], []
        while address:
            addresses.append(address)
            response = client.get(address)
            assert response.status_code == 200
            seen += headlines(response)
            ways = re.findall(r'class="way" rel="next" href="([^"]+)"', text_of(response))
            address = unescape(ways[0]) if ways else ""
        assert seen == names
        assert [bool("after=" in item) for item in addresses] == [False, False, True, True]
        back = [names[-2:]]
        while True:
            ways = re.findall(r'class="way" rel="prev" href="([^"]+)"', text_of(response))
            if not ways:
                break
            response = client.get(unescape(ways[0]))
            back.append(headlines(response))
        assert back[1:4] == [names[6:9], names[3:6], names[0:3]]


def test_before_the_beginning_and_after_the_end(client: Client) -> None:
    make_article("Only")
    for query in ("after=0", f"before={2**53}"):
        response = client.get(f"/articles/?{query}")
        assert response.status_code == 200
        assert headlines(response) == []
