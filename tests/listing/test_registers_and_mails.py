"""Registers of associations, and mails that list what papers wrote; all invented."""

import pytest

from articles.listing.credits import credit_lines
from tests.listing.helpers import codes_of, entries_of

_HEADLINES = (
    "Who counts the lamps?", "Nets on the east quay", "A letter to the board",
    "The ferry that stayed", "Salt, and what came after", "Eleven ways to fold a chart",
    "The clerk is out",
)  # fmt: skip
_NAMES = ("Orla Quill", "Ida Meer", None, "Rolf Tamm", "Orla Quill", "Bea Holm", "Ida Meer")
_PAPERS = ("VELL LEDGER", "FEN SENTINEL", "SALT SHORE CRIER")
_TEXT = "The board met twice before noon and settled nothing."


def test_an_article_before_a_day_below_its_year_and_titles_all_in_quotation_marks() -> None:
    lines = ["LA LETTRE DU QUAI", "", "Année 2015"]
    for day, (headline, name) in enumerate(zip(_HEADLINES, _NAMES, strict=True), 3):
        lines.append(f"le {day} mai : « {headline} »" + (f" — {name} (quais)" if name else ""))
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == list(_HEADLINES)
    assert [entry.byline for entry in entries] == list(_NAMES)
    assert [entry.published_on for entry in entries] == [f"2015-05-0{day}" for day in range(3, 10)]


def test_a_quotation_that_not_all_titles_are_stays_in_its_marks() -> None:
    lines = [f"{day} May 2015 | {each} | Orla Quill" for day, each in enumerate(_HEADLINES, 1)]
    lines.append("9 May 2015 | “We sleep in the lobby” | Ida Meer")
    assert entries_of(lines)[-1].headline == "“We sleep in the lobby”"


@pytest.mark.parametrize("leaders", [" … S. ", " ...... S. ", f" {'.' * 45} S. "])
def test_dots_lead_to_a_page_that_says_it_is_one(leaders: str) -> None:
    lines, headlines = ["Quaibrief"], []
    for number, word in enumerate(("Ebbe", "Flut", "Salz", "Tau"), 61):
        lines += ["", f"Nr. {number}, März {1957 + number}"]
        for place, name in enumerate(_NAMES[:4]):
            headlines.append(f"{word} und {('Lampen', 'Netze', 'Karten', 'Boote')[place]}")
            printed = f"{headlines[-1]} ({name})" if name else headlines[-1]
            lines.append(printed + leaders + str(3 + place))
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == headlines
    assert [entry.byline for entry in entries] == list(_NAMES[:4]) * 4


def test_numbered_items_of_a_mail_below_the_papers_that_had_them() -> None:
    lines = [
        "From: Harbour Digest <digest@harbour.example>", "To: all-editors",
        "Subject: [Digest] What they wrote", "Date: Mon, 18 Jun 2018 06:02:11 -0400", "",
        "Good morning. It was a week of meetings, and here is what they wrote about them.", "",
    ]  # fmt: skip
    for number, (headline, name) in enumerate(zip(_HEADLINES, _NAMES, strict=True), 1):
        lines += [_PAPERS[number % 3], f"{number}. {headline}"]
        lines += [_TEXT] if number % 2 else []
        lines += [
            f"{name or 'Staff report'} | Jun {20 - number}, 2018",
            f"Read it: https://harbour.example/a/{2000 + number}", "",
        ]  # fmt: skip
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == list(_HEADLINES)
    assert [entry.published_on for entry in entries] == [
        f"2018-06-{20 - number}" for number in range(1, 8)
    ]
    assert {entry.kicker for entry in entries} == {None}
    assert {entry.publication for entry in entries} == set(_PAPERS)


def test_sections_of_several_words_are_no_papers() -> None:
    lines = []
    for number, headline in enumerate(_HEADLINES, 1):
        lines += [("Film Review", "Book Review", "On the Quay")[number % 3], headline]
        lines += ["By Orla Quill", f"{number} May 2018", ""]
    assert {entry.kicker for entry in entries_of(lines)} == {
        "Film Review", "Book Review", "On the Quay",
    }  # fmt: skip


