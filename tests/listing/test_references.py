"""Bibliographic references: styles, what they do not cover, and lines that are none.

Whole lists of each style are among the samples of ``test_dialects``.
"""

import time

import pytest

from articles.listing import reference_styles
from articles.listing.parser import explain, parse, survey
from articles.listing.records import Entry, Topic
from articles.listing.reference_names import names_of
from articles.listing.reference_tails import Tail, read_date
from articles.listing.references import STYLES, references_of
from tests.listing.helpers import assert_books_balance, codes_of, entries_of, items_of, roles_of

APA = [
    "Quill, O. (2013, May 6). Harbour tolls rise. The Vell Courier, 31(2), 14–19.",
    "Meer, I. (2014). Salt. Journal of Ports, 7, 1–9.",
    "Tallis, R., & Meer, I. (2015, June). A walk on the mole. Quay Monthly, 4(7), 3–5.",
    "Barrow, E. (2016, July 9). Eel pie. The Vell Courier, p. A1.",
]
MLA = [
    "Quill, Orla. “Harbour Tolls.” The Vell Courier, vol. 3, no. 2, 6 May 2013, p. 4.",
    "Meer, Ida. “Salt.” The Vell Courier, 7 May 2014, p. 4.",
    "Tallis, Rolf, and Ida Meer. “A Walk.” Quay Monthly, June 2015, pp. 3-5.",
    "Barrow, Eva. “Eel Pie.” The Vell Courier, 9 July 2016.",
]


def _last(lines: list[str], line: str) -> Entry:
    """The entry that *line* makes below *lines*, which show the style."""
    shown = [*lines, line]
    assert_books_balance(shown, items_of(shown))
    assert survey(shown).dialect == "references"
    entries = entries_of(shown)
    assert len(entries) == len(shown)
    return entries[-1]


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Quill, O.", ["O. Quill"]),
        ("Quill, O., & Meer, I. J.", ["O. Quill", "I. J. Meer"]),
        ("van der Lode, J.-P., Quill, O.", ["J.-P. van der Lode", "O. Quill"]),
        ("Quill, Orla, and Ida Meer", ["Orla Quill", "Ida Meer"]),
        ("Quill, Orla / Meer, Ida", ["Orla Quill", "Ida Meer"]),
        ("QUILL, Orla; MEER, Ida", ["Orla QUILL", "Ida MEER"]),
        ("QUILL Orla et LE MÔLE Jean", ["Orla QUILL", "Jean LE MÔLE"]),
        ("QUILL (Orla)", ["Orla QUILL"]),
        ("Quill O, Meer IJ", ["O Quill", "IJ Meer"]),
        ("Лодкин А. П., Мель И.", ["А. П. Лодкин", "И. Мель"]),
        ("Quill, O., Jr.", ["O. Quill, Jr."]),
        ("Quill, Orla, et al.", ["Orla Quill"]),
    ],
)
def test_last_names_that_stand_first_are_turned(printed: str, names: list[str]) -> None:
    found = names_of(printed, turned=True)
    assert found is not None
    assert found.inverted
    assert [credit.name for credit in found.credits] == names
    assert {credit.kind for credit in found.credits} == {"person"}


def test_two_whole_names_are_not_one_turned_round() -> None:
    found = names_of("Orla Quill, Ida Meer, and Rolf Tallis")
    assert found is not None
    assert not found.inverted
    assert [credit.name for credit in found.credits] == ["Orla Quill", "Ida Meer", "Rolf Tallis"]


def test_who_edited_is_an_editor_and_an_office_is_no_person() -> None:
    (editor,) = (names_of("Quill, Orla (Hrsg.)", turned=True) or names_of("")).credits  # type: ignore[union-attr]
    assert (editor.name, editor.role) == ("Orla Quill", "edt")
    (office,) = (names_of("Board of Pilots") or names_of("")).credits  # type: ignore[union-attr]
    assert office.kind == "organisation"


