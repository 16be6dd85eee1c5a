"""Articles as a sheet: written out, edited, looked at, taken in, taken back."""

import csv
import io
import itertools
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.test import Client

from articles.choices import OperationKind
from articles.importing.files import UnreadableFile
from articles.models import Article, BulkWork, Operation, Series, Sheet, SheetRow, Tag
from articles.sheets import cells, export, intake, reading
from articles.writing import bulk_changes, names
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from articles.writing.state import columns_of, lists_of
from authors.models import Author
from tests.factories import make_article, make_author, make_series

LIST = "/admin/articles/article/"
SignedIn = Callable[..., Client]
Rows = list[dict[str, str]]


def written(client: Client, kind: str = "exact", of: str = "", **more: Any) -> bytes:
    response = client.get(f"{LIST}sheet/export/?{urlencode({'of': of, 'kind': kind, **more})}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows_of(data: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_csv(rows: Rows) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def give(client: Client, data: bytes, name: str = "edited.csv") -> Sheet:
    file = io.BytesIO(data)
    file.name = name
    response = client.post(f"{LIST}sheet/", {"file": file})
    assert response.status_code == 302, response.context["form"].errors
    return Sheet.objects.get(pk=int(response["Location"].rstrip("/").rpartition("/")[2]))


def agree(client: Client, sheet: Sheet) -> BulkWork:
    client.post(f"{LIST}sheet/{sheet.pk}/", {"reason": "From the desk"})
    sheet.refresh_from_db()
    assert sheet.work is not None
    for _step in range(10):
        client.post(f"{LIST}bulk/{sheet.work.pk}/")
    work = BulkWork.objects.get(pk=sheet.work.pk)
    assert work.finished
    return work


def state(article: Article) -> dict[str, Any]:
    article = Article.objects.get(pk=article.pk)
    return columns_of(article) | lists_of([article.pk])[article.pk]


def full_article(**more: Any) -> Article:
    clara = make_author("Clara Weiss")
    return make_article(
        "=1+1; “two”",
        authors=[clara, (make_author("Ines Ort"), "trl")],
        series=[(make_series("Smilga", kind="serial"), 3), make_series("Notes", kind="column")],
        tags=["History", "C++, and more"],
        kicker="@here",
        standfirst="One\n\nTwo",
        body="<p>Some <em>text</em></p>",
        published_on="1938-04",
        issue="3-4",
        **more,
    )


@pytest.mark.parametrize("kind", ["xlsx", "csv", "exact"])
def test_a_sheet_that_nobody_edited_changes_nothing(signed_in: SignedIn, kind: str) -> None:
    full_article()
    make_article("Draft", status="draft", published_on="")
    client = signed_in("Editor")
    data = written(client, kind, body="on")
    sheet = give(client, data, f"sheet.{export.SUFFIXES[kind]}")
    assert sheet.totals["rows"] == sheet.totals["unchanged"] == 2
    assert list(sheet.rows.all()) == sheet.remarks == []


def test_a_workbook_is_read_by_others_and_holds_no_formula(signed_in: SignedIn) -> None:
    article = full_article()
    book = openpyxl.load_workbook(io.BytesIO(written(signed_in("Editor"), "xlsx")))
    header, row = book["Articles"].iter_rows()
    texts = {name.value: cell for name, cell in zip(header, row, strict=True)}
    assert texts["headline"].value == "=1+1; “two”"
    assert {cell.data_type for cell in row if cell.value is not None} == {"s"}
    assert texts["headline"].quotePrefix
    assert texts["key"].value == article.public_key.key
    assert texts["published_on"].value == "1938-04"


def test_a_workbook_that_another_program_saved_is_read(signed_in: SignedIn) -> None:
    article = full_article()
    client = signed_in("Editor")
    book = openpyxl.load_workbook(io.BytesIO(written(client, "xlsx", body="on")))
    sheet = book["Articles"]
    place = [cell.value for cell in sheet[1]].index("subtitle") + 1
    sheet.cell(2, place).value = "A subtitle"
    sheet.cell(2, place).data_type = "s"
    file = io.BytesIO()
    book.save(file)
    found = give(client, file.getvalue(), "edited.xlsx")
    row = SheetRow.objects.get(sheet=found)
    assert (row.outcome, row.article, row.values) == (
        "UPDATE", article, {"subtitle": "A subtitle"},
    )  # fmt: skip


def test_csv_is_guarded_unless_asked_otherwise(signed_in: SignedIn) -> None:
    full_article()
    client = signed_in("Editor")
    guarded, exact = written(client, "csv"), written(client, "exact")
    (row,) = rows_of(guarded)
    assert (row["headline"], row["kicker"]) == ("'=1+1; “two”", "'@here")
    assert next(iter(row)) == "key (guarded)"
    (row,) = rows_of(exact)
    assert (row["headline"], row["kicker"]) == ("=1+1; “two”", "@here")


def test_every_field_is_changed_and_taken_back(signed_in: SignedIn) -> None:
    article = full_article()
    before = state(article)
    client = signed_in("Editor")
    rows = rows_of(written(client, body="on"))
    rows[0] |= {
        "published_on": "1938-05-02", "kicker": "", "headline": "New", "subtitle": "Sub",
        "part_label": "Part four", "byline": "By C. W.", "authors": "Ines Ort (trl); Clara Weiss",
        "series": "Smilga #4", "tags": "History; Brand new", "standfirst": "Three",
        "language": "de", "publication": "Gazette", "volume": "2", "issue": "5", "pages": "1-2",
        "source_url": "https://example.org/a", "slug": "new-one", "body": "<p>Other</p>",
    }  # fmt: skip
    sheet = give(client, as_csv(rows))
    assert sheet.totals["update"] == 1
    assert sheet.remarks == ["New tags: Brand new"]
    assert not Tag.objects.filter(name="Brand new").exists()
    assert state(article) == before
    work = agree(client, sheet)
    assert (work.changed, work.left) == (1, [])
    now = state(article)
    assert {name: now[name] for name in rows[0] if name in now and name != "tags"} == {
        name: text for name, text in rows[0].items() if name in now and name != "tags"
    }
    assert [(item["name"], item["role"]) for item in now["credits"]] == [
        ("Ines Ort", "trl"), ("Clara Weiss", "aut"),
    ]  # fmt: skip
    assert [(item["title"], item["part_number"]) for item in now["parts"]] == [("Smilga", 4)]
    assert {item["name"] for item in now["tags"]} == {"History", "Brand new"}
    operation = work.operation
    assert operation.kind == OperationKind.BULK
    assert operation.reason == "edited.csv: From the desk"
    # Taken back as any change to many is.
    undo = bulk_changes.begin_undo(operation, actor=None)
    bulk_changes.carry_on(undo.pk, lambda _article: True)
    after = state(article)
    assert {name: after[name] for name in before if before[name] != after[name]} == {}


def test_a_later_edit_of_another_field_stays(signed_in: SignedIn) -> None:
    article = make_article("Old", kicker="K")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    save_article(ArticleChange(article=article, fields={"kicker": "Theirs"}), actor=None)
    rows[0]["headline"] = "Mine"
    work = agree(client, give(client, as_csv(rows)))
    assert work.changed == 1
    assert (state(article)["headline"], state(article)["kicker"]) == ("Mine", "Theirs")


def test_a_later_edit_of_the_same_field_is_a_conflict(signed_in: SignedIn) -> None:
    article = make_article("Old", kicker="K", tags=["One"])
    client = signed_in("Editor")
    rows = rows_of(written(client))
    save_article(ArticleChange(article=article, fields={"headline": "Theirs"}), actor=None)
    rows[0] |= {"headline": "Mine", "tags": "Two"}
    sheet = give(client, as_csv(rows))
    row = sheet.rows.get()
    assert (row.outcome, row.refused) == ("CONFLICT", {"headline": "Mine"})
    page = client.get(f"{LIST}sheet/{sheet.pk}/").content.decode()
    assert "Mine" in page
    assert "Theirs" in page
    agree(client, sheet)
    assert state(article)["headline"] == "Theirs"
    assert [item["name"] for item in state(article)["tags"]] == ["Two"]


def test_what_both_changed_to_the_same_is_nothing(signed_in: SignedIn) -> None:
    article = make_article("Old")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    save_article(ArticleChange(article=article, fields={"headline": "Same"}), actor=None)
    rows[0]["headline"] = "Same"
    assert give(client, as_csv(rows)).totals["unchanged"] == 1


def test_a_save_after_the_preview_is_left(signed_in: SignedIn) -> None:
    article = make_article("Old")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    rows[0] |= {"headline": "Mine", "authors": "Nobody Yet"}
    sheet = give(client, as_csv(rows))
    save_article(ArticleChange(article=article, fields={"headline": "Theirs"}), actor=None)
    assert "Somebody saved it since" in client.get(f"{LIST}sheet/{sheet.pk}/").content.decode()
    work = agree(client, sheet)
    assert (work.changed, work.left_count) == (0, 1)
    assert state(article)["headline"] == "Theirs"
    assert not Author.objects.filter(name="Nobody Yet").exists()


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ({"key": "zzzzzzzz"}, "No article has the key"),
        ({"key": ""}, "The row has no key"),
        ({"version": "99"}, "is no version"),
        ({"version": "x"}, "is no version"),
        ({"headline": ""}, "needs a headline"),
        ({"published_on": "May-38"}, "published_on"),
        ({"source_url": "javascript:alert(1)"}, "http"),
        ({"headline": "x" * 501}, "at most 500"),
    ],
)
def test_what_cannot_be_is_refused_and_named(
    signed_in: SignedIn, cell: dict[str, str], why: str
) -> None:
    make_article("Old")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    rows[0] |= {"kicker": "Changed", **cell}
    sheet = give(client, as_csv(rows))
    row = sheet.rows.get()
    assert row.outcome == "REJECT"
    assert why in row.message
    assert why in client.get(f"{LIST}sheet/{sheet.pk}/").content.decode()
    client.post(f"{LIST}sheet/{sheet.pk}/")
    assert not BulkWork.objects.exists()


