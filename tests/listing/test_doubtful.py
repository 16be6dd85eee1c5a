"""What a derived layout cannot be sure of is doubted: no wrong reading without a diagnostic."""

import pytest

from tests.listing.helpers import codes_of, entries_of, roles_of


def test_a_name_left_in_the_headline_is_doubted() -> None:
    lines = []
    for day in range(9, 1, -1):
        lines += [f"{day} May 2030", f"Sport: Ferry {day} sinks off Vell", ""]
    lines += ["1 May 2030", "Sport: Ferry sinks, Orla Quill"]
    assert "headline-holds-more" in codes_of(entries_of(lines)[-1])


def test_sections_are_no_bylines_and_publications_are_no_sections() -> None:
    lines = []
    for day, section in zip(range(9, 3, -1), ("Sport", "Labour", "Sport") * 2, strict=True):
        lines += [f"{day} May 2030 | {section} | Orla Quill", f"Ferry {day} sinks off Vell", ""]
    first = entries_of(lines)[0]
    assert (first.kicker, first.publication, first.byline) == ("Sport", None, "Orla Quill")


def test_an_article_before_a_date_belongs_to_it() -> None:
    lines = [
        f"Le bac numéro {day} coule, par Odile Sarrazin, le {day} mai 2020"
        for day in range(9, 3, -1)
    ]
    for entry, line in zip(entries_of(lines), lines, strict=True):
        assert entry.byline == "Odile Sarrazin"
        assert ("date", line.rpartition(", ")[2]) in roles_of(
            entry, [*[""] * (entry.first_line - 1), line]
        )


@pytest.mark.parametrize("month", ["avril", "mai"])
def test_numbers_before_months_alone_are_no_days(month: str) -> None:
    heads = ("Le bac coule", "Le prix du sel", "Un hiver sans lampes", "Contre le rond-point")
    months = ("juillet", "juin", month, "mars")
    lines = [
        f"{number}. {name} 1996 : {head} (Odile Sarrazin)"
        for number, (name, head) in enumerate(zip(months, heads, strict=True), 1)
    ]
    assert all(len(entry.published_on or "") == len("1996-07") for entry in entries_of(lines))


def test_a_credit_above_the_headline_is_not_given_to_the_entry_before() -> None:
    lines = []
    for day in range(28, 8, -1):
        lines += ["By Orla Quill", f"{day} May 2030 / {('Sport', 'Letters')[day % 2]} / 3 min read"]
        lines += [f"Ferry {day} sinks off Vell", "The board met twice and settled nothing at all."]
    spread = [text for line in lines for text in (line, "")]
    for entry in entries_of(spread):
        assert entry.headline.split()[1] == (entry.published_on or "")[-2:].lstrip("0")


def _remarks(lines: list[str], headline: str) -> list[str]:
    return codes_of(next(e for e in entries_of(lines) if e.headline.startswith(headline)))


def test_a_row_that_keeps_the_sign_of_the_others_is_doubted() -> None:
    names = ("Percy Aldous", "Ida Meer", "Orla Quill", "sub rosa 7", "Ida Meer", "Orla Quill")
    lines = [
        f"{number}. The {word} of the marsh. {name}. {number} May 2020."
        for number, (word, name) in enumerate(
            zip(("bells", "drains", "school", "ferry", "tolls", "weavers"), names, strict=True), 1
        )
    ]
    assert "row-unsure" in _remarks(lines, "The ferry")
    assert "row-unsure" not in _remarks(lines, "The school")


def test_a_standfirst_that_the_next_line_goes_on_with_is_doubted() -> None:
    lines = [
        line
        for day in range(20, 10, -1)
        for line in (
            f"The {day} bells of the marsh", f"By Orla Quill, {day} May 2020",
            "The committee walked from the slip to the beacon in the rain and came back.", "",
        )
    ]  # fmt: skip
    cut = ["The rope walk", "By Ida Meer, 9 May 2020", "The rope was carried out of the loft"]
    assert "standfirst-or-stray" in _remarks([*lines, *cut, "and sold to a stranger"], "The rope")
    assert "standfirst-or-stray" not in _remarks([*lines, *cut], "The rope")