@pytest.mark.parametrize("text", ["", "ferry sinks off Vell", "Who sank it?", "x" * 500, "12, 13"])
def test_what_is_no_name_is_none(text: str) -> None:
    assert names_of(text) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2013", "2013"),
        ("2013a", "2013"),
        ("2013, May 6", "2013-05-06"),
        ("2013, May 6–8", "2013-05-06"),
        ("2013, July–August", "2013-07"),
        ("2013, Spring", "2013"),
        ("2013 May-Jun", "2013-05"),
        ("1987. 12 сентября", "1987-09-12"),
        ("12 May 2013", "2013-05-12"),
        ("2013 sheep", None),
        ("sheep", None),
    ],
)
def test_dates_are_read_in_the_forms_of_references(text: str, iso: str | None) -> None:
    date = read_date(text)
    assert (date.iso if date is not None else None) == iso


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("Quay, 31(2), 14–19", {"volume": "31", "issue": "2", "pages": "14–19"}, "Quay"),
        ("Quay 12, no. 3 (May 2004): 12–20", {"date": "May 2004", "pages": "12–20"}, "Quay"),
        ("Kai 12 (1998), H. 3, S. 201–219", {"volume": "12", "issue": "3"}, "Kai"),
        ("Quai, n° 4, mars 2006, p. 3-9", {"issue": "4", "date": "mars 2006"}, "Quai"),
        ("Причал. 2003. № 2. С. 14–29", {"issue": "2", "date": "2003"}, "Причал"),
        ("Cais, v. 12, n. 3, p. 2-9, maio 2004", {"volume": "12", "date": "maio 2004"}, "Cais"),
        ("Quay, p. 20-31, 2006", {"pages": "20-31", "date": "2006"}, "Quay"),
        ("Studio 54", {}, "Studio 54"),
    ],
)
def test_what_stands_behind_a_title_is_taken_off_its_end(
    text: str, found: dict[str, str], left: str
) -> None:
    tail = Tail(text, 0, len(text)).peel()
    read = {role: text[start:end] for start, end, role in tail.pieces}
    assert read | found == read
    assert text[: tail.end] == left


def test_what_a_style_does_not_cover_is_doubted_and_kept_out_of_the_fields() -> None:
    entry = _last(MLA, "Quill, Orla. “The Bar.” Essays on Bars (Vell: Quay Press, 1999), 12–20.")
    assert (entry.publication, entry.published_on) == ("Essays on Bars", "1999")
    assert codes_of(entry) == ["reference-unsure"]
    assert "Vell: Quay Press" in entry.diagnostics[0].message


def test_a_publication_that_may_hold_more_is_doubted() -> None:
    entry = _last(MLA, "Quill, Orla. “The Bar.” Courier, Vell Edition. Sunday, 5 May 2013, p. 2.")
    assert codes_of(entry) == ["reference-unsure"]


def test_the_publisher_of_a_book_is_no_publication() -> None:
    entry = _last(APA, "Board of Pilots. (2015). Sounding plan, 2015–2020. Author.")
    assert entry.headline == "Sounding plan, 2015–2020"
    assert entry.publication is None
    assert [credit.kind for credit in entry.credits] == ["organisation"]
    assert codes_of(entry) == ["reference-unsure"]
    entry = _last(APA, "Tallis, R. (2015). A history of lamps. Quay Press.")
    assert (entry.headline, entry.publication) == ("A history of lamps", None)
    assert codes_of(entry) == ["reference-unsure"]


def test_a_reference_without_a_date_says_so() -> None:
    entry = _last(APA, "Quill, O. (n.d.). The bar. The Vell Courier, 31(2), 4.")
    assert entry.published_on is None
    assert codes_of(entry) == ["date-missing"]


def test_a_title_of_two_sentences_is_doubted() -> None:
    entry = _last(APA, "Quill, O. (2013, May 6). The bar. A report. The Vell Courier, p. 4.")
    assert codes_of(entry) == ["headline-holds-more"]


def test_a_question_in_a_title_is_no_doubt() -> None:
    entry = _last(APA, "Quill, O. (2013). Who pays? The price of salt. Journal of Ports, 3(1), 4.")
    assert (entry.headline, entry.publication) == (
        "Who pays? The price of salt",
        "Journal of Ports",
    )
    assert not entry.diagnostics


def test_a_name_that_is_not_turned_among_turned_ones_is_doubted() -> None:
    entry = _last(MLA, "Vell Tideway. “The Bar.” The Vell Courier, 5 May 2013.")
    assert codes_of(entry) == ["byline-doubtful"]
    assert [credit.kind for credit in entry.credits] == ["organisation"]


def test_a_line_in_another_style_is_doubted() -> None:
    entry = _last(APA, "Лодкин А. П. Причал // Речник. 2003. № 2. С. 14–29.")
    assert entry.headline == "Причал"
    assert codes_of(entry) == ["row-unsure"]


