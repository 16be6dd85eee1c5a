"""What stands in a cell, and that it comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.choices import Role
from articles.sheets import cells, workbook
from articles.sheets.cells import Named

NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12
)


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@here", "\tx", "＝1", "'=1", "''+1"])
def test_what_a_program_could_run_is_guarded(text: str) -> None:
    assert cells.guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "A", "'quoted'", "1+1", "a=b", "''"])
def test_what_it_could_not_stays(text: str) -> None:
    assert cells.guarded(text) == text


@given(st.text(st.sampled_from("'=+-@x＝ \t"), max_size=8))
def test_a_guard_comes_off_as_it_went_on(text: str) -> None:
    assert cells.unguarded(cells.guarded(text)) == text


@given(st.lists(st.tuples(NAMES, st.sampled_from(Role.values)), max_size=4, unique=True))
def test_credits_come_back(credits: list[tuple[str, str]]) -> None:
    text = cells.text_of("authors", {"credits": [{"name": n, "role": r} for n, r in credits]})
    assert cells.items_of("authors", text, Role.values) == [Named(n, r) for n, r in credits]


@given(st.lists(st.tuples(NAMES, st.none() | st.integers(1, 999_999)), max_size=4, unique=True))
def test_places_come_back(places: list[tuple[str, int | None]]) -> None:
    values = {"parts": [{"title": title, "part_number": number} for title, number in places]}
    text = cells.text_of("series", values)
    found = cells.items_of("series", text, Role.values)
    assert found == [Named(title, number=number) for title, number in places]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Clara Weiss (trl)", [Named("Clara Weiss", "trl")]),
        ("Clara Weiss (xyz)", [Named("Clara Weiss (xyz)")]),
        (" A ;; B;A ", [Named("A"), Named("B")]),
        ("A\nB", [Named("A"), Named("B")]),
        (r"A\;B; C\\", [Named("A;B"), Named("C\\")]),
        ("", []),
    ],
)
def test_what_a_person_types_is_read(text: str, expected: list[Named]) -> None:
    assert cells.items_of("authors", text, Role.values) == expected


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_a_text_of_a_workbook_comes_back(text: str) -> None:
    import html

    kept = "".join(char for char in text if char in "\t\n\r" or ord(char) >= 32)
    kept = kept.replace("\ufffe", "").replace("\uffff", "")
    written = html.unescape(workbook.written(text))
    assert workbook.meant(written) == workbook.meant(workbook._NOTATION.sub("_x005F_", kept))
    assert workbook.meant(written) == kept


def test_columns_have_letters() -> None:
    assert [workbook.letters(place) for place in (0, 25, 26, 701, 702)] == [
        "A", "Z", "AA", "ZZ", "AAA",
    ]  # fmt: skip
