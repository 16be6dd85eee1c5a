"""The form on the plan of an uploaded table: what each of its columns is read as."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.choices import UploadState
from articles.importing.formats.columns import Told
from articles.importing.plan import make_plan
from articles.importing.records import Options
from articles.importing.report import VERSION, plan_json
from articles.importing.snapshot import Snapshot
from articles.importing.uploads.plan import pack
from articles.models import Upload
from tests.admin.test_uploads import SignedIn, give, planned, started, url
from tests.importing.formats.reading import read, workbook

__all__ = ["started"]
pytestmark = pytest.mark.django_db

ROWS = "Titel;Erschien;Autor;Notiz\nThe bell;p. 2;Mira Oldcastle;dull\nThe map;2021-02-19;Ana;\n"


def table(actor: User, data: str | bytes = ROWS, name: str = "a.csv", **given: str) -> Upload:
    """Make the upload of a table with its plan."""
    listing = read(data, name, columns=Told(given))
    plan = make_plan(listing, "Bells", Options("published"), Snapshot())
    packed = pack(plan_json(plan), dict(plan.totals()), VERSION)
    return planned(actor, plan=packed, file_name=name)


def choose(client: Any, upload: Upload, **fields: str) -> Any:
    found = {name.replace("_", "-"): value for name, value in fields.items()}
    digest = (upload.plan or {})["digest"]
    return client.post(url(upload), {"act": "columns", "digest": digest, **found})


def selected(page: str, place: int) -> str:
    options = re.search(rf'<select name="column-{place}".*?</select>', page, re.DOTALL)
    assert options
    found = re.findall(r'<option value="(\w*)" selected>', options[0])
    assert len(found) == 1
    return str(found[0])


def test_the_form_shows_each_column_with_a_sample_as_it_was_read(signed_in: SignedIn) -> None:
    client: Any = signed_in("Importer")
    page = client.get(url(table(client.user, Notiz=""))).content.decode()
    assert [selected(page, place) for place in range(4)] == ["headline", "", "byline", ""]
    assert '<label for="id_column-1" dir="auto">Erschien</label>' in page
    assert 'aria-describedby="about_column-1"' in page
    assert 'by name · <span dir="auto">The bell</span>' in page
    assert 'by hand · <span dir="auto">dull</span>' in page
    assert re.search(r'<details class="columns" id="columns" open>', page)
    # A row of a table is one line.
    assert ">line 2<" in page
    assert "lines 2" not in page


def test_a_listing_without_columns_and_an_old_plan_have_no_form(signed_in: SignedIn) -> None:
    client: Any = signed_in("Importer")
    upload = planned(client.user)
    assert b'id="columns"' not in client.get(url(upload)).content
    del upload.plan["head"]["columns"]  # type: ignore[index]
    upload.save()
    assert b'id="columns"' not in client.get(url(upload)).content


def test_reading_again_starts_with_what_was_chosen_otherwise(
    signed_in: SignedIn, started: list[int]
) -> None:
    client: Any = signed_in("Importer")
    upload = table(client.user, Notiz="")
    fields = {"column_0": "headline", "column_1": "published_on", "column_2": "byline"}
    answer = choose(client, upload, **fields, column_3="")
    assert (answer.status_code, started) == (302, [upload.pk])
    upload.refresh_from_db()
    assert (upload.state, upload.options["step"]) == (UploadState.RUNNING, "plan")
    # What stands by itself is not given; what was given before is.
    assert upload.options["columns"] == {"Erschien": "published_on", "Notiz": ""}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"column_1": "tags; drop"}, "This is no field: “tags; drop”."),
        ({"column_1": "published_on", "column_3": "published_on"}, "Two columns were chosen for"),
        ({"column_0": ""}, "One column must be the headline"),
        ({"column_2": "", "column_1": ""}, "One column must be the headline"),
    ],
)
def test_what_cannot_be_read_is_said_beside_what_was_chosen(
    signed_in: SignedIn, started: list[int], fields: dict[str, str], said: str
) -> None:
    client: Any = signed_in("Importer")
    upload = table(client.user)
    page = choose(client, upload, **fields).content.decode()
    assert said in page
    assert started == []
    if fields.get("column_3"):
        assert selected(page, 3) == "published_on"


def test_a_plan_that_is_another_by_now_is_not_read_again(
    signed_in: SignedIn, started: list[int]
) -> None:
    client: Any = signed_in("Importer")
    upload = table(client.user)
    before = dict(upload.options)
    upload.plan["digest"] = "another"  # type: ignore[index]
    page = client.post(
        url(upload), {"act": "columns", "digest": "x", "column-1": "published_on"}, follow=True
    )
    assert "The plan is another one than the page showed." in page.content.decode()
    upload = Upload.objects.get(pk=upload.pk)
    assert (started, upload.options) == ([], before)


def test_what_was_discarded_is_not_read_again(signed_in: SignedIn, started: list[int]) -> None:
    client: Any = signed_in("Importer")
    upload = table(client.user)
    Upload.objects.filter(pk=upload.pk).update(plan=None, state=UploadState.DISCARDED)
    page = client.post(url(upload), {"act": "columns", "digest": "x"}, follow=True)
    assert "The plan is another one than the page showed." in page.content.decode()
    assert started == []


def test_a_table_that_nothing_tells_is_given_with_its_columns(
    signed_in: SignedIn, started: list[int]
) -> None:
    client: Any = signed_in("Importer")
    fields = {"text": "a;b\nThe bell;2021-02-19\n", "columns": "a=headline\r\n\r\nb=date\r\n"}
    give(client, **fields)
    (upload,) = Upload.objects.all()
    assert upload.options["columns"] == {"a": "headline", "b": "published_on"}
    assert started == [upload.pk]
    for wrong in ("a", "a=nothing", "a=date\nb=date"):
        page = give(client, **fields | {"columns": wrong}).content.decode()
        assert "One column a line, as HEADER=FIELD" in page
        assert "<details open>" in page
    assert Upload.objects.count() == 1


def test_a_workbook_with_two_headlines_can_be_read_again(
    signed_in: SignedIn, started: list[int]
) -> None:
    client: Any = signed_in("Importer")
    data = workbook(
        [["Titel", "Autor", "x"], ["The bell", "Ana", "dull"]], [["Title", "Author"], ["Map", "Al"]]
    )
    upload = table(client.user, data, "a.xlsx")
    choose(client, upload, column_2="kicker")
    assert started == [upload.pk]
    assert Upload.objects.get(pk=upload.pk).options["columns"] == {"x": "kicker"}


def test_hostile_headers_and_many_columns(signed_in: SignedIn) -> None:
    client: Any = signed_in("Importer")
    names = ["Titel", "Autor", "<script>x</script>", *(f"c{n}" for n in range(10_000))]
    upload = table(client.user, workbook([names, ["The bell", "Ana"]]), "a.xlsx")
    page = client.get(url(upload)).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    assert page.count("<select") < 250