def test_marks_for_a_name_stand_for_that_above_and_for_none_at_the_top() -> None:
    entry = _last(MLA, "---. “More Pie.” The Vell Courier, 10 July 2016.")
    assert (entry.byline, entry.credits[0].name) == ("Barrow, Eva", "Eva Barrow")
    first = entries_of(["———. “More Pie.” The Vell Courier, 10 July 2016.", *MLA])[0]
    assert first.byline is None
    assert codes_of(first) == ["byline-doubtful"]


def test_marks_of_markup_belong_to_no_field() -> None:
    line = "Quill, O. (2014). The *Vell* bar. *Quay Monthly*, *31*(2), 4–9."
    entry = _last(APA, line)
    assert entry.headline == "The Vell bar"
    assert (entry.publication, entry.volume) == ("Quay Monthly", "31")
    assert ("publication", "Quay Monthly") in roles_of(entry, [*APA, line])


def test_a_chapter_has_the_title_of_its_book_and_no_credit_of_its_editors() -> None:
    entry = _last(
        APA, "Meer, I. (2018). The lamp. In O. Quill (Ed.), A history of lamps (pp. 3–9). Vell."
    )
    assert (entry.headline, entry.publication, entry.pages) == (
        "The lamp",
        "A history of lamps",
        "3–9",
    )
    assert [credit.name for credit in entry.credits] == ["I. Meer"]
    assert codes_of(entry) == ["reference-unsure", "reference-unsure"]


def test_names_a_title_and_in_are_parted_by_commas() -> None:
    lines = [
        "Quill O., La barra, il porto, in «Il Molo», n. 4, maggio 2012, pp. 3-9.",
        "Meer I., Lode A., Il faro, in «Il Molo», 3 giugno 2014, p. 1.",
        "Meer, Ida, Der Damm. Ein Bericht, in: Hafenblätter 14 (2006), H. 2, S. 20–31.",
        "Meer, Ida, Tallis, Rolf, Der Kai, in: Hafenblätter 15 (2007), S. 20–31.",
    ]
    assert_books_balance(lines, items_of(lines))
    entries = entries_of(lines)
    read = [(entry.headline, entry.byline, entry.publication) for entry in entries]
    assert read[:3] == [
        ("La barra, il porto", "Quill O.", "Il Molo"),
        ("Il faro", "Meer I., Lode A.", "Il Molo"),
        ("Der Damm", "Meer, Ida", "Hafenblätter"),
    ]
    assert [codes_of(entry) for entry in entries[:3]] == [[], [], []]
    # A second name, or a title that begins like one.
    assert codes_of(entries[3]) == ["headline-holds-more"]


def test_the_day_behind_the_paper_makes_a_year_before_the_title_a_date() -> None:
    entry = _last(APA, "Quill, O. (2014) ‘Salt’, The Vell Courier, 6 May, p. 4.")
    assert (entry.published_on, entry.publication) == ("2014-05-06", "The Vell Courier")
    assert not entry.diagnostics


def test_a_paper_that_nothing_parts_from_the_title_is_doubted() -> None:
    entry = _last(APA, "Quill, O. (2014) Lamps of the north, Quay Monthly, 5 July.")
    assert codes_of(entry) == ["headline-holds-more"]


def test_headings_are_no_entries_and_the_name_of_any_list_is_no_topic() -> None:
    lines = ["References", "", "Q", *APA, "Books about eels", "", "* * *"]
    items = items_of(lines)
    assert not [item for item in items if isinstance(item, Topic)]
    assert len(entries_of(lines)) == len(APA)
    topics = [item for item in items_of(["Our press", *APA]) if isinstance(item, Topic)]
    assert [topic.text for topic in topics] == ["Our press"]


def test_a_few_references_in_a_listing_of_another_kind_do_not_make_it_one() -> None:
    lines = []
    for day in range(1, 9):
        lines += [f"Ferry {day} sinks off Vell", f"By Orla Quill, {day} May 2030", ""]
    assert references_of(lines) is None
    assert survey([*lines, *APA]).dialect != "references"
    assert references_of(APA[:3]) is None
    assert references_of(APA) is not None


def test_references_can_be_asked_for_by_name() -> None:
    lines = ["Ferry sinks", "9 May 2030", APA[0]]
    assert survey(lines, "references").dialect == "references"
    (entry,) = (i for i in parse(lines, survey(lines, "references")) if isinstance(i, Entry))
    assert entry.headline == "Harbour tolls rise"


