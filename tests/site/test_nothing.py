"""Where nothing is found: what was meant, what is near, and nothing of what is hidden."""

import re
from html import unescape

import pytest
from django.test import Client, override_settings

from articles import lexicon
from articles.choices import Status
from articles.models import Article
from articles.writing.articles import set_status
from tests.factories import make_article, make_author, make_series, make_tag
from tests.site.conftest import text_of
from tests.site.test_lists import headlines

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(db: None) -> None:
    """A few articles over some years."""
    clara, otto = make_author("Clara Weiss"), make_author("Otto Gomułka")
    sea = make_tag("Lighthouses")
    make_article("The harbour at night", published_on="1912-05-03", authors=[clara], tags=[sea])
    make_article("Letters from the harbour", published_on="1919-03-01", authors=[otto])
    make_article("Revolution in the mill", published_on="1921-11", authors=[clara, otto])
    make_article("A ballad", published_on="1921", series=[make_series("Tides")], tags=[sea])


def ways(client: Client, query: str) -> dict[str, list[tuple[str, str, int]]]:
    """Return the ways out of an empty list by what is said before them: label, address, count."""
    response = client.get(f"/articles/?{query}")
    assert response.status_code == 200
    page = text_of(response)
    nothing = re.search(r'<div class="nothing">.*?\n</div>', page, re.S)
    if nothing is None:
        return {}
    found: dict[str, list[tuple[str, str, int]]] = {}
    words = ""
    for part in re.finditer(
        r'<p[^>]*>(?P<words>[^<]+)|<a href="(?P<url>[^"]+)" rel="nofollow">(?P<label>.*?)</a>'
        r'[,?]? <span class="quiet">(?P<count>[\d,]+)',
        nothing.group(),
    ):
        if part["words"]:
            words = part["words"].strip()
        else:
            label = unescape(re.sub("<.*?>", "", part["label"]))
            found.setdefault(words, []).append((label, unescape(part["url"]), int(part["count"])))
    return found


def meant(client: Client, query: str) -> list[str]:
    """Return what the page proposes instead."""
    return [label for label, _url, _count in ways(client, query).get("Did you mean", [])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("harbuor", ["harbour"]),
        ("habour", ["harbour"]),
        ("revolutoin", ["revolution"]),
        ("wiess", ["weiss"]),
        ("gomulak", ["gomulka"]),
        ("Gomulak", ["Gomulka"]),
        ("HARBUOR Night", ["HARBOUR Night"]),
        ("harbuor night", ["harbour night"]),
        ("“harbuor at night”", ["“harbour at night”"]),
        ("-mill harbuor", ["-mill harbour"]),
        ("lighthuoses", ["lighthouses"]),
        # What does not help is not proposed: there is no such article.
        ("harbuor revolution", []),
        ("harbuor -harbour", []),
        ("harbuo*", []),
        ("xyzzy", []),
        ("tdie", ["tide"]),
        ("teh", []),
        ("日本語", []),
    ],
)
def test_a_text_is_put_right(client: Client, archive: None, text: str, expected: list[str]) -> None:
    if expected == ["tide"]:
        make_article("Tide")
    found = ways(client, f"q={text}").get("Did you mean", [])
    assert [label for label, _url, _count in found] == expected
    for _label, url, count in found:
        assert len(headlines(client.get(url))) == count > 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chronomter", ["chronometer"]),
        ("chronometter", ["chronometer"]),
        ("chornometer", ["chronometer"]),
        ("shronometer", ["chronometer"]),
        ("chronmeterr", ["chronometer"]),
        ("бараметр", ["барометр"]),
        ("harbour chronometr", ["harbour chronometer"]),
    ],
)
def test_words_of_texts_are_known(
    client: Client, archive: None, text: str, expected: list[str]
) -> None:
    make_article("Harbour", body="<p>The chronometer of the old pilot had stopped.</p>")
    make_article("Погода", body="<p>Старый барометр падает.</p>", language="ru")
    assert meant(client, f"q={text}") == expected


def test_every_text_is_known_where_only_a_part_is_read(
    client: Client, archive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon, "TEXTS", 1)
    monkeypatch.setattr(lexicon, "_READ", 30)
    for word in ("quadrant", "sextant", "astrolabe"):
        make_article(f"On {word[0]}", body=f"<p>{'Of a long and older story. ' * 3}{word}</p>")
    for typed, word in (
        ("quadrand", "quadrant"),
        ("sxetant", "sextant"),
        ("astrlabe", "astrolabe"),
    ):
        assert meant(client, f"q={typed}") == [word]


def test_the_word_of_more_articles_is_meant(client: Client, archive: None) -> None:
    for number in range(3):
        make_article(f"Of {number}", body="<p>The sextant.</p>")
    make_article("Of the other", body="<p>The sextanx.</p>")
    assert meant(client, "q=sextanz") == ["sextant"]


def test_a_text_that_is_found_is_right(client: Client, archive: None) -> None:
    # It has hits, though not within the filters.
    assert meant(client, "q=harbour&year=1921") == []


def test_a_text_put_right_stays_within_the_filters_if_it_can(client: Client, archive: None) -> None:
    inside = ways(client, "q=harbuor&year=1912")["Did you mean"]
    assert inside == [("harbour", "/articles/?q=harbour&year=1912", 1)]
    outside = ways(client, "q=harbuor&year=1921")["Did you mean"]
    assert outside == [("harbour", "/articles/?q=harbour", 2)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("author=wiess", ["Clara Weiss"]),
        ("author=clara-wiess", ["Clara Weiss"]),
        ("author=otto-wiess", []),
        ("author=gomulka", ["Otto Gomułka"]),
        ("tag=lighthuoses", ["Lighthouses"]),
        ("series=tdies", ["Tides"]),
        ("author=nobody", []),
    ],
)
def test_a_name_that_nobody_bears(
    client: Client, archive: None, query: str, expected: list[str]
) -> None:
    found = ways(client, query).get("Did you mean", [])
    assert [label for label, _url, _count in found] == expected
    for _label, url, count in found:
        assert len(headlines(client.get(url))) == count > 0


