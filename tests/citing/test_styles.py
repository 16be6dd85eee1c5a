"""Citations to be read: Chicago and MLA."""

import pytest

from articles.citing.reference import Person, Reference
from articles.citing.styles import Run, chicago, mla
from tests.citing.test_formats import ADA, BOARD, PLAIN, reference

URL = "https://archive.example/a/abcd0000/"
PEOPLE = tuple(Person(f"A{number} Bee", f"Bee, A{number}") for number in range(1, 13))


@pytest.mark.parametrize(
    ("found", "expected_chicago", "expected_mla"),
    [
        (
            PLAIN,
            "Moss, Ada, and Ben Reed. “A bell: In which it rings.” Translated by Cy Ash. "
            f"Tidewater 3, no. 2 (March 9, 2020): 4–9. {URL}.",
            "Moss, Ada, and Ben Reed. “A bell: In which it rings.” Translated by Cy Ash. "
            f"Tidewater, vol. 3, no. 2, 9 Mar. 2020, pp. 4–9. The Backfile, {URL}.",
        ),
        (
            reference(people=(ADA,), volume="", precision="month", pages="4", subtitle=""),
            f"Moss, Ada. “A bell.” Tidewater, no. 2, March 2020, 4. {URL}.",
            f"Moss, Ada. “A bell.” Tidewater, no. 2, Mar. 2020, p. 4. The Backfile, {URL}.",
        ),
        (
            reference(people=(), publication="", precision="year", subtitle=""),
            f"“A bell.” The Backfile, 2020. {URL}.",
            f"“A bell.” The Backfile, 2020, {URL}.",
        ),
        (
            reference(people=(BOARD,), publication="", subtitle="", headline="Who rang?"),
            f"The Harbour Board, Pilots and Co. “Who rang?” The Backfile, March 9, 2020. {URL}.",
            f"The Harbour Board, Pilots and Co. “Who rang?” The Backfile, 9 Mar. 2020, {URL}.",
        ),
        (
            reference(
                people=(), byline="By our correspondents", publication="", subtitle="",
                headline='The “bell” and the "buoy"', precision="month",
            ),
            f"Our correspondents. “The ‘bell’ and the ‘buoy.’” The Backfile, March 2020. {URL}.",
            f"Our correspondents. “The ‘bell’ and the ‘buoy.’” The Backfile, Mar. 2020, {URL}.",
        ),
        (
            reference(people=(BOARD,), subtitle="", issue="Annual supplement", pages=""),
            "The Harbour Board, Pilots and Co. “A bell.” Tidewater 3, Annual supplement "
            f"(March 9, 2020). {URL}.",
            "The Harbour Board, Pilots and Co. “A bell.” Tidewater, vol. 3, Annual supplement, "
            f"9 Mar. 2020. The Backfile, {URL}.",
        ),
        (
            reference(people=(), subtitle="", volume="Sixth year", issue="No. 4", pages=""),
            f"“A bell.” Tidewater, Sixth year, No. 4 (March 9, 2020). {URL}.",
            f"“A bell.” Tidewater, Sixth year, No. 4, 9 Mar. 2020. The Backfile, {URL}.",
        ),
        (
            reference(people=(), subtitle="", publication="The backfile"),
            f"“A bell.” The backfile 3, no. 2 (March 9, 2020): 4–9. {URL}.",
            f"“A bell.” The backfile, vol. 3, no. 2, 9 Mar. 2020, pp. 4–9, {URL}.",
        ),
    ],
    ids=["full", "month", "bare", "body", "byline", "supplement", "words", "own archive"],
)  # fmt: skip
def test_citations(found: Reference, expected_chicago: str, expected_mla: str) -> None:
    assert str(chicago(found)) == expected_chicago
    assert str(mla(found)) == expected_mla


@pytest.mark.parametrize(
    ("count", "expected_chicago", "expected_mla"),
    [
        (3, "Bee, A1, A2 Bee, and A3 Bee.", "Bee, A1, et al."),
        (10, "A9 Bee, and A10 Bee.", "Bee, A1, et al."),
        (11, "A6 Bee, A7 Bee, et al.", "Bee, A1, et al."),
    ],
)
def test_many_authors(count: int, expected_chicago: str, expected_mla: str) -> None:
    found = reference(people=PEOPLE[:count])
    assert f"{expected_chicago} “A bell" in str(chicago(found))
    assert f"{expected_mla} “A bell" in str(mla(found))


def test_a_suffix_has_one_full_stop() -> None:
    found = reference(people=(Person("Martin King Jr.", "King, Martin, Jr."),))
    assert str(chicago(found)).startswith("King, Martin, Jr. “A bell")


def test_every_role_is_named() -> None:
    roles = ("trl", "edt", "aui", "ivr", "ive", "ill", "pht", "ctb")
    people = tuple(Person(f"Of {role}", f"{role}, Of", role=role) for role in roles)
    text = str(chicago(reference(people=people)))
    for role in roles:
        assert f"Of {role}." in text
    assert text.startswith("“A bell")


def test_the_publication_is_in_italics() -> None:
    italics = [run.text for run in chicago(PLAIN).runs if run.is_italic]
    assert italics == ["Tidewater"]
    assert [run.text for run in mla(PLAIN).runs if run.is_italic] == ["Tidewater", "The Backfile"]


def test_what_runs_from_right_to_left_is_set_apart() -> None:
    run = Run("المرسى, ليلى. “منارة جدّتي.” In Tidewater (גליון) 3.")
    assert run.pieces == [
        ("المرسى", True), (", ", False), ("ليلى", True), (". “", False), ("منارة جدّتي", True),
        (".” In Tidewater (", False), ("גליון", True), (") 3.", False),
    ]  # fmt: skip
    assert "".join(piece for piece, _is_apart in run.pieces) == run.text
    assert Run("Oake, Maud. ", is_italic=True).pieces == [("Oake, Maud. ", False)]
