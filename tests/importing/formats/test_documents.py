"""JSON, feeds, exports and pages: what each sample is read as."""

import datetime
import json
import zoneinfo

import pytest

from articles.importing.files import UnreadableFile
from tests.importing.formats.reading import SAMPLES, codes, read, sample, told

BELL = {
    "headline": "A bell for the north mole",
    "byline": "Mira Oldcastle",
    "authors": [{"name": "Mira Oldcastle", "kind": "person", "role": "aut"}],
    "published_on": "2019-06-03",
    "tags": ["Bells"],
    "language": "en-GB",
    "source_url": "https://signals.example/bell",
}


@pytest.mark.parametrize(
    ("name", "input_format", "entries"),
    [
        ("ferry.csv", "csv", 3), ("tides.json", "json", 2), ("tides.jsonl", "jsonl", 2),
        ("signals.rss", "feed", 2), ("signals.atom", "feed", 1),
        ("signals-feed.json", "jsonfeed", 1), ("lamps.wordpress.xml", "wordpress", 5),
        ("knots.ghost.json", "ghost", 3), ("moles.html", "html", 2), ("plain-page.html", "html", 2),
    ],
)  # fmt: skip
def test_the_format_is_told_from_the_content_whatever_the_name(
    name: str, input_format: str, entries: int
) -> None:
    data = (SAMPLES / name).read_bytes()
    for called in (name, "listing.txt", "-"):
        listing = read(data, called)
        assert (listing.input_format, len(listing.entries)) == (input_format, entries)


def test_the_lines_of_an_entry_are_those_of_the_source() -> None:
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix == ".md":
            continue
        lines = path.read_text(encoding="utf-8").split("\n")
        for entry in sample(path.name).entries:
            piece = "\n".join(lines[entry.first_line - 1 : entry.last_line])
            words = "".join(entry.text.split())
            assert words in "".join(piece.replace("&nbsp;", " ").split()), path.name


def test_plain_text_stays_plain_text() -> None:
    text = "Tides\n\nCharts that lie\n\nBy Ann Bee, 2 May 2021\n\nThree charts.\n"
    assert read(text).input_format == "text"
    assert read("<One> says\n\nBy Ann Bee, 2 May 2021\n").input_format == "text"
    assert read("[Sic] and more\n\nBy Ann Bee, 2 May 2021\n").input_format == "text"


def test_json_has_columns_for_names() -> None:
    listing = sample("tides.json")
    assert told(listing.entries[0]) == {
        "headline": "The harbour chain is raised",
        "byline": "Mira Oldcastle and Tomasz Łęk",
        "authors": [
            {"name": "Mira Oldcastle", "kind": "person", "role": "aut"},
            {"name": "Tomasz Łęk", "kind": "person", "role": "aut"},
        ],
        "published_on": "2021-05-05",
        "standfirst": "The chain was last seen in the year of the long fog.",
        "body": "<p>It took <em>forty</em> men.</p>",
        "tags": ["Harbour", "Fog"],
        "source_url": "https://ostrany.example/chain",
    }
    assert codes(listing) == ["column-unknown"]


def test_json_on_one_line_has_line_one_for_every_entry() -> None:
    rows = [{"title": f"Headline {number}", "date": "2019"} for number in range(3)]
    listing = read(json.dumps(rows))
    assert [(entry.first_line, entry.last_line) for entry in listing.entries] == [(1, 1)] * 3
    assert [json.loads(entry.text) for entry in listing.entries] == rows


def test_the_archives_own_fixture_is_read_with_names_for_slugs() -> None:
    demo = SAMPLES.parent / "demo.json"
    listing = read(demo.read_bytes(), "demo.json")
    content = json.loads(demo.read_text(encoding="utf-8"))
    assert listing.input_format == "fixture"
    assert [entry.values["headline"] for entry in listing.entries] == [
        article["headline"] for article in content["articles"]
    ]
    names = {author["slug"]: author["name"] for author in content["authors"]}
    for entry, article in zip(listing.entries, content["articles"], strict=True):
        assert [credit["name"] for credit in entry.values["authors"]] == [
            names[row["author"]] for row in article["contributions"]
        ]


