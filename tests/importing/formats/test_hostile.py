"""Hostile files: every reader ends soon, with a listing or with a reason, and with nothing else."""

import gzip
import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.importing.files import UnreadableFile
from articles.importing.formats import archives, recognising
from articles.importing.records import ParsedListing
from articles.tangles import is_tangled
from tests.importing.formats.reading import SAMPLES, read, workbook
from tests.thorough import times

#: Seconds of the processor that a hostile file may take; each takes a fraction of them.
SECONDS = 4.0
LONG = "x" * 10_000_000
NESTED = "".join(f'<b id="{number}">' for number in range(40_000))

RSS = "<rss version='2.0'><channel><item><title>{}</title><description>{}</description></item>"
RSS += "</channel></rss>"
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
WORDPRESS = (
    "<rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/'"
    " xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><item>"
    "<title>One</title><wp:post_date>2019-05-02 10:00:00</wp:post_date>"
    "<wp:post_type>post</wp:post_type><content:encoded><![CDATA[{}]]></content:encoded>"
    "</item></channel></rss>"
)


def ghost(html: str) -> str:
    """Return a Ghost export of one post."""
    post = {"id": "1", "title": "One", "html": html, "published_at": "2019-05-02T10:00:00Z"}
    return json.dumps({"db": [{"data": {"posts": [post]}}]})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda: "[" * 100_000, id="deep json"),
        pytest.param(lambda: '{"a":' * 100_000, id="deep objects"),
        pytest.param(lambda: '[{"title": "One", "date": ' + "9" * 100_000 + "}]", id="big number"),
        pytest.param(lambda: '[{"title": "One", "date": NaN}]', id="no number"),
        pytest.param(lambda: json.dumps([{"title": LONG, "date": "2019"}]), id="long value"),
        pytest.param(lambda: f"Title,Date\n{LONG},2019\n", id="long cell"),
        pytest.param(lambda: LONG, id="long line"),
        pytest.param(lambda: f"<html><body><p>{LONG}", id="long paragraph"),
        pytest.param(lambda: "Title,Date\n" + "," * 1_000_000, id="wide row"),
        pytest.param(lambda: "Title,Date\n" + '"' * 1_000_001, id="quotes"),
        pytest.param(lambda: "Title,Date\nOne,\x00\x002019\x00\n", id="nuls"),
        pytest.param(lambda: "Title,Date,Body\nOne,2019," + "<b>" * 40_000, id="open tags in csv"),
        pytest.param(lambda: "Title,Date,Body\nOne,2019,<p>" + "<b " * 40_000, id="half tags"),
        pytest.param(lambda: "<html><body>" + NESTED, id="open tags in a page"),
        pytest.param(lambda: "<html><body>" + "<div>" * 40_000, id="open blocks in a page"),
        pytest.param(lambda: "<html><body>" + "<p>" * 100_000, id="paragraphs"),
        pytest.param(lambda: "<html><body>" + "<!--" * 100_000, id="open comments"),
        pytest.param(lambda: "<html><body>" + "<li><h2>A</h2><time>" * 5_000, id="open entries"),
        pytest.param(
            lambda: "<html><body>" + "<article><h2>A</h2><time>2 May 2019</time></article>" * 5_000,
            id="many entries",
        ),
        pytest.param(
            lambda: "<html><body>" + "<li><h2>A</h2><time>2 May 2019</time>" * 10_000,
            id="entries that nothing ends",
        ),
        pytest.param(
            lambda: "<html><body><table><tr><th>Title<th>Date"
            + "<tr><td>A<td>2 May 2019" * 10_000,
            id="rows that nothing ends",
        ),
        pytest.param(
            lambda: "<html><body><article><h2>A</h2><time>2 May 2019</time>"
            + "<a rel=tag>x</a>" * 20_000,
            id="many tags",
        ),
        pytest.param(
            lambda: "<html><body><article><h2>A</h2>"
            + "<div class=date>" * 400 + "x " * 500_000 + "<time>2 May 2019",
            id="dates in dates",
        ),
        pytest.param(
            lambda: "<html><body>" + "<table><tr><th>Title<th>Date<tr><td>A<td>" * 100
            + "<p>x" * 20_000,
            id="tables in tables",
        ),
        pytest.param(lambda: "<!--" * 100_000, id="comments only"),
        pytest.param(lambda: "<?xml version='1.0'?>" + "<a>" * 100_000, id="deep xml"),
        pytest.param(lambda: LAUGHS + RSS.format("&b;", ""), id="billion laughs"),
        pytest.param(
            lambda: OUTSIDE + RSS.format("&b;", ""),
            id="external entity",
        ),
        pytest.param(lambda: RSS.format("&lt;b " * 100_000, "&lt;b&gt;" * 40_000), id="feed tags"),
        pytest.param(
            lambda: "<rss " + " ".join(f"a{n}='1'" for n in range(100_000)) + "/>", id="attributes"
        ),
        pytest.param(lambda: WORDPRESS.format("[caption " * 40_000), id="open shortcodes"),
        pytest.param(lambda: WORDPRESS.format("[a b='c']" * 40_000), id="shortcodes"),
        pytest.param(lambda: WORDPRESS.format("<img src=" * 40_000), id="open pictures"),
        pytest.param(lambda: WORDPRESS.format("<a " * 40_000 + NESTED), id="open links"),
        pytest.param(lambda: WORDPRESS.format("\n \n" * 200_000 + "x"), id="blank lines"),
        pytest.param(lambda: WORDPRESS.format(" " * 1_000_000), id="spaces"),
        pytest.param(lambda: ghost(NESTED), id="ghost tags"),
        pytest.param(lambda: ghost("<p>" + '<img alt="' * 40_000), id="ghost pictures"),
    ],
)  # fmt: skip
def test_a_hostile_text_is_over_soon(text: Callable[[], str]) -> None:
    data = text()
    started = time.process_time()
    reason = ""
    try:
        assert isinstance(read(data), ParsedListing)
    except UnreadableFile as error:
        reason = str(error)
    assert len(reason) < 1000
    assert time.process_time() - started < SECONDS


