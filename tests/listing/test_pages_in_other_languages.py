"""Pages in German, French, Spanish, Italian, Portuguese, Russian and Dutch, as they are copied."""

from collections.abc import Sequence

import pytest

from articles.listing.bare_names import bare_name
from articles.listing.bylines import parse_byline
from articles.listing.credits import credit_lines
from articles.listing.dates import whole_date
from articles.listing.furniture import is_furniture
from articles.listing.papers import is_titled
from articles.listing.parser import parse, survey
from articles.listing.records import Entry
from tests.listing.helpers import assert_books_balance

HEADS = (
    "Die Fähre, die ihre eigene Zeit hielt",
    "Qui possède le barrage ?",
    "Un alcalde sin pueblo",
    "I cigni tornano alla darsena",
    "O último tipógrafo da rua",
    "De bus rijdt om",
)
TEXTS = (
    "Der Rat will das Geld im Herbst noch einmal zählen.",
    "Les riverains comptent les camions depuis mars.",
    "Quedan once vecinos y un perro en la plaza.",
    "Il Comune promette una risposta entro lunedì.",
    "A estação esteve fechada doze anos.",
    "Om drie uur gaat het licht aan in de straat.",
)
TEXT = "Vom Kai aus war es nicht zu sehen."


def entries_of(lines: Sequence[str]) -> list[Entry]:
    items = list(parse(lines, survey(lines)))
    assert_books_balance(lines, items)
    return [item for item in items if isinstance(item, Entry)]


@pytest.mark.parametrize(
    "text",
    ["Article réservé aux abonnés", "Nur für Mitglieder", "Para suscriptores", "Abo", "SZ Plus",
     "F+", "Alleen voor abonnees", "Только для подписчиков", "Riservato agli abbonati",
     "Guardar", "Scarica il PDF", "Слушать", "Compartir en Facebook", "Lees het hele artikel",
     "Hinterlasse einen Kommentar", "Deixe um comentário", "Geef een reactie", "Reacties (4)",
     "Veröffentlicht unter Kai | 3 Kommentare", "Publié dans Quais", "Просмотров: 402",
     "Votre adresse e-mail", "Jetzt kostenlos anmelden", "Recibe nuestro boletín",
     "213 resultaten gevonden", "1 - 15 von 213 Treffern", "Ordenar por: Fecha",
     "Leestijd 4 minuten"],
)  # fmt: skip
def test_lines_of_the_page_are_told_in_every_language(text: str) -> None:
    assert is_furniture(text)


@pytest.mark.parametrize(
    "text",
    ["Plus de bateaux sur la Vell", "Guardar silencio", "Ein Abo für die Fähre", "Слушать реку",
     "Geplaatst in 1905", "Publié en hiver", "Recibe la alcaldesa a los barqueros"],
)  # fmt: skip
def test_headlines_that_begin_as_lines_of_the_page_are_none(text: str) -> None:
    assert not is_furniture(text)


def test_a_mark_of_what_is_paid_for_is_no_kicker() -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += ["Exklusiv für Abonnenten"] if day % 2 else []
        lines += [head, TEXT, "Von Ida Meer", f"{20 - day}. Mai 2030", ""]
    found = entries_of(lines)
    assert [entry.headline for entry in found] == list(HEADS)
    assert {entry.kicker for entry in found} == {None}


def test_a_byline_among_the_lines_of_a_page_stays_one() -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [head, TEXT, f"Publié le {20 - day} mai 2030", "Lecture : 6 min."]
        lines += ["Par Ida Meer (Kermor, envoyée spéciale)", "Abonnés", ""]
    assert {entry.byline for entry in entries_of(lines)} == {"Ida Meer (Kermor, envoyée spéciale)"}
    (credit,) = parse_byline("Ida Meer (Kermor, envoyée spéciale)")
    assert credit.name == "Ida Meer"