def test_rss() -> None:
    listing = sample("signals.rss")
    assert listing.title == "Signals of Ostrany"
    assert told(listing.entries[0]) == BELL | {
        "standfirst": "It rings — nobody answers.",
        "body": "<p>It rings at <strong>six</strong>.</p>",
    }
    assert listing.entries[1].values["headline"] == "Fog, and what it\xa0hides"


def test_atom() -> None:
    entry = told(sample("signals.atom").entries[0])
    assert entry["headline"] == "A bell for the north mole"
    assert entry["byline"] == "Mira Oldcastle and Tomasz Łęk"
    assert (entry["standfirst"], entry["body"]) == (
        "It rings. Nobody answers.", "<p>It rings at six.</p>",
    )  # fmt: skip
    assert entry["tags"] == ["Bells"]


def test_json_feed() -> None:
    entry = told(sample("signals-feed.json").entries[0])
    assert entry == BELL | {
        "standfirst": "It rings. Nobody answers.",
        "body": "<p>It rings at six.</p>",
    }


@pytest.mark.parametrize("name", ["signals.rss", "signals.atom", "signals-feed.json"])
def test_a_date_is_that_of_the_sites_calendar(name: str) -> None:
    west = zoneinfo.ZoneInfo("America/Sao_Paulo")
    assert sample(name).entries[0].values["published_on"] == "2019-06-03"
    assert sample(name, zone=west).entries[0].values["published_on"] == "2019-06-02"


def test_rss_1_and_the_encoding_that_a_feed_declares() -> None:
    text = """<?xml version="1.0" encoding="windows-1251"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Маяк</title></channel>
<item><title>Туман</title><link>https://e.example/1</link><dc:date>2019-05-02</dc:date></item>
</rdf:RDF>"""
    listing = read(text.encode("cp1251"))
    assert listing.title == "Маяк"
    assert told(listing.entries[0])["headline"] == "Туман"
    assert told(listing.entries[0])["published_on"] == "2019-05-02"


def test_a_broken_feed_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableFile, match=r"x\.rss:2: not well-formed XML"):
        read("<rss version='2.0'>\n<channel></rss>", "x.rss")


def test_wordpress_posts_and_pages() -> None:
    listing = sample("lamps.wordpress.xml")
    lamp, oil, about, later, draft = listing.entries
    assert listing.title == "Lamps of Ostrany"
    assert listing.hosts == ("lamps.example", "www.lamps.example")
    assert codes(listing) == ["in-the-bin"]
    assert {name: value for name, value in told(lamp).items() if name != "body"} == {
        "headline": "The lamp is lit",
        "standfirst": "After a year, light.",
        "byline": "Ines Bell",
        "authors": [{"name": "Ines Bell", "kind": "person", "role": "aut"}],
        "tags": ["Lamps", "Oil"],
        "language": "en-GB",
        "slug": "the-lamp-is-lit",
        "published_on": "2019-05-02",
        "status": "published",
    }
    # The old site's own calendar, not the one of its server.
    assert oil.values["published_on"] == "2019-04-20"
    assert [entry.old_paths for entry in (lamp, about, draft)] == [
        ("2019/05/the-lamp-is-lit/", "?p=12"), ("about/", "?p=2", "?page_id=2"), ("?p=41",),
    ]  # fmt: skip
    assert (later.values["status"], later.values["visible_from"]) == (
        "published", "2099-01-01T05:00:00Z",
    )  # fmt: skip
    assert draft.values["status"] == "draft"


def test_what_was_scheduled_and_is_due_is_published_at_once() -> None:
    then = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
    entry = sample("lamps.wordpress.xml", now=then).entries[3]
    assert entry.values["status"] == "published"
    assert "visible_from" not in entry.values


