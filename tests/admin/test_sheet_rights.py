"""Sheets state the rights that hold for each article; what was not edited is no change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.admin.test_sheets import agree, as_csv, give, rows_of, written
from tests.factories import make_article
from tests.stated_rights import OWN, SITE, edit, owned

pytestmark = pytest.mark.django_db

SignedIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.RIGHTS = SITE


@pytest.mark.parametrize("kind", ["xlsx", "csv", "exact"])
@pytest.mark.parametrize("of_site", ["", SITE, "=not a formula", "@ 2020 The Review"])
def test_a_sheet_reads_back(signed_in: SignedIn, settings: Any, kind: str, of_site: str) -> None:
    settings.RIGHTS = of_site
    make_article("Fog", rights=OWN)
    make_article("Mist")
    client = signed_in("Editor")
    data = written(client, kind)
    if kind == "exact":
        assert [row["rights"] for row in rows_of(data)] == [of_site, OWN]
    sheet = give(client, data, "sheet.xlsx" if kind == "xlsx" else "sheet.csv")
    assert sheet.totals["unchanged"] == 2


def test_cells_of_a_sheet_that_somebody_edited(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    for name in ("Cleared", "Stated", "Typed over", "Emptied"):
        make_article(name, rights=OWN if name in ("Typed over", "Emptied") else "")
    rows = {row["headline"]: row for row in rows_of(written(client))}
    rows["Cleared"]["rights"] = rows["Emptied"]["rights"] = ""
    rows["Stated"]["rights"], rows["Typed over"]["rights"] = OWN, SITE
    sheet = give(client, as_csv(list(rows.values())))
    assert (sheet.totals["update"], sheet.totals["unchanged"]) == (3, 1)
    agree(client, sheet)
    assert owned() == {"Cleared": "", "Stated": OWN, "Typed over": SITE, "Emptied": ""}


@pytest.mark.parametrize(("then", "now"), [(SITE, "© Others"), (SITE, ""), ("", SITE)])
def test_a_sheet_that_was_written_while_the_archive_stated_something_else(
    signed_in: SignedIn, settings: Any, then: str, now: str
) -> None:
    settings.RIGHTS = then
    client = signed_in("Editor")
    make_article("Fog", rights=OWN)
    make_article("Mist")
    rows = rows_of(written(client))
    assert {row["site_rights"] for row in rows} == {then}
    settings.RIGHTS = now
    assert give(client, as_csv(rows)).totals["unchanged"] == 2
    # Typed anew, what holds today is none of the article's own either.
    rows[0]["rights"] = now
    assert give(client, as_csv(rows)).totals["unchanged"] == 2
    # Without that column nobody can tell: then it is what somebody typed, and is shown first.
    rows[0]["rights"] = then
    without = [{name: row[name] for name in row if name != "site_rights"} for row in rows]
    assert give(client, as_csv(without)).totals["unchanged"] == (1 if then else 2)


def test_what_was_stated_or_taken_back_since_the_sheet_was_written_stands(
    signed_in: SignedIn,
) -> None:
    client = signed_in("Editor")
    stated, emptied = make_article("Stated"), make_article("Emptied", rights=OWN)
    data = written(client)
    edit(stated, OWN)
    edit(emptied, "")
    assert give(client, data).totals["unchanged"] == 2
