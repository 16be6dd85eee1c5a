"""Rows of lists: what is made without Django's help is what Django would make."""

import datetime

import pytest
from django.urls import reverse, set_script_prefix

from articles.rows import article_address, shown_date

DAY = datetime.date(2020, 3, 1)


@pytest.mark.parametrize(
    "slug",
    ["bell", "a-b", "Россия", "日本語", "50%", "c++", "a&b=c", "q?", "x#y", "it's", "é~(1)!*;,:@$"],
)
@pytest.mark.parametrize("prefix", ["/", "/archive/"])
def test_addresses_are_those_of_the_resolver(slug: str, prefix: str) -> None:
    set_script_prefix(prefix)
    try:
        for precision, parts in (
            ("day", ["2020", "03", "01"]), ("month", ["2020", "03"]), ("year", ["2020"]),
        ):  # fmt: skip
            address = article_address(DAY, precision, slug)
            assert address == reverse(f"article-{precision}", args=[*parts, slug])
    finally:
        set_script_prefix("/")


def test_dates_follow_the_language() -> None:
    from django.utils import translation

    with translation.override("en-gb"):
        assert shown_date(DAY, "day") == "1 Mar 2020"
    with translation.override("de"):
        assert shown_date(DAY, "day") == "1. März 2020"
    with translation.override("en-gb"):
        assert shown_date(DAY, "month") == "March 2020"