def test_wordpress_bodies_keep_their_words_and_links() -> None:
    lamp, oil = sample("lamps.wordpress.xml").entries[:2]
    body = lamp.values["body"]
    assert '<a href="https://lamps.example/wp-content/uploads/lamp.jpg"' in body
    assert ">The lamp</a> The lamp at noon" in body
    assert '<a href="https://video.example/embed/7"' in body
    assert "Dear oil It was dear [sic]." in body
    for gone in ("[caption", "[price-table", "wp:paragraph", "<img", "<iframe", "script", "alert"):
        assert gone not in body
    assert codes(lamp) == [
        "picture-left-out", "embed-to-link", "shortcode-unknown", "markup-left-out",
    ]  # fmt: skip
    assert "<p>It rose twice.</p>" in oil.values["body"]
    assert ">https://video.example/watch/3</a>" in oil.values["body"]
    assert "picture number 99" in oil.diagnostics[0]["message"]


def test_ghost() -> None:
    knot, rope, draft = sample("knots.ghost.json").entries
    assert told(knot) == {
        "headline": "A knot that holds",
        "standfirst": "It held for a week.",
        "byline": "Ines Bell and Jonas Reed",
        "authors": [
            {"name": "Ines Bell", "kind": "person", "role": "aut"},
            {"name": "Jonas Reed", "kind": "person", "role": "aut"},
        ],
        "tags": ["Knots"],
        "language": "en",
        "slug": "a-knot-that-holds",
        "published_on": "2020-03-02",
        "status": "published",
        "body": '<p>Like <a href="/rope/" rel="noopener noreferrer">rope</a>. A knot</p>',
    }
    assert rope.old_paths == ("rope/",)
    assert (draft.values["status"], draft.values["published_on"]) == ("draft", "2020-04-01")


def test_a_page_of_articles() -> None:
    listing = sample("moles.html")
    assert listing.topic == "Moles of Ostrany"
    assert listing.unclaimed_lines == [8]
    assert [told(entry) for entry in listing.entries] == [
        {
            "headline": "The north mole leans",
            "kicker": "Harbour",
            "byline": "Mira Oldcastle and Tomasz Łęk",
            "authors": [
                {"name": "Mira Oldcastle", "kind": "person", "role": "aut"},
                {"name": "Tomasz Łęk", "kind": "person", "role": "aut"},
            ],
            "published_on": "2021-05-05",
            "standfirst": "By a hand’s breadth, the harbour office says.",
            "source_url": "https://gazette.example/moles/north",
        },
        {
            "headline": "The south mole does not",
            "published_on": "2021-05-02",
            "standfirst": "Nobody measured it.",
            "source_url": "https://gazette.example/moles/south",
        },
    ]


def test_a_page_without_structure_is_read_as_its_lines() -> None:
    listing = sample("plain-page.html")
    assert listing.topic == "Bells of Ostrany"
    assert [(entry.first_line, entry.last_line) for entry in listing.entries] == [(3, 5), (6, 8)]
    assert listing.entries[1].values["byline"] == "Ana Brandt"


def test_a_list_of_links_and_dates_in_several_lists() -> None:
    rows = "".join(
        f'<li><a href="https://e.example/{year}/{number}">Headline {number} of {year}</a>'
        f" <span class='date'>{number} May {year}</span></li>"
        for year in (2021, 2020)
        for number in (3, 2)
    )
    listing = read(f"<!doctype html><h1>All</h1><h2>Years</h2><ul>{rows}</ul>")
    assert [entry.values["headline"] for entry in listing.entries] == [
        "Headline 3 of 2021", "Headline 2 of 2021", "Headline 3 of 2020", "Headline 2 of 2020",
    ]  # fmt: skip
    assert listing.entries[0].values["published_on"] == "2021-05-03"
    assert listing.entries[0].values["source_url"] == "https://e.example/2021/3"


