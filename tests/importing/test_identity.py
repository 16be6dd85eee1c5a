"""Which entry is which: fingerprints and alignment."""

from typing import Any

from articles.importing.identity import align, fingerprints
from articles.importing.records import KnownEntry


def entry(headline: str, day: int = 1, **values: Any) -> dict[str, Any]:
    return {"headline": headline, "published_on": f"2020-05-{day:02d}", **values}


def known(*all_values: dict[str, Any]) -> dict[str, KnownEntry]:
    prints = fingerprints(all_values)
    return {
        print_: KnownEntry(
            id=place + 1,
            root_id=place + 1,
            article=100 + place,
            change="CREATE",
            fingerprint=print_,
            values=values,
            in_latest=True,
            ordinal=place,
        )
        for place, (print_, values) in enumerate(zip(prints, all_values, strict=True))
    }


def matched(new: list[dict[str, Any]], old: dict[str, KnownEntry]) -> list[int | None]:
    matches = align(list(zip(new, fingerprints(new), strict=True)), old)
    return [match.known.article if match.known else None for match in matches]


def test_the_roles_of_the_head_lines_do_not_count_but_their_words_do() -> None:
    one = fingerprints([entry("Headline", kicker="Kicker")])
    two = fingerprints(
        [{"headline": "Kicker", "subtitle": "Headline", "published_on": "2020-05-01"}]
    )
    three = fingerprints([entry("Other", kicker="Kicker")])
    assert one == two != three


def test_equals_are_numbered_from_the_end_so_that_a_new_one_on_top_moves_nothing() -> None:
    before = fingerprints([entry("Same"), entry("Same")])
    after = fingerprints([entry("Same"), entry("Same"), entry("Same")])
    assert after[1:] == before
    assert after[0] not in before


def test_a_reworded_entry_of_the_same_day_is_the_same_entry() -> None:
    old = known(entry("The harbour chain is raised"), entry("Charts that lie", 2))
    new = [entry("The harbour chain is raised again"), entry("Charts that lie", 2)]
    assert matched(new, old) == [100, 101]


def test_a_new_entry_is_not_taken_for_an_old_one() -> None:
    old = known(entry("Charts that lie", 2))
    assert matched([entry("A different thing entirely", 2), entry("Charts that lie", 2)], old) == [
        None,
        100,
    ]


def test_a_rewritten_headline_between_its_neighbours_is_the_same_entry() -> None:
    old = known(entry("Alpha", 3), entry("Charts that lie", 2), entry("Omega", 1))
    new = [entry("Alpha", 3), entry("Maps that lie about the sea", 2), entry("Omega", 1)]
    assert matched(new, old) == [100, 101, 102]


def test_a_corrected_date_is_the_same_entry() -> None:
    old = known(entry("The harbour chain is raised", 4), entry("Else", 1))
    assert matched([entry("The harbour chain is raised", 5), entry("Else", 1)], old) == [100, 101]


def test_several_possible_partners_are_left_to_an_editor() -> None:
    old = known(entry("Harbour news, first"), entry("Harbour news, third"), entry("End", 20))
    new = [entry("Harbour news, second"), entry("End", 20)]
    match = align(list(zip(new, fingerprints(new), strict=True)), old)[0]
    assert match.known is None
    assert {candidate.article for candidate in match.candidates} == {100, 101}
