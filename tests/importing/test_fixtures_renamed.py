"""A fixture names by slug: what was renamed or merged here since is still what it means."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from articles.importing.fixtures.archive import read_archive
from articles.importing.fixtures.format import fixture_text, parse_fixture
from articles.models import PastAddress, Series, Tag
from articles.writing import names
from articles.writing.name_merging import merge_named
from authors.models import Author
from tests.importing.test_fixtures_again import (
    SECOND,
    Importer,
    article,
    author,
    fixture,
    get,
    serial,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(tmp_path: Path) -> Importer:
    return Importer(tmp_path)


def tag(**values: Any) -> dict[str, Any]:
    return {
        "slug": "sea",
        "name": "Sea",
        "kind": "topic",
        "description": "",
        "aliases": [],
    } | values


def credited(*slugs: str, **values: Any) -> dict[str, Any]:
    credits = [{"author": slug, "role": "aut"} for slug in slugs]
    return article(contributions=credits, **values)


BEN = author(slug="ben", name="Ben", sort_name="Ben")
WHOLE = fixture(
    authors=[author(), BEN],
    series=[serial(), serial(slug="ebbs", title="Ebbs")],
    tags=[tag(), tag(slug="ocean", name="Ocean")],
    articles=[
        credited("ann", parts=[{"series": "tides", "part_number": 1}], tags=["sea"]),
        credited("ben", key=SECOND, slug="second", tags=["ocean"],
                 parts=[{"series": "ebbs", "part_number": 2}]),
    ],
)  # fmt: skip


def merge_all() -> None:
    for model, survivor, copy in (
        (Author, "ben", "ann"), (Series, "ebbs", "tides"), (Tag, "ocean", "sea"),
    ):  # fmt: skip
        rows: Any = model
        merge_named(rows.objects.get(slug=survivor), [rows.objects.get(slug=copy)], actor=None)


def counts() -> list[int]:
    return [model.objects.count() for model in (Author, Series, Tag)]


def test_what_was_merged_stays_merged(imported: Importer, client: Client) -> None:
    imported(WHOLE)
    merge_all()
    for name in ("a.json", "b.json"):
        report = imported(WHOLE, name)
        assert counts() == [1, 1, 1]
        assert report["totals"]["conflict"] == 0
        assert report["totals"]["unchanged"] == 2
    for path, target in (
        ("/authors/ann/", "/authors/ben/"),
        ("/series/tides/", "/series/ebbs/"),
        ("/tags/sea/", "/tags/ocean/"),
    ):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, target)
    assert Author.objects.get().bio == ""


def test_what_a_newer_fixture_says_of_a_copy_is_said_of_the_survivor(imported: Importer) -> None:
    imported(WHOLE)
    merge_all()
    newer = fixture(
        authors=[author(bio="Another person's life."), BEN, author(slug="cy", name="Cy")],
        series=WHOLE["series"],
        tags=WHOLE["tags"],
        articles=[credited("ann", "cy", "ben", tags=["ocean", "sea"]), *WHOLE["articles"][1:]],
    )
    report = imported(newer)
    assert report["totals"]["conflict"] == 0, report
    assert [row.author.slug for row in get().contributions.order_by("position")] == ["ben", "cy"]
    assert [row.slug for row in get().tags.all()] == ["ocean"]
    # The survivor's own life stays as it was.
    assert Author.objects.get(slug="ben").bio == ""
    assert imported(newer)["totals"]["unchanged"] == 2


def test_new_articles_are_credited_to_the_survivor(imported: Importer) -> None:
    imported(WHOLE)
    merge_all()
    more = fixture(**{**WHOLE, "version": 1, "articles": [
        *WHOLE["articles"], credited("ann", "ben", key="3123abcd", slug="third", tags=["sea"]),
    ]})  # fmt: skip
    assert imported(more)["totals"]["create"] == 1
    assert [row.author.slug for row in get("3123abcd").contributions.all()] == ["ben"]
    assert [row.slug for row in get("3123abcd").tags.all()] == ["ocean"]


def test_what_was_renamed_follows_the_fixture_under_its_new_name(
    imported: Importer, client: Client
) -> None:
    imported(WHOLE)
    person = Author.objects.get(slug="ann")
    person.name, person.slug = "Anna Lowell", "anna-lowell"
    names.save_named(person, actor=None)
    newer = fixture(**{**WHOLE, "authors": [author(bio="A life."), BEN]})
    report = imported(newer)
    assert (Author.objects.count(), report["totals"]["conflict"]) == (2, 0)
    person.refresh_from_db()
    assert (person.name, person.slug, person.bio) == ("Anna Lowell", "anna-lowell", "A life.")
    assert get().contributions.get().author == person
    assert client.get("/authors/ann/")["Location"] == "/authors/anna-lowell/"
    assert PastAddress.objects.filter(path="authors/ann/", author=person).exists()


def test_a_fixture_that_has_the_new_slug_as_well_means_that_one(imported: Importer) -> None:
    imported(WHOLE)
    person = Author.objects.get(slug="ann")
    person.slug = "anna"
    names.save_named(person, actor=None)
    both = fixture(**{**WHOLE, "authors": [
        author(bio="Of old."), BEN, author(slug="anna", name="Ann", bio="Of today."),
    ]})  # fmt: skip
    imported(both)
    person.refresh_from_db()
    assert (Author.objects.count(), person.bio) == (2, "Of today.")


def test_however_far_apart_the_two_slugs_stand() -> None:
    person = names.save_named(Author(name="Ann", slug="ann"), actor=None)
    person.slug = "zoe"
    names.save_named(person, actor=None)
    between = [author(slug=f"b{place:03}", name=f"B {place}") for place in range(600)]
    rows = [author(bio="Of old."), *between, author(slug="zoe", bio="Of today.")]
    read = parse_fixture(fixture_text(fixture(authors=rows)))
    found = read_archive(read, "a").named["authors"]
    assert (found["ann"].id, found["zoe"].id) == (person.pk, person.pk)
    # Of the former slug nothing differs, so nothing would be written.
    assert found["ann"].values["bio"] == "Of old."
    assert found["zoe"].values["bio"] == ""