def test_a_byline_that_cannot_be_read_is_no_line_of_the_page() -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        by = "Par Ida Meer (au bord, tôt le matin)" if day % 2 == 0 else "Par Ida Meer"
        lines += [
            head,
            TEXT,
            f"Publié le {20 - day} mai 2030",
            "Lecture : 6 min.",
            by,
            "Abonnés",
            "",
        ]
    assert sum(entry.byline is not None for entry in entries_of(lines)) == len(HEADS)


@pytest.mark.parametrize(
    ("heading", "year", "volume", "issue"),
    [("{n} | {year}", 2030, None, 45), ("Heft {n} ({year})", 2030, None, 45),
     ("Vol. 12 Núm. {n} ({year})", 2030, "12", 45), ("Jaargang {n} ({year})", 2030, 45, None),
     ("Nr. {n} / {year}", 2030, None, 45)],
)  # fmt: skip
def test_the_heading_of_an_issue_dates_its_entries(
    heading: str, year: int, volume: str | int | None, issue: int | None
) -> None:
    lines: list[str] = []
    for place, head in enumerate(HEADS):
        if place % 2 == 0:
            lines += [heading.format(n=45 - place // 2, year=year - place // 2), ""]
        lines += ["Ida Meer", head, ""]
    found = entries_of(lines)
    assert [entry.headline for entry in found] == list(HEADS)
    assert [entry.published_on for entry in found] == [
        f"{year - place // 2}" for place in range(len(HEADS))
    ]
    assert {entry.byline for entry in found} == {"Ida Meer"}
    for value, stated in ((volume, found[0].volume), (issue, found[0].issue)):
        assert stated == (str(value) if value is not None else None)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("El Faro de Vell", True), ("Il Mattino di Porto Vell", True), ("Die Lupe", True),
     ("De Stem van Vell", True), ("L'Eco di Vell", True), ("La Voz de Vell", True),
     ("De Boer", False), ("Le Guen", False), ("La última barca", False), ("Vell", False),
     ("Ida van der Meer", False), ("El Faro que olía a sal", False)],
)  # fmt: skip
def test_a_name_with_an_article_is_that_of_a_paper(text: str, is_one: bool) -> None:
    assert is_titled(text) is is_one


@pytest.mark.parametrize(
    "paper", ["El Faro de Vell", "Il Mattino di Vell", "Dagblad Vell", "De Stem van Vell"]
)
@pytest.mark.parametrize("date", ["{d:02d}-05-2030", "{d} mayo 2030"])
def test_a_paper_before_a_date_is_nobody(paper: str, date: str) -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [head, f"{paper}, {date.format(d=30 - day)}, p. {day}", ""]
    found = entries_of(lines)
    assert [entry.headline for entry in found] == list(HEADS)
    assert {(entry.byline, entry.publication) for entry in found} == {(None, paper)}


def test_a_paper_right_below_a_date_is_no_kicker() -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        paper = ("El Faro de Vell", "La Voz de Vell")[day % 2]
        lines += [f"{30 - day} mayo 2030", paper, head, "Ida Meer", ""]
    found = entries_of(lines)
    assert {entry.kicker for entry in found} == {None}
    assert {entry.publication for entry in found} == {"El Faro de Vell", "La Voz de Vell"}


def test_particles_make_no_name_too_long() -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        name = ("José Luis de la Peña", "Ida Meer", "Orla Quill")[day % 3]
        lines += [head, name, f"{30 - day} mayo 2030", ""]
    assert {entry.byline for entry in entries_of(lines)} == {
        "José Luis de la Peña", "Ida Meer", "Orla Quill"
    }  # fmt: skip
    # As sure as a name of three words.
    assert bare_name("José Luis de la Peña") == bare_name("José Luis Peña")


def test_a_short_weekday_alone_before_a_day_is_of_the_date() -> None:
    date = whole_date("zo 5 mei 2030")
    assert date is not None
    assert (date.iso, date.weekday) == ("2030-05-05", 6)
    assert whole_date("El mar 2030") is None


