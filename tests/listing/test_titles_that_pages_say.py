"""Headlines and texts that look like lines of a page, and names that look like papers."""

import pytest

from articles.listing.bare_names import bare_name
from articles.listing.furniture import is_furniture
from articles.listing.papers import is_titled
from tests.listing.helpers import entries_of


@pytest.mark.parametrize(
    "headline",
    ["Google Plus", "Disney Plus", "LGBTQ+", "#MeToo", "Lecture 5", "Video 2030",
     "Résultats 2023 de la coopérative", "5 resultados de las elecciones", "Geschrieben in Stein",
     "Publié sous le manteau", "Compartir no es delito", "Compartir en familia", "Inscription",
     "Read the whole book", "Month: a diary", "A version of this article of faith",
     "A look at the pier after the storm. Photographs by Ida Meer", "A village powered by wind",
     "Made with love: the bakers of Orrin", "Powered by the tide", "How I left WordPress.com"],
)  # fmt: skip
def test_a_headline_is_no_line_of_the_page(headline: str) -> None:
    assert not is_furniture(headline)


@pytest.mark.parametrize(
    "line",
    ["F+", "SZ Plus", "#salt #tides", "Lecture 5 min", "Résultats 1-15 sur 86", "5 resultados",
     "Compartir en Facebook", "Read the full story", "Month: March 2019",
     "A version of this article appears in print on May 20, 2024", "The quay. Photo: Ida Meer",
     "The Long Quay — powered by Ghost", "Proudly powered by WordPress.", "Blog at WordPress.com."],
)  # fmt: skip
def test_a_line_of_the_page_is_told_all_the_same(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("name", ["Le Thi Hoa", "El Hadji Diouf", "De Witt Clinton"])
def test_a_name_that_begins_with_an_article_is_no_paper(name: str) -> None:
    assert not is_titled(name)
    assert bare_name(name) is not None


@pytest.mark.parametrize("paper", ["El Faro de Lorca", "Il Mattino di Lecco", "De Stem van Breda"])
def test_a_paper_with_an_article_is_one(paper: str) -> None:
    assert is_titled(paper)


def test_a_place_with_its_agency_begins_a_text() -> None:
    lines = []
    for day, place in enumerate(("PORT VELL", "ORRIN", "SALTMOUTH", "ORRIN", "LOWER MEER"), 3):
        lines += [f"{day} May 2030", f"Ferry {day} is late for a week"]
        lines += [f"{place} (Northline) — The board met twice before noon and settled nothing.", ""]
    assert [entry.headline for entry in entries_of(lines)] == [
        f"Ferry {day} is late for a week" for day in range(3, 8)
    ]


@pytest.mark.parametrize("title", ["Entrar", "Expediente", "Mais lidas", "HTML"])
def test_a_word_of_a_page_that_comes_once_may_be_the_headline_of_an_entry(title: str) -> None:
    titles = ["The ferry is late", "Salt and rent", title, "An empty lock", "Herons at noon"]
    lines = []
    for day, headline in enumerate(titles, 3):
        lines += [headline, "By Orla Quill", f"{day} May 2030", ""]
    assert [entry.headline for entry in entries_of(lines)] == titles