def test_an_address_below_a_line_that_nothing_ends_is_no_part_of_it() -> None:
    lines = ["Cuttings", ""]
    for number, (headline, name) in enumerate(zip(_HEADLINES, _NAMES, strict=True), 1):
        lines += [f"{number}. {headline}", f"   The Vell Courier, {number} March 2022"
                  + (f", by {name}" if name else "")]  # fmt: skip
        lines += [f"   {_TEXT}"] if number % 3 else []
        lines.append(f"   https://courier.example/{number}")
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == list(_HEADLINES)
    assert [entry.byline for entry in entries] == list(_NAMES)
    assert [entry.standfirst for entry in entries] == [
        _TEXT if number % 3 else None for number in range(1, 8)
    ]


def test_a_dash_parts_who_writes_from_where() -> None:
    places = ("Port Vell", "Monte Alvo", "Santa Elena")
    lines = []
    for number, headline in enumerate(_HEADLINES, 1):
        lines += [("Quays", "Ferries")[number % 2], headline, _TEXT]
        lines += [f"By {_NAMES[number % 2]} — {places[number % 3]}", f"{number} May 2020"]
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == list(_HEADLINES)
    assert {entry.byline for entry in entries} == {"Orla Quill", "Ida Meer"}


@pytest.mark.parametrize("gap", [[], [""]])
def test_what_stands_below_in_alone_is_the_paper_and_who_stands_above_wrote_it(
    gap: list[str],
) -> None:
    names = ("Orla Quill", "Ida Meer", "Rolf Tamm")
    lines = ["Open in app", "Home", "Essays", "Follow", *gap]
    for number, headline in enumerate(_HEADLINES):
        lines += [names[number % 3], *gap, "in", *gap, "The Long Quay", *gap, headline]
        lines += ["What the clerk would not say"] if number % 2 else []
        lines += [*gap, f"May {20 - number}, 2020", str(30 + number), "4"]
    entries = [entry for entry in entries_of([*lines, "Latest Stories"]) if entry.published_on]
    assert [entry.headline for entry in entries] == list(_HEADLINES)
    assert [entry.byline for entry in entries] == [names[number % 3] for number in range(7)]
    assert {entry.kicker for entry in entries} == {None}


def test_a_month_in_small_roman_figures_and_lines_that_hang() -> None:
    lines = [
        "THE VELL MESSENGER", "index to the longer pieces", "",
        "Hedges and who laid them (O. Quill), 3.iv.87",
        "The flood as four households remember it, with a",
        "    plan of the lower street (Mrs Ida Meer), 1.v.87",
        "What the sexton found, 3.vii.87",
        "Cricket: the season that began in snow (Rolf Tamm),", "    4.ix.87",
        "A walk round the bounds with three dogs and a",
        "    retired surveyor (O. Quill), 6.xi.87",
        "Carols at the forge (Mrs Ida Meer), 1.i.88",
        "The proper way to ring a muffled peal (Rev. P.", "    Holm), 7.vii.89",
    ]  # fmt: skip
    entries = entries_of(lines)
    assert [entry.published_on for entry in entries] == [
        "1987-04-03", "1987-05-01", "1987-07-03", "1987-09-04", "1987-11-06", "1988-01-01",
        "1989-07-07",
    ]  # fmt: skip
    assert entries[4].headline == (
        "A walk round the bounds with three dogs and a retired surveyor"
    )  # fmt: skip
    assert [entry.byline for entry in entries][-1] == "Rev. P. Holm"


def test_sections_that_the_last_entry_ends_with_are_those_of_the_entries_above() -> None:
    lines = ["Vell Courier", "Search", "Showing 1-7 of 874 results"]
    sections = [("Quays", "Ferries", "Letters")[number % 3] for number in range(7)]
    for number, (headline, section) in enumerate(zip(_HEADLINES, sections, strict=True)):
        lines += [headline, f"By Orla Quill | May {20 - number}, 2020", _TEXT, section]
    entries = [entry for entry in entries_of([*lines, "Previous", "1", "2", "Next"])
               if entry.published_on]  # fmt: skip
    assert [entry.headline for entry in entries] == list(_HEADLINES)
    assert [entry.kicker for entry in entries] == sections


def test_ways_to_read_an_article_in_one_line_are_of_the_page() -> None:
    lines = []
    for number, headline in enumerate(_HEADLINES, 1):
        lines += [headline, "Orla Quill", f"First Published: {number} May 2020"]
        lines += [("Abstract " if number % 2 else "") + "Full text PDF References"]
    assert {entry.kicker for entry in entries_of(lines)} == {None}