def test_why_a_reference_is_read_so_is_told() -> None:
    told = "\n".join(explain(entries_of(APA)[0]))
    assert "dialect references, confidence 0.95" in told
    assert "publication: “The Vell Courier”" in told
    assert "day 2013-05-06" in told


def test_a_reference_on_several_lines_is_read_as_one() -> None:
    lines = [
        "Quill, O. (2013, May 6). Harbour tolls",
        "    rise. The Vell Courier, 31(2), 14–",
        "    19.",
        *APA[1:],
    ]
    assert_books_balance(lines, items_of(lines))
    entry = entries_of(lines)[0]
    assert (entry.first_line, entry.last_line) == (1, 3)
    assert (entry.headline, entry.pages) == ("Harbour tolls rise", "14–19")


def test_blank_lines_part_references_of_several_lines() -> None:
    lines = []
    for line in APA:
        cut = line.index(" ", 40)
        lines += [line[:cut], line[cut + 1 :], ""]
    assert_books_balance(lines, items_of(lines))
    assert [entry.headline for entry in entries_of(lines)] == [
        entry.headline for entry in entries_of(APA)
    ]


def test_numbers_part_references_of_several_lines() -> None:
    lines = []
    for number, line in enumerate(APA, 1):
        cut = line.index(" ", 40)
        lines += [f"{number}. {line[:cut]}", line[cut + 1 :]]
    assert_books_balance(lines, items_of(lines))
    assert [entry.headline for entry in entries_of(lines)] == [
        entry.headline for entry in entries_of(APA)
    ]


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize(
    "line",
    [
        "Quill, O. (2013). “The bar. Vell, 3.",
        "Quill, O. (2013",
        "(2013). x",
        "“",
        "“” 2013",
        "///",
        " // 2013",
        ": In: 2013",
        "Quill, O.: . In: . 2013",
        "2013;1(2):3",
        "– – n. 2",
        "Quill, Orla. . , 2013.",
        "\ud800 // \x00. 2013. С. 1.",
        "Quill, O. (2013). *The bar*. *",
    ],
)
def test_broken_references_are_read_or_left_but_never_fail(style: str, line: str) -> None:
    reading = STYLES[style](line, None)
    assert reading is None or any(role == "headline" for *_, role in reading.pieces)
    lines = [*APA, line, *MLA]
    assert_books_balance(lines, items_of(lines))


def test_a_line_longer_than_any_reference_is_none() -> None:
    line = APA[0].replace("rise", "rise " * reference_styles.LONGEST)
    assert len(entries_of([*APA, line])) == len(APA)


_REPEATED = (
    "Quill, O., ", "A. B., ", "“a” ", "(2013) ", " // ", "In: ", "vol. 3, ", "12, ", "pp. 3, ",
    "*a* ", "3-9, ", "x. Y ", "2013;", "31(2), ", "https://a.b/c ", ".a", "www.", "Лодкин А. П., ",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("style", list(STYLES))
def test_no_style_takes_long_over_any_line(style: str) -> None:
    # 1,500 characters, the longest that are read: a pattern that backtracks would take seconds.
    start = time.process_time()
    for pattern in _REPEATED:
        for head in ("", "Quill, O. (2013). ", "Quill, O. “", "Quill, Orla: ", "Лодкин А. П. "):
            for tail in ("", " 2013, p. 3.", " In: X 2013", " // X. 2013"):
                STYLES[style](f"{head}{(pattern * 1_400)[:1_400]}{tail}", None)
    assert time.process_time() - start < 5.0


@pytest.mark.parametrize("mark", ["^ ", "^ a b c ", "↑ ", "Jump up ^ "])
def test_the_way_back_to_the_text_of_an_encyclopedia_is_no_name(mark: str) -> None:
    lines = [
        f'{mark}Quill, Orla ({9 + place} March 2014). "{headline}". The Vell Courier.'
        for place, headline in enumerate(("The bar", "Nets", "Who counts?", "A ferry", "Salt"))
    ]
    entries = entries_of(lines)
    assert [entry.headline for entry in entries][:2] == ["The bar", "Nets"]
    assert {credit.name for entry in entries for credit in entry.credits} == {"Orla Quill"}
    assert entries[0].published_on == "2014-03-09"