def test_a_row_that_stands_twice_is_refused(signed_in: SignedIn) -> None:
    make_article("Old")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    sheet = give(client, as_csv([rows[0] | {"headline": "One"}, rows[0] | {"headline": "Two"}]))
    assert sheet.totals["reject"] == 2


def test_a_name_of_two_people_is_refused_unless_it_stands_there(signed_in: SignedIn) -> None:
    one, two = make_author("Ann Lee"), make_author("Ann Lee")
    first = make_article("First", authors=[two], published_on="2020-01-02")
    make_article("Second", published_on="2020-01-01")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    rows[0]["authors"] = "Ann Lee; Bo Ek"
    rows[1]["authors"] = "Ann Lee"
    sheet = give(client, as_csv(rows))
    assert [row.outcome for row in sheet.rows.all()] == ["UPDATE", "REJECT"]
    agree(client, sheet)
    assert state(first)["credits"][0]["author"] == two.pk != one.pk


def test_a_renamed_author_is_no_change(signed_in: SignedIn) -> None:
    author = make_author("Klara Weiss")
    make_article("Old", authors=[author])
    client = signed_in("Editor")
    rows = rows_of(written(client))
    author.name = "Clara Weiss"
    names.save_named(author, actor=None)
    assert give(client, as_csv(rows)).totals["unchanged"] == 1