def test_a_table_of_open_quotes_is_over_soon() -> None:
    started = time.process_time()
    assert read("Title,Date\n" + '"a\n' * 40_000, "a.csv").entries
    assert time.process_time() - started < SECONDS


def zipped(**members: bytes) -> bytes:
    """Return a ZIP archive of *members*."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lambda: zipped(**{"[Content_Types].xml": b"x", "xl__workbook.xml": b"<" * 300 * 2**20}),
         "holds more than 256 MiB together"),
        (lambda: zipped(**{"[Content_Types].xml": b"x", "xl__workbook.xml": b"<" * 20 * 2**20}),
         "packed .* times"),
        (lambda: zipped(**{"[Content_Types].xml": b"x", "xl__workbook.xml": b"<a/>"}),
         "cannot be read"),
        (lambda: zipped(**{"[Content_Types].xml": b"x", "word__document.xml": b"x"}),
         "no XLSX workbook"),
        (lambda: workbook([["Title", "Date"], ["One", "2019"]])[:3000],
         "damaged|cannot be read|no XLSX"),
    ],
    ids=["bomb", "ratio", "empty", "another document", "cut off"],
)  # fmt: skip
def test_a_hostile_workbook_is_refused(data: Callable[[], bytes], message: str) -> None:
    book = data()
    started = time.process_time()
    with pytest.raises(UnreadableFile, match=message):
        read(book, "list.xlsx")
    assert time.process_time() - started < SECONDS


def test_a_directory_without_end_is_refused_before_it_is_read(monkeypatch: Any) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(40):
            archive.writestr(f"{number}.txt", "")
    monkeypatch.setattr(archives, "MOST_DIRECTORY", 1000)
    assert archives.is_plain_zip(file.getvalue())
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert not archives.is_workbook(file.getvalue())
    with pytest.raises(archives.ArchiveProblem, match="too many members"):
        archives.check(file.getvalue())


def test_a_workbook_as_wide_as_it_may_be_is_refused() -> None:
    rows = "".join(
        f'<row r="{number}"><c r="XFD{number}"><v>1</v></c></row>' for number in range(1, 401)
    )
    book = workbook([["Title", "Date"], ["One", "2019"]])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                start, end = content.index("<sheetData>"), content.index("</sheetData>")
                content = f"{content[:start]}<sheetData>{rows}{content[end:]}"
            new.writestr(name, content)
    started = time.process_time()
    with pytest.raises(UnreadableFile, match="more than 5,000,000 cells"):
        read(file.getvalue(), "list.xlsx")
    assert time.process_time() - started < SECONDS


def test_tangled_markup_loses_its_tags_and_no_word() -> None:
    entry = read(WORDPRESS.format(NESTED + "every word")).entries[0]
    assert entry.values["body"] == "<p>every word</p>"
    assert "markup-tangled" in [remark["code"] for remark in entry.diagnostics]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>" * 40_000, False),
        ("<li><p>x" * 5_000, False),
        ("<div>" * 501, True),
        ("<div></div>" * 40_000, False),
        ("<b><object></b></object>" * 600, True),
        ("<br><img>" * 5_000, False),
    ],
)
def test_what_is_tangled(html: str, expected: bool) -> None:
    assert is_tangled(html) is expected


def holds(data: bytes, name: str, wanted: str | None) -> None:
    """Check that *data* gives a listing whose books balance, or a reason."""
    try:
        listing = read(data, name, wanted)
    except UnreadableFile:
        return
    assert isinstance(listing, ParsedListing)
    assert [entry.ordinal for entry in listing.entries] == list(range(len(listing.entries)))
    for entry in listing.entries:
        assert 1 <= entry.first_line <= entry.last_line <= listing.line_count
        json.dumps(entry.values, ensure_ascii=False).encode()
    assert all(1 <= line <= listing.line_count for line in listing.unclaimed_lines)


FORMATS = st.sampled_from([None, *recognising.names()])
ENDINGS = st.sampled_from(["a", "a.csv", "a.json", "a.jsonl", "a.xml", "a.html", "a.xlsx", "a.rss"])
FILES = [path.read_bytes() for path in sorted(SAMPLES.iterdir()) if path.suffix != ".md"]
FILES += [workbook([["Title", "Date"], ["One", "2019"]]), gzip.compress(b"x"), zipped(a=b"x")]
QUICK = settings(
    max_examples=times(150),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)


@pytest.mark.thorough
@QUICK
@given(st.binary(max_size=2000), ENDINGS, FORMATS)
def test_any_bytes_give_a_listing_or_a_reason(data: bytes, name: str, wanted: str | None) -> None:
    holds(data, name, wanted)


@pytest.mark.thorough
@QUICK
@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.1), st.binary(max_size=12)), max_size=6),
    ENDINGS,
    FORMATS,
)
def test_any_damage_to_a_good_file_gives_a_listing_or_a_reason(
    data: bytes, cuts: list[tuple[float, float, bytes]], name: str, wanted: str | None
) -> None:
    for place, length, put in cuts:
        start = int(place * len(data))
        data = data[:start] + put + data[start + int(length * len(data)) :]
    holds(data, name, wanted)


@pytest.mark.thorough
@QUICK
@given(
    st.text(alphabet="<>/abptli[]\"='& \n,;{}:1-2", max_size=400),
    st.sampled_from(["<rss version='2.0'>", "<html>", "[", "{", "Title,Date\n", ""]),
    FORMATS,
)
def test_any_text_of_markup_gives_a_listing_or_a_reason(
    text: str, start: str, wanted: str | None
) -> None:
    holds((start + text).encode(), "a", wanted)
