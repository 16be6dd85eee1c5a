"""Dates to the day, the month or the year."""

import datetime

import pytest

from articles.partial_dates import parse_partial, partial_text


@pytest.mark.parametrize(
    ("text", "first", "precision"),
    [
        ("2020", datetime.date(2020, 1, 1), "year"),
        ("2020-02", datetime.date(2020, 2, 1), "month"),
        ("2020-02-29", datetime.date(2020, 2, 29), "day"),
        ("0001-01-01", datetime.date(1, 1, 1), "day"),
    ],
)
def test_there_and_back(text: str, first: datetime.date, precision: str) -> None:
    assert parse_partial(text) == (first, precision)
    assert partial_text(first, precision) == text


@pytest.mark.parametrize(
    "text", ["", "20", "2020-2", "2020-13", "2019-02-29", "2020-01-01 ", "0000", "٢٠٢٠", "20200101"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_partial(text)