def test_new_series_and_authors_are_made_once(signed_in: SignedIn) -> None:
    for number in range(3):
        make_article(f"A {number}")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    for number, row in enumerate(rows):
        row |= {"series": f"Saga #{number + 1}", "authors": "New Person"}
    agree(client, give(client, as_csv(rows)))
    series = Series.objects.get(title="Saga")
    assert (series.kind, series.parts.count()) == ("serial", 3)
    assert Author.objects.filter(name="New Person").count() == 1


def test_columns_and_rows_may_be_left_out_and_moved(signed_in: SignedIn) -> None:
    one = make_article("One", kicker="K", published_on="2020-01-02")
    two = make_article("Two", published_on="2020-01-01")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    some = [{"headline": "Uno", "note": "x", **{n: rows[0][n] for n in ("version", "key")}}]
    sheet = give(client, as_csv(some))
    assert sheet.remarks == ["The column “note” means nothing here."]
    agree(client, sheet)
    assert (state(one)["headline"], state(one)["kicker"]) == ("Uno", "K")
    assert state(two)["headline"] == "Two"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_separators_are_read(delimiter: str) -> None:
    data = delimiter.join(("key", "version", "headline")) + "\n" + delimiter.join("a1b")
    assert reading.read("x.csv", data.encode(), 9).lines[0].texts["headline"] == "b"


@pytest.mark.parametrize(
    "data",
    [b"", b"headline,date\nA,2020", b"key,version\na,1", b"PK\x03\x04 no zip", b"key,version,\x00"],
    ids=["empty", "a listing", "nothing to change", "no zip", "NUL"],
)
def test_what_is_no_sheet_is_refused(signed_in: SignedIn, data: bytes) -> None:
    file = io.BytesIO(data)
    file.name = "x.csv"
    response = signed_in("Editor").post(f"{LIST}sheet/", {"file": file})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("kind", ["xlsx", "csv", "exact"])
