"""Anniversaries as headlines and standfirsts speak of them."""

import datetime

import pytest

from articles.anniversaries import Anniversary, anniversaries, spellings


def read(*texts: str, date: str = "2020-06-08", precision: str = "day") -> list[tuple[int, ...]]:
    """Return year, month and day of each anniversary."""
    found = anniversaries(texts, datetime.date.fromisoformat(date), precision)
    return [(item.year, item.month, item.day) for item in sorted(found)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["25 years ago: 10 June 1995"], [(1995, 6, 10)]),
        (["100 years since the October revolution"], [(1920, 6, 8)]),
        (["A century after the mutiny"], [(1920, 6, 8)]),
        (["Fifty years since the strike"], [(1970, 6, 8)]),
        (["Twenty-five years on"], [(1995, 6, 8)]),
        (["Twenty-five years on the bench"], []),
        (["Half a century ago"], [(1970, 6, 8)]),
        (["25 years ago 10 men sailed"], [(1995, 6, 8)]),
        (["The 75th anniversary of the flood"], [(1945, 6, 8)]),
        (["The centenary of the harbour clock"], [(1920, 6, 8)]),
        (["It sank on March 9, 1917."], [(1917, 3, 9)]),
        (["It sank on the 9th of March 1917."], [(1917, 3, 9)]),
        (["50 years ago, on 9 March, it sank"], [(1970, 3, 9)]),
        (["Vor 100 Jahren", "Am 9. März 1920 sank es"], [(1920, 3, 9)]),
        (["Il y a 50 ans : le 1er mai 1970"], [(1970, 5, 1)]),
        (["Hace 40 años"], [(1980, 6, 8)]),
        (["10 de junio de 1980"], [(1980, 6, 10)]),
        (["100 лет назад: 10 июня 1920"], [(1920, 6, 10)]),
        (["Cinquanta anni dopo"], [(1970, 6, 8)]),
        (["On 10 June the harbour opens"], []),
        (["Two years ago nobody knew"], []),
        (["3 years since the flood"], []),
        (["In 12 May 2021 it will open"], []),
        (["It cost 1.100 years after"], []),
        (["31 June 1995"], []),
        (["29 February 1900"], []),
        (["29 February 1904"], [(1904, 2, 29)]),
        (["1995 June 10"], []),
        ([""], []),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_spoken_of(texts: list[str], expected: list[tuple[int, ...]]) -> None:
    assert read(*texts) == expected


def test_without_a_day_of_publication_a_number_of_years_names_none() -> None:
    assert read("100 years since", date="2020-06-01", precision="month") == []
    assert read("100 years since 9 March", date="2020-06-01", precision="month") == [(1920, 3, 9)]


def test_years_before_the_first_are_none() -> None:
    assert read("9999 years ago") == []
    assert read("2020 years ago") == []


def test_spellings_are_read_back() -> None:
    for month in range(1, 13):
        for day in (1, 2, 3, 11, 22, 28):
            for text in spellings(month, day):
                found = anniversaries([f"{text} 1904"], datetime.date(2020, 1, 1), "day")
                assert found == {Anniversary(1904, month, day)}, text
