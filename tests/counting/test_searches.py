"""What was found is remembered, up to a bound, and no longer than nothing changes."""

from collections.abc import Sequence
from functools import partial

import pytest
from django.test import Client

from articles.choices import Status
from articles.counting import live
from articles.counting.searches import MOST, Searches
from articles.writing.articles import set_status
from tests.factories import make_article


def test_each_question_is_asked_once_and_the_oldest_answers_go() -> None:
    asked: list[int] = []

    def answers(searches: Searches, numbers: Sequence[int]) -> list[int]:
        def ask(number: int) -> int | None:
            asked.append(number)
            return number or None

        return [searches.answer(("q", n), partial(ask, n)) or 0 for n in numbers]

    searches = Searches()
    assert answers(searches, [0, 1, 0, 1]) == [0, 1, 0, 1]
    assert asked == [0, 1]  # nothing found is an answer too
    answers(searches, range(MOST + 1))
    assert len(asked) == MOST + 1
    answers(searches, [MOST, MOST - 1])
    assert len(asked) == MOST + 1
    answers(searches, [0])
    assert asked[-1] == 0


@pytest.mark.django_db
def test_a_search_follows_every_change(client: Client) -> None:
    def found(query: str) -> int:
        page = client.get(f"/articles/?q={query}").content.decode()
        return page.count('class="entry"')

    first = make_article("The bell")
    assert (found("bell"), found("drum")) == (1, 0)
    assert (found("bell"), found("drum")) == (1, 0)
    make_article("A drum", body="<p>No bell.</p>")
    assert (found("bell"), found("drum")) == (2, 1)
    set_status([first.pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    assert (found("bell"), found("drum")) == (1, 1)


@pytest.mark.django_db
def test_a_reader_of_an_older_database_shares_no_answers() -> None:
    postings = live.current()
    postings.searches.answer("q", lambda: 1)
    assert postings.apart().searches.answer("q", lambda: 2) == 2
    assert postings.searches.answer("q", lambda: 3) == 1