def test_a_kicker_that_the_first_entry_alone_has_is_the_head_of_the_page() -> None:
    lines = ["Past issues", "All that was sent from the quay"]
    lines += [f"05/{20 - day}/2021 - {each}" for day, each in enumerate(_HEADLINES)]
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == list(_HEADLINES)
    assert {entry.kicker for entry in entries} == {None}


def test_dates_with_two_lines_again_and_again_are_those_of_one_entry_each() -> None:
    subtitles = (
        "Guardados no alto do armário, eles ainda contam", "Quem dorme em pé sonha mais curto",
        "Misture os presentes e reserve os ausentes", "Mas empresta, dá e esquece tudo",
        "São sete minutos, e no quarto ele espirra", "Há objetos que só existem em trânsito",
        "Um abridor de lata e três panos de prato", "Na escada descobri o nome do vizinho",
        "Proponho bronze e tamanho natural", "Quem aperta não espera", "Sal e vento",
    )  # fmt: skip
    headlines = (
        "O elevador do cais", "Para que serve um guarda-chuva?", "A feira mudou para sexta",
        "Receita de bolo com ata", "O silêncio dos tamborins", "Bloco da rua de baixo",
        "O mar visto da fila", "Dona Rosa não vende fiado", "Os cachorros de janeiro",
        "Lista de presentes", "Faltou luz, sobrou conversa",
    )  # fmt: skip
    lines = ["Jornal do Cais", "Colunas"]
    for number, headline in enumerate(headlines):
        lines += [f"{28 - number}.mar.2024 às 7h00", headline]
        lines += [] if number % 4 == 2 else [subtitles[number]]
    entries = entries_of([*lines, "Ver mais"])
    assert [entry.headline for entry in entries] == list(headlines)
    assert [entry.kicker for entry in entries] == [None] * len(headlines)


def test_a_page_before_the_same_words_in_two_issues_is_no_head_of_a_page() -> None:
    lines = ["Der Quaibote"]
    for number, word in enumerate(("Ebbe", "Flut", "Salz", "Tau"), 31):
        lines += [
            "",
            f"Heft {number}, März {1981 + number}",
            "3\tGrußwort (Der Vorstand)",
            f"5\t{word} und Tang (Orla Quill)",
            f"14\tWas {word} kostet (Ida Meer)",
        ]
        lines += [f"{20 + number}\tLeserbriefe"] if number > 32 else []  # fmt: skip
    letters = [entry for entry in entries_of(lines) if entry.headline == "Leserbriefe"]
    assert [entry.published_on for entry in letters] == ["2014-03", "2015-03"]


def test_who_wrote_with_the_owner_of_a_list_stands_behind_the_paper() -> None:
    lines = ["# Clippings", ""]
    for number, headline in enumerate(_HEADLINES, 1):
        paper = ("*Eastside Courier*", "*The Ledger*", "*The Ledger*, with Ida Meer")[number % 3]
        lines.append(f"- **2020-01-0{number}** [{headline}](https://a.example/{number}) — {paper}")
        lines += ["  Eleven floors, one pram, and no engineer."] if number % 2 == 0 else []
    entries = entries_of([*lines, "", "To do: find the older pieces (the site is down)"])
    assert [entry.headline for entry in entries] == list(_HEADLINES)
    assert [entry.byline for entry in entries] == [
        "Ida Meer" if number % 3 == 2 else None for number in range(1, 8)
    ]
    assert "standfirst-or-stray" in codes_of(entries[-1])


@pytest.mark.parametrize("said", ["Ein Kommentar von", "Eine Glosse von", "An essay by"])
def test_a_kind_of_text_stands_between_a_standfirst_and_who_wrote_it(said: str) -> None:
    (form,) = credit_lines(f"Ruhe ist kein Vorteil. {said} Orla Quill", None, frozenset())
    assert (form.roles, form.byline) == ("FB", "Orla Quill")


def test_the_day_on_which_a_list_was_changed_is_none_of_its_entries() -> None:
    lines = ["2014", ""]
    lines += [f"“{each},” Vell Courier, {day} May" for day, each in enumerate(_HEADLINES, 3)]
    lines += ["", "2013", "", "“Harp strings,” Cadence, 6 December", "", "Last updated May 2018"]
    assert "Last updated" not in [entry.headline for entry in entries_of(lines)]