def test_a_sheet_is_no_listing(signed_in: SignedIn, kind: str, tmp_path: Any) -> None:
    from articles.importing.reading import read_listing

    make_article("One")
    path = tmp_path / f"sheet.{export.SUFFIXES[kind]}"
    path.write_bytes(written(signed_in("Editor"), kind))
    with pytest.raises(UnreadableFile, match="sheet of articles from the archive"):
        read_listing(path)


def test_a_text_too_long_for_a_cell_is_left_alone(signed_in: SignedIn) -> None:
    article = make_article("One", body=f"<p>{'word ' * 8000}</p>")
    client = signed_in("Editor")
    for kind in ("xlsx", "csv"):
        data = written(client, kind, body="on")
        assert give(client, data, f"s.{kind}").totals["unchanged"] == 1
    (row,) = rows_of(written(client, "csv", body="on"))
    assert row["body"] == cells.LEFT_OUT
    (row,) = rows_of(written(client, "exact", body="on"))
    assert row["body"] == article.body


def test_the_filter_and_the_ticked_rows_choose(signed_in: SignedIn) -> None:
    make_article("Shown", status="draft")
    other = make_article("Hidden")
    client = signed_in("Editor")
    assert [row["headline"] for row in rows_of(written(client, of="status=draft"))] == ["Shown"]
    ids = rows_of(written(client, of=f"ids={other.pk}"))
    assert [row["headline"] for row in ids] == ["Hidden"]
    response = client.post(
        f"{LIST}?status=draft",
        {"action": "write_sheet", "_selected_action": other.pk, "select_across": "1"},
    )
    assert response.status_code == 302


def test_contributors_write_out_their_own_only_and_take_nothing_in(signed_in: SignedIn) -> None:
    client = signed_in("Contributor")
    make_article("Mine", status="draft", owner=client.user.pk)  # type: ignore[attr-defined]
    make_article("Theirs", status="draft")
    assert [row["headline"] for row in rows_of(written(client))] == ["Mine"]
    assert client.get(f"{LIST}sheet/").status_code == 403


def test_a_sheet_is_its_owners(signed_in: SignedIn) -> None:
    make_article("One")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    rows[0]["headline"] = "Two"
    sheet = give(client, as_csv(rows))
    other = signed_in("Chief editor")
    assert other.get(f"{LIST}sheet/{sheet.pk}/").status_code == 404
    assert other.post(f"{LIST}sheet/{sheet.pk}/").status_code == 404
    assert not BulkWork.objects.exists()


def test_agreeing_twice_is_agreeing_once(signed_in: SignedIn) -> None:
    make_article("One")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    rows[0]["headline"] = "Two"
    sheet = give(client, as_csv(rows))
    for _time in range(2):
        client.post(f"{LIST}sheet/{sheet.pk}/")
    assert BulkWork.objects.count() == 1


def test_what_may_not_be_changed_is_refused(signed_in: SignedIn) -> None:
    from django.contrib.auth.models import Permission

    make_article("Public")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    other = signed_in("staff")
    for codename in ("change_article", "view_article"):
        other.user.user_permissions.add(Permission.objects.get(codename=codename))  # type: ignore[attr-defined]
    rows[0]["headline"] = "Mine"
    row = give(other, as_csv(rows)).rows.get()
    assert (row.outcome, row.article) == ("REJECT", None)
    assert "Your group may not" in row.message


def test_new_names_need_the_right_to_add_them(account: Any, signed_in: SignedIn) -> None:
    make_article("Public")
    rows = rows_of(written(signed_in("Editor")))
    rows[0]["tags"] = "New tag"
    sheet = intake.look_at(
        "x.csv",
        as_csv(rows),
        actor=account("staff"),
        may_change=lambda _article: True,
        may_add=lambda _field: False,
    )
    assert "may not add it" in sheet.rows.get().message


def test_the_status_is_not_changed(signed_in: SignedIn) -> None:
    article = make_article("Draft", status="draft")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    rows[0]["status"] = "published"
    sheet = give(client, as_csv(rows))
    assert "The status stays" in sheet.rows.get().message
    assert state(article)["status"] == "draft"