def test_a_format_that_is_asked_for_is_the_one_and_its_name_is_in_the_error() -> None:
    assert read((SAMPLES / "tides.json").read_bytes(), wanted="text").input_format == "text"
    with pytest.raises(UnreadableFile, match=r"\(read as feed, as asked\)"):
        read("Headline\n", wanted="feed")
    with pytest.raises(UnreadableFile, match="no format is called 'word'; known are text"):
        read("Headline\n", wanted="word")


def test_a_table_of_a_page_is_read_by_its_header() -> None:
    listing = read(
        "<!doctype html><h1>Index</h1><table><tr><th>Date</th><th>Title</th><th>Author</th></tr>"
        '<tr><td>5 May 2021</td><td><a href="https://e.example/a">The chain</a></td>'
        "<td>Mira Oldcastle</td></tr></table><p>Below.</p>"
    )
    assert [told(entry) for entry in listing.entries] == [
        {
            "headline": "The chain",
            "byline": "Mira Oldcastle",
            "authors": [{"name": "Mira Oldcastle", "kind": "person", "role": "aut"}],
            "published_on": "2021-05-05",
            "source_url": "https://e.example/a",
        }
    ]
    assert (listing.topic, listing.unclaimed_lines) == ("Index", [1])


def test_a_credit_in_the_text_of_an_item_is_the_byline() -> None:
    listing = read(
        "<!doctype html><ul>"
        '<li>5 May 2021: <a href="/a">The chain is raised</a> by Mira Oldcastle</li>'
        '<li>2 May 2021: <a href="/b">Charts that lie</a> by Ana Brandt</li></ul>'
    )
    assert [entry.values["byline"] for entry in listing.entries] == ["Mira Oldcastle", "Ana Brandt"]
    # The page does not say where it stood.
    assert codes(listing) == ["link-relative"]


@pytest.mark.parametrize(
    "line",
    [
        'By <a href="/n">Nora Vance</a> | <time datetime="{0}">{0}</time>',
        'Posted on <time datetime="{0}">{0}</time> by <a href="/n">Nora Vance</a>',
        '<span>By</span> <a href="/n">Nora Vance</a> on <time datetime="{0}">{0}</time>',
        'Von <a href="/n">Nora Vance</a>, <span class="date">{0}</span>',
        'Publié le <time>{0}</time> par <a href="/n">Nora Vance</a> dans <a rel="tag">Quais</a>',
    ],
)
def test_a_credit_with_links_and_a_date_in_one_line_is_the_byline(line: str) -> None:
    item = (
        '<article><h2>The chain {1}</h2><p class="meta">' + line + "</p><p>It holds.</p></article>"
    )
    page = "".join(item.format(f"2021-05-0{day}", day) for day in (4, 3, 2))
    listing = read(f"<!doctype html>{page}")
    assert [entry.values["byline"] for entry in listing.entries] == ["Nora Vance"] * 3
    assert {entry.values["standfirst"] for entry in listing.entries} == {"It holds."}
    assert [codes(entry) for entry in listing.entries] == [[]] * 3


def test_text_of_an_entry_that_has_no_field_is_reported() -> None:
    item = "<div class=post><i>Harbour</i><h2>{}</h2><p class=info>By Ann Bee | {}</p></div>"
    page = item.format("One", "5 May 2021") + item.format("Two", "2 May 2021")
    listing = read(f"<!doctype html>{page}")
    assert [entry.values["byline"] for entry in listing.entries] == ["Ann Bee", "Ann Bee"]
    assert [codes(entry) for entry in listing.entries] == [["text-left-out"]] * 2
    assert "Harbour" in listing.entries[0].diagnostics[0]["message"]


def test_blocks_and_bold_type_of_a_body_become_what_a_body_may_hold() -> None:
    listing = read(
        'Title,Date,Body\nOne,2019,"<div>A <b>b</b></div><div><h1>C</h1><i>d</i></div>"\n'
    )
    assert listing.entries[0].values["body"] == ("<p>A <strong>b</strong></p><h2>C</h2><em>d</em>")
