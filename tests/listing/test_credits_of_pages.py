"""Credits, captions and numbers of copied pages that were once read otherwise; all invented."""

import pytest

from articles.listing.bare_names import bare_name
from articles.listing.bylines import read_byline
from articles.listing.dated_texts import with_text
from articles.listing.furniture import is_furniture, may_be_title
from articles.listing.inline_kickers import prefixes_of
from articles.listing.inverted_names import is_inverted, turned
from articles.listing.label_words import labelled_part
from articles.listing.parser import parse, survey
from articles.listing.records import Entry
from tests.listing.helpers import assert_books_balance, codes_of, entries_of

NAMES = ("Orla Quill", "Ida Meer", "Rolf Tamm", "Bea Holm", "Sandy Eng")
HEADLINES = (
    "Who counts the lamps?", "Nets on the east quay", "A letter to the board",
    "The ferry that stayed", "Salt, and what came after",
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Photograph by Ines Holm", "Illustration by Pao", "Photo courtesy of Vell Rowers",
        "Play/Pause Button", "Cookies settings", "E-mail address", "No spam. Unsubscribe anytime.",
        "Email sent! Check your inbox.", "Suche nach:", "Ho letto l'informativa sulla privacy",
        "Featured", "Paid", "PUB", "Illustration: Ida Meer", "Download (PDF, 1.1MB)",
        "The band in 1931. Photograph: Vell Rowers", "Czytaj dalej »",
    ],
)  # fmt: skip
def test_lines_of_the_page(text: str) -> None:
    assert is_furniture(text)


@pytest.mark.parametrize(
    "text",
    [
        "Photo by photo", "Photograph by photograph, the town returns", "No spam for breakfast",
        "Email sent from a sinking ferry", "E-mail address of the dead", "Download (the song)",
        "By signing up, he lost his boat", "Picture courtesy and its limits",
    ],
)  # fmt: skip
def test_titles_with_words_of_the_page(text: str) -> None:
    assert not is_furniture(text)


def test_what_may_be_a_title_as_well_says_so() -> None:
    assert all(map(may_be_title, ("Featured", "Paid", "Pub")))
    assert not is_furniture("Photographs by Ines Holm")


def test_letters_with_a_stop_are_parts_of_titles() -> None:
    for name in ("Pfr. i. R. Orla Quill", "Major a. D. Rolf Tamm"):
        (credit,) = read_byline(name).credits
        assert credit.name == name
        assert not read_byline(name).diagnostics
        assert bare_name(name) is not None


def test_nobody_is_no_author() -> None:
    assert read_byline("o. V.").credits == ()
    assert read_byline("s. n.").credits == ()
    (credit,) = read_byline("Orla Quill; o. V.").credits
    assert credit.name == "Orla Quill"


def test_a_paper_with_its_staff_is_one() -> None:
    (credit,) = read_byline("Grain & Hay Weekly staff").credits
    assert credit.kind == "collective"
    assert credit.name == "Grain & Hay Weekly staff"


def test_particles_count_little_also_in_capitals() -> None:
    assert bare_name("NÚRIA DE LA TORRE") == bare_name("Núria de la Torre")


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Quill, Orla", "Orla Quill"),
        ("Emmer, Kuno von", "Kuno von Emmer"),
        ("Dr. Ehrlich, Manfred", "Dr. Manfred Ehrlich"),
        ("Wenz, Dora; Özde, Hakan", "Dora Wenz; Hakan Özde"),
        ("Quill, Orla van der", "Orla van der Quill"),
        ("Quill, Orla St. John", "Orla St. John Quill"),
        ("Quill, Rev. O.", "Rev. O. Quill"),
    ],
)
def test_last_names_first(printed: str, read: str) -> None:
    assert is_inverted(printed)
    assert turned(printed) == read


def test_no_last_name_stands_before_junior() -> None:
    assert not is_inverted("Marcus Bell, Jr.")


def database(*authors: str) -> list[str]:
    lines = []
    for place, author in enumerate(authors):
        lines += [f"[{place + 1}]", f"Titel: {HEADLINES[place % 5]}", f"Verfasser: {author}",
                  f"Datum: {20 - place:02}.05.2014", ""]  # fmt: skip
    return lines


def test_a_database_turns_names_round_beside_nobody_and_committees() -> None:
    entries = entries_of(
        database("Quill, Orla", "o. V.", "Tamm, Rolf", "Arbeitskreis Hafen", "Holm, Bea")
    )
    assert [[credit.name for credit in entry.credits] for entry in entries] == [
        ["Orla Quill"], [], ["Rolf Tamm"], ["Arbeitskreis Hafen"], ["Bea Holm"],
    ]  # fmt: skip


def test_a_database_of_plain_names_turns_none() -> None:
    entries = entries_of(database("Orla Quill", "Rolf Tamm", "North, South", "Bea Holm"))
    assert [credit.name for credit in entries[2].credits] == ["North", "South"]


def test_numbered_titles_stand_above_paper_and_date() -> None:
    lines = []
    for place, (headline, name) in enumerate(zip(HEADLINES, NAMES, strict=True)):
        paper = ("The Vell Ledger", "Fen Weekly")[place % 2]
        credit = paper if place == 3 else f"{name}, {paper}"
        lines += [f"{place + 1}. {headline}", f"   {credit}, {9 - place} March 2022",
                  "   It was told at a meeting.", ""]  # fmt: skip
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == list(HEADLINES)
    assert entries[0].byline == "Orla Quill"
    assert entries[0].publication == "The Vell Ledger"
    assert [entry.published_on for entry in entries] == [
        f"2022-03-0{9 - place}" for place in range(5)
    ]