def test_words_that_only_hidden_articles_have_are_never_proposed(
    client: Client, archive: None
) -> None:
    hidden = make_article(
        "Zymurgy", authors=["Quentin Zabriskie"], tags=["Zoetrope"], status="draft",
        body="<p>A phenakistoscope.</p>",
    )  # fmt: skip
    queries = ("q=zymurgj", "q=zabriskei", "q=zoetrpoe", "author=zabriskei", "tag=zoetrpoe")
    queries += ("q=phenakistoscoqe",)
    assert [meant(client, query) for query in queries] == [[]] * 6
    set_status([hidden.pk], Status.PUBLISHED, actor=None)
    shown = [["zymurgy"], ["zabriskie"], ["zoetrope"], ["Quentin Zabriskie"], ["Zoetrope"]]
    shown += [["phenakistoscope"]]
    assert [meant(client, query) for query in queries] == shown
    set_status([hidden.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    assert [meant(client, query) for query in queries] == [[]] * 6


def test_a_proposal_is_looked_for_before_it_is_made(
    client: Client, archive: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Words that are kept a moment too long must not show.
    gone = lexicon.Lexicon({"zymurgy": 5, "harbour": 1}, {})
    monkeypatch.setattr(lexicon, "current", lambda: gone)
    assert meant(client, "q=zymurgj") == []
    assert meant(client, "q=harbuor") == ["harbour"]


def test_one_filter_is_not_all_at_once(client: Client, archive: None) -> None:
    page = text_of(client.get("/articles/?until=1900"))
    assert "Nothing in the archive matches this filter." in page
    assert "at once" not in page
    assert "Nothing in the archive is all of this at once." in text_of(
        client.get("/articles/?until=1900&tag=lighthouses")
    )


def test_each_filter_is_taken_away_once(client: Client, archive: None) -> None:
    found = ways(client, "author=clara-weiss&tag=lighthouses&year=1921&sort=oldest")
    without = found["Without one of the filters:"]
    assert [(label, count) for label, _url, count in without] == [
        ("without the filter “Author: Clara Weiss”", 1),
        ("without the filter “Tag: Lighthouses”", 1),
        ("without the filter “Year: 1921”", 1),
    ]
    for _label, url, count in without:
        assert "sort=oldest" in url
        assert len(headlines(client.get(url))) == count


def test_one_value_of_several_is_taken_away(client: Client, archive: None) -> None:
    found = ways(client, "not_author=clara-weiss&not_tag=lighthouses&year=1921")
    assert [label for label, _url, _count in found["Without one of the filters:"]] == [
        "without the filter “Not by: Clara Weiss”",
        "without the filter “Not tagged: Lighthouses”",
        "without the filter “Year: 1921”",
    ]
    # Neither of the two leaves anything alone.
    found = ways(client, "not_author=clara-weiss&not_author=otto-gomulka&year=1919")
    assert [label for label, _url, _count in found["Without one of the filters:"]] == [
        "without the filter “Not by: Otto Gomułka”", "without the filter “Year: 1919”",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["without the search for “harbour”", "without the filter “Author: Clara Weiss”"]),
        ("de", ["ohne die Suche nach „harbour“", "ohne den Filter „Autor: Clara Weiss“"]),
    ],
)
def test_a_search_is_taken_away_in_words(
    client: Client, archive: None, language: str, expected: list[str]
) -> None:
    make_article("The harbour in ice", published_on="1921", authors=["Ida Lund"])
    with override_settings(LANGUAGE_CODE=language):
        page = text_of(client.get("/articles/?q=harbour&author=clara-weiss&year=1921"))
    found = re.findall(
        r'<li><a href="[^"]+" rel="nofollow">(oh.*?|wi.*?)</a>', page.split('class="nothing"')[1]
    )
    assert [unescape(re.sub("<.*?>", "", text)) for text in found][:2] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("year=1915", ["1912", "1919"]),
        ("decade=1930", ["1921"]),
        ("since=1913&until=1918", ["1912", "1919"]),
        ("since=1922", ["1921"]),
        ("until=1900", ["1912"]),
        ("since=1930&until=1925", ["1921"]),
        ("year=1921&month=10", ["1921", "November 1921"]),
        ("author=otto-gomulka&year=1912", ["1919"]),
        ("q=harbour&year=1915", ["1912", "1919"]),
        ("q=xyzzy", []),
    ],
)
def test_the_nearest_in_time(
    client: Client, archive: None, query: str, expected: list[str]
) -> None:
    found = ways(client, query).get("The nearest in time:", [])
    assert [label for label, _url, _count in found] == expected
    for _label, url, count in found:
        assert len(headlines(client.get(url))) == count > 0


def test_indexes_are_at_hand_and_an_empty_archive_says_so(client: Client) -> None:
    page = text_of(client.get("/articles/"))
    assert "Nothing has been published here yet." in page
    page = text_of(client.get("/articles/?q=bell"))
    for address in ("/articles/", "/authors/", "/series/", "/tags/", "/searching/"):
        assert f'href="{address}">' in page.split('class="nothing"')[1]
    assert not Article.objects.exists()