@pytest.mark.parametrize("by", ["Elena dell'Orto", "Ida Meer e Elena dell’Orto"])
def test_an_elided_particle_stands_in_a_name(by: str) -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [head, f"{by} | {30 - day} maggio 2030", ""]
    assert {entry.byline for entry in entries_of(lines)} == {by}
    assert parse_byline(by)[-1].name.startswith("Elena dell")


@pytest.mark.parametrize(
    ("credit", "byline"),
    [("Опубликовано {d:02d}.05.2030 автором Ида Меер", "Ида Меер"),
     ("{d:02d}/05/2030 12h30 — Em Porto Vell", None),
     ("{d} maggio 2030 / in Moli / da Ida Meer", "Ida Meer"),
     ("{d} mai 2030 - postée par Ida Meer à 12:30 - Quais - Commentaires [3]", "Ida Meer")],
)  # fmt: skip
def test_credits_in_words_of_other_languages(credit: str, byline: str | None) -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [head, credit.format(d=30 - day), TEXT, ""]
    found = entries_of(lines)
    assert [entry.published_on for entry in found] == [f"2030-05-{30 - day}" for day in range(3, 9)]
    assert {(entry.byline, entry.standfirst) for entry in found} == {(byline, TEXT)}


@pytest.mark.parametrize("label", ["Verfasserin: ", "Ведущий: ", "Tekst: ", "∙ "])
def test_labels_of_a_byline_are_no_part_of_it(label: str) -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [head, TEXT, f"{30 - day} mei 2030", f"{label}Ida Meer", ""]
    assert {entry.byline for entry in entries_of(lines)} == {"Ida Meer"}


@pytest.mark.parametrize("more", ["Weiterlesen →", "Читать далее", "Lees verder »", "| mehr"])
def test_the_way_to_the_rest_is_no_part_of_a_standfirst(more: str) -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [f"{30 - day} mai 2030", head, f"{TEXTS[day - 3]} {more}", "Von Ida Meer", ""]
    assert [entry.standfirst for entry in entries_of(lines)] == list(TEXTS)


@pytest.mark.parametrize("label", ["Stand: ", "Mis à jour le ", "Actualizado: "])
def test_a_change_dates_an_entry_where_no_other_date_stands(label: str) -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [head, TEXTS[day - 3], f"{label}{30 - day}.05.2030 13:57 h", ""]
    assert [entry.published_on for entry in entries_of(lines)] == [
        f"2030-05-{30 - day}" for day in range(3, 9)
    ]


@pytest.mark.parametrize(
    "above",
    ["Pressemitteilung {n}/2030 vom {d}. Mai 2030", "Comunicato n. {n} del {d} maggio 2030",
     "zo {d} mei 2030", "qui, {d} mai 2030"],
)  # fmt: skip
def test_numbers_of_releases_and_short_weekdays_stand_before_a_date(above: str) -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [above.format(n=90 - day, d=30 - day), head, TEXTS[day - 3], "Von Ida Meer", ""]
    found = entries_of(lines)
    assert [entry.headline for entry in found] == list(HEADS)
    assert [entry.published_on for entry in found] == [f"2030-05-{30 - day}" for day in range(3, 9)]
    assert {entry.kicker for entry in found} == {None}


def test_a_caption_with_its_photographer_is_of_the_page() -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [f"Am Wehr. Foto: {('Dr. Orla Quill', 'Tom Wills')[day % 2]}", head]
        lines += [TEXTS[day - 3], "Von Ida Meer", f"{30 - day}.05.2030", ""]
    found = entries_of(lines)
    assert [entry.headline for entry in found] == list(HEADS)
    assert {(entry.kicker, entry.byline) for entry in found} == {(None, "Ida Meer")}


def test_two_who_asked_are_two_names() -> None:
    credits = parse_byline("Propos recueillis par Ida Meer et Luc Ferrand")
    assert [(credit.name, credit.role) for credit in credits] == [
        ("Ida Meer", "ivr"), ("Luc Ferrand", "ivr")
    ]  # fmt: skip