@pytest.mark.parametrize("column", ["authors", "series", "tags"])
def test_a_name_that_nobody_can_see_is_none(signed_in: SignedIn, column: str) -> None:
    one, other = make_article("One"), make_article("Other")
    client = signed_in("Chief editor")
    rows = rows_of(written(client))
    rows[0][column] = "\u200b"
    for row in rows:
        row["subtitle"] = "New"
    agree(client, give(client, as_csv(rows)))
    assert state(one)["subtitle"] == state(other)["subtitle"] == "New"
    assert not Tag.objects.exists()
    assert not Series.objects.exists()


@pytest.mark.parametrize("cell", ["a_xD800_b", "a_x0000_b", "a_xFFFE_b"])
@pytest.mark.parametrize("column", ["key", "version", "headline", "authors", "tags"])
def test_what_no_cell_can_hold_is_left_out(signed_in: SignedIn, column: str, cell: str) -> None:
    article = make_article("One")
    client = signed_in("Chief editor")
    book = openpyxl.load_workbook(io.BytesIO(written(client, "xlsx")))
    sheet = book["Articles"]
    place = [head.value for head in sheet[1]].index(column) + 1
    sheet.cell(2, place).value = cell
    file = io.BytesIO()
    book.save(file)
    given = give(client, file.getvalue(), "edited.xlsx")
    if column in ("headline", "authors", "tags"):
        agree(client, given)
        assert "ab" in str(state(article))
    else:
        assert given.totals["reject"] == 1


@pytest.mark.parametrize("kind", ["xlsx", "exact"])
def test_no_more_is_read_than_is_taken(signed_in: SignedIn, kind: str) -> None:
    for number in range(4):
        make_article(f"Article {number}")
    data = written(signed_in("Editor"), kind)
    assert len(reading.read(f"x.{export.SUFFIXES[kind]}", data, 2).lines) == 3


def test_a_file_of_nothing_but_lines_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "_MOST_LINES", 10)
    with pytest.raises(UnreadableFile, match="more than 10 lines"):
        reading.read("x.csv", b"key,version,headline\n" + b"\n" * 10, 5)


def test_too_many_rows_are_refused(signed_in: SignedIn, monkeypatch: Any) -> None:
    monkeypatch.setattr(intake, "MOST", 1)
    make_article("One")
    make_article("Two")
    client = signed_in("Editor")
    file = io.BytesIO(written(client))
    file.name = "x.csv"
    response = client.post(f"{LIST}sheet/", {"file": file})
    said = str(response.context["form"].errors)
    assert "has more than 1 rows" in said
    # And there is a way.
    assert "rows that are not there change nothing" in said
    rows = rows_of(written(client))[:1]
    assert give(client, as_csv(rows)).totals["rows"] == 1


def test_old_sheets_are_forgotten(signed_in: SignedIn) -> None:
    import datetime

    from articles import clock

    make_article("One")
    client = signed_in("Editor")
    rows = rows_of(written(client))
    rows[0]["headline"] = "Two"
    sheet = give(client, as_csv(rows))
    done = give(client, as_csv(rows))
    agree(client, done)
    old = clock.now() - datetime.timedelta(days=8)
    Sheet.objects.update(created=old)
    BulkWork.objects.update(finished=old)
    intake.sweep()
    assert not Sheet.objects.filter(pk=sheet.pk).exists()
    assert not SheetRow.objects.exists()


def test_sheets_are_of_every_size(signed_in: SignedIn, monkeypatch: Any) -> None:
    monkeypatch.setattr(export, "CHUNK", 2)
    monkeypatch.setattr("articles.sheets.workbook.MOST_ROWS", 4)
    for number in range(7):
        make_article(f"A {number}", published_on=f"2020-01-0{number + 1}")
    client = signed_in("Editor")
    data = written(client, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Articles", "Articles 2"]
    headlines = [
        row[4].value for sheet in book for row in itertools.islice(sheet.iter_rows(), 1, None)
    ]
    assert headlines == [f"A {number}" for number in reversed(range(7))]
    assert give(client, data, "s.xlsx").totals["unchanged"] == 7


def test_the_pages_say_what_they_do(signed_in: SignedIn) -> None:
    make_article("One")
    client = signed_in("Editor")
    page = client.get(f"{LIST}sheet/export/").content.decode()
    assert re.search(r"1 article\.", page)
    assert "Write a sheet" in client.get(LIST).content.decode()
    assert client.get(f"{LIST}sheet/").status_code == 200
    assert not Operation.objects.filter(kind=OperationKind.BULK).exists()