def test_a_name_before_its_date_is_no_kicker() -> None:
    assert prefixes_of("Orla Quill | 3 May 2020, 10:20") == ()
    assert prefixes_of("Harbour | 3 quays and a ferry")
    lines = []
    for place, (headline, name) in enumerate(zip(HEADLINES, NAMES, strict=True)):
        lines += [headline, f"{name} | {20 - place} May 2020, 10:20", ""]
    lines[3] = "The inventory: 214 nets, 1 ferry"
    assert entries_of(lines * 2)[1].kicker is None


def test_a_kicker_far_above_its_headline_is_doubted() -> None:
    lines = ["The Vell Review", "Newsletter", "Search", "Subscribe", "", "Photograph by Ines Holm"]
    for place, (headline, name) in enumerate(zip(HEADLINES, NAMES, strict=True)):
        lines += [f"Annals of {('Rain', 'Bread')[place % 2]}", headline, "It rained all day here.",
                  f"By {name}", f"May {20 - place}, 2024", ""]  # fmt: skip
    first, *others = entries_of(lines)
    assert first.kicker == "Annals of Rain" or "stray-line" in codes_of(first)
    assert all(entry.headline == told for entry, told in zip(others, HEADLINES[1:], strict=True))


def test_labels_in_a_row_say_what_stands_behind_them() -> None:
    for said, by, section in [
        ("Published", "Author", "Section"), ("Opublikowano", "Autor", "Dział"),
        ("Veröffentlicht", "Autor", "Rubrik"),
    ]:  # fmt: skip
        lines = ["The Vell Courier", ""]
        names = (*NAMES[:3], "kibic", "dr Bea Holm-Quill")
        for place, (headline, name) in enumerate(zip(HEADLINES, names, strict=True)):
            rest = f" | {section}: {('Quays', 'Markets')[place % 2]}" if place != 4 else ""
            lines += [headline, f"{said}: 2018-05-{20 - place} | {by}: {name}{rest}",
                      "It rained all day here.", ""]  # fmt: skip
        entries = entries_of(lines)
        assert [entry.headline for entry in entries] == list(HEADLINES)
        assert [entry.byline for entry in entries[:4]] == list(names[:4])
        assert [entry.kicker for entry in entries[:2]] == ["Quays", "Markets"]
        assert entries[0].published_on == "2018-05-20"


def test_words_and_pictures_in_a_row_are_a_byline() -> None:
    assert labelled_part("Words: Orla Quill") is None
    assert labelled_part("Author: Orla Quill") == ("byline", 8)
    assert labelled_part("Author:") is None


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Guest writer Orla Quill", ["Orla Quill"]),
        ("Orla Quill, colunista", ["Orla Quill"]),
        ("Orla Quill Illustrations by Ida Meer", ["Orla Quill", "Ida Meer"]),
    ],
)
def test_what_stands_beside_a_name(printed: str, names: list[str]) -> None:
    assert [credit.name for credit in read_byline(printed).credits] == names


def page_of_hosts(host: str = "Field Repairs") -> list[str]:
    lines = []
    for place, headline in enumerate(HEADLINES):
        lines += [f"Published in {host}", headline, "It rained all day here.",
                  f"May {20 - place}, 2024", "3 min read", ""]  # fmt: skip
    return lines


def test_a_publication_above_its_entry() -> None:
    lines = page_of_hosts()
    items = list(parse(lines, survey(lines)))
    assert_books_balance(lines, items)
    entries = [item for item in items if isinstance(item, Entry)]
    assert [entry.headline for entry in entries] == list(HEADLINES)
    assert {entry.publication for entry in entries} == {"Field Repairs"}
    assert entries[1].first_line == 7
    assert entries[1].text.startswith("Published in Field Repairs\n")


def test_a_section_above_its_entry_is_no_publication() -> None:
    assert {entry.publication for entry in entries_of(page_of_hosts("News"))} == {None}


def test_what_may_be_a_place_is_doubted() -> None:
    lines = []
    places = ("Alto do Morro", "Rio das Antas")
    for number, (headline, name) in enumerate(zip(HEADLINES, NAMES, strict=True)):
        date = f"{20 - number}/08/2021 09h00 — Em {places[number % 2]}"
        lines += ["CULTURA", headline, "Choveu o dia todo.", date, f"Por {name}", ""]
    assert all(codes_of(entry) for entry in entries_of(lines))


def test_a_sign_with_nothing_behind_it_makes_no_text_of_a_date() -> None:
    assert with_text("Thursday, 14 October 2021 · ", None, None) == []
    assert with_text("Thursday, 14 October 2021 · The weir", None, None)


def test_a_volume_in_the_name_of_a_paper_is_read_once() -> None:
    twice = "Dies.: Vom 1. Mai am Hafen. In: Hafenblätter, 15. Jg. (2007), H. 1/2, S. 3–5."
    once = "Quill, Orla: Der Deich als Rechtsweg. In: Hafenblätter 12 (1998), H. 3, S. 201–219."
    lines = [twice, once, twice]
    assert_books_balance(lines, list(parse(lines, survey(lines))))