def test_days_before_a_stroke_are_no_lines_of_the_page() -> None:
    lines = ["2030", ""]
    for day, head in enumerate(HEADS * 2, 3):
        lines += [f"{30 - day} mei | {head} {day}"]
    assert [entry.published_on for entry in entries_of(lines)] == [
        f"2030-05-{30 - day:02d}" for day in range(3, 15)
    ]


@pytest.mark.parametrize("paper", ["Vell Bote", "Kermor"])
def test_the_same_paper_in_brackets_is_no_part_of_a_title(paper: str) -> None:
    lines, heads = [], [*HEADS, *(text[:-1] for text in TEXTS)]
    for place, head in enumerate(heads):
        lines += ["", f"{('Mai', 'April')[place // 6]} 2030"] if place % 6 == 0 else []
        lines += [f"{28 - place:02d}.{5 - place // 6:02d}. {head} ({paper})"]
    found = entries_of(lines)
    assert [entry.headline for entry in found] == heads
    assert found[0].published_on == "2030-05-28"


def test_a_headline_in_capitals_with_a_number_has_no_kicker() -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [f"{30 - day} mayo 2030", f"{head.upper().rstrip(' ?')} 2-1 Y MÁS", "Ida Meer", ""]
    assert {entry.kicker for entry in entries_of(lines)} == {None}


def test_a_place_behind_by_and_a_dash_is_no_name() -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        place = ("Port Vell", "Kermor", "Linz", "Soria", "Breda", "Beja")[day - 3]
        lines += [head, TEXTS[day - 3], f"Por Ida Meer — {place}"]
        lines += [f"{30 - day}/05/2030 12h30 Atualizado há 3 anos", ""]
    for entry in entries_of(lines):
        assert entry.byline == "Ida Meer" or entry.diagnostics
        assert entry.published_on is not None


def test_a_few_colons_are_no_kickers_where_dates_stand_in_sentences() -> None:
    lines, heads = [], [*HEADS, *(text[:-1] for text in TEXTS)]
    heads[1::2] = [f"{word} {place} : {head}" for place, (word, head) in enumerate(
        zip(("Pro D", "Salz", "Kai", "Vell", "Lune", "Rua"), heads[1::2], strict=True)
    )]  # fmt: skip
    for day, head in enumerate(heads, 3):
        lines += [head, f"Publié le {30 - day} mai 2030 par Ida Meer", f"Text {day} ist nass. So."]
        lines += ["Lire la suite", ""]
    assert {entry.kicker for entry in entries_of(lines)} == {None}


@pytest.mark.parametrize("label", ["In: ", "Quelle: ", "Source : "])
def test_where_a_piece_was_printed_is_its_publication(label: str) -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        lines += [
            head,
            "Verfasser: Ida Meer",
            f"{label}Ufer-Info, {30 - day}.05.2030, S. {day}",
            "",
        ]
    found = entries_of(lines)
    assert [entry.headline for entry in found] == list(HEADS)
    assert {(entry.byline, entry.publication, entry.kicker) for entry in found} == {
        ("Ida Meer", "Ufer-Info", None)
    }


def test_a_name_that_the_file_knows_is_the_byline_beside_a_place() -> None:
    lines = []
    for day, head in enumerate(HEADS, 3):
        place = " / Soria" if day == 5 else ""
        lines += [head, TEXTS[day - 3], f"Ida Meer{place}", f"{30 - day} de mayo de 2030", ""]
    found = entries_of(lines)
    assert {entry.byline for entry in found} == {"Ida Meer"}
    assert found[2].diagnostics


def test_a_paper_before_a_date_alone_on_its_line_may_be_a_headline_as_well() -> None:
    forms = credit_lines("El Faro de Vell, 3 mayo 2030", None, frozenset())
    assert [form.roles for form in forms] == ["D", "HD", "FD"]
    assert forms[0].pieces[0][2] == "publication"
