"""Layouts of common sites, and layouts drawn by lot: read whole, and never wrong without a doubt.

What the held-out sets cannot tell: whether a layout is read because of its words. The same layouts
are filled with other entries for each seed.
"""

import random
from typing import Any

import pytest

from articles.listing.parser import entry_as_json, parse, survey
from articles.listing.records import Entry
from tests.listing.helpers import assert_books_balance
from tests.listing.made_listings import (
    NAMES,
    Layout,
    agency,
    day_first,
    dotted,
    figures,
    long,
    make,
    short,
    short_weekday,
    weekday,
)
from tests.listing.scoring import CONFIDENT, aligned, date_is_right, wrong_fields
from tests.thorough import times

LAYOUTS = {
    "date in a paragraph of its own": Layout(
        "{d}\n\n{k}\n\n{h}\n{s}\nBy {by}\n", agency, one=True,
        head="Mira Oldcastle\n\nMira Oldcastle covers harbours.\n\nLatest\nSearch\n"),
    "date of the printed edition": Layout(
        "{d}\n\n{h}\n{s}\nBy {by}\nPrint EditionMay {n}, 2019, Page A{n}\n", agency,
        head="The Archive\nSort by newest\n"),
    "volume and number below": Layout(
        "{h}\n{by}\n{d}\n{s}\nVol. 44 No. {n} · 12 October 2012\n", day_first, one=True),
    "section above the date": Layout("{k}\n{d}\n{h}\n{s}\nBy {by}\n", short),
    "section above the date, without bylines": Layout(
        "{k}\n{d}\n{h}\n{s}\n", long("pt"), "pt"),
    "section, one author, headline": Layout(
        "{k}\n{by}\n{h}\n{d}\n{s}\nLeave a comment\n", day_first, one=True),
    "section behind the date": Layout("{h}\n{d}\n{k}\n", figures("12:30, %d.%m.%Y"), "ru"),
    "section and reading time": Layout("{k} · {n} min read\n{h}\n{s}\n{by}\n{d}\n", short),
    "date first, byline behind the standfirst": Layout(
        "{d}\n{k}\n{h}\n{s} Von {by}\n", figures("%d.%m.%Y"), "de"),
    "time of day in Spanish": Layout(
        "{h}\n{s}\n{by}\n{d}\n", figures("%d/%m/%Y a las 7:12h."), "es"),
    "month in three letters between full stops": Layout(
        "{d}\n{h}\n{s}\n", dotted, "pt"),
    "name and place": Layout(
        "{k}\n{h}\n{by} | Villarreina |\n{d}\n{s}\n", figures("%d/%m/%Y - 05:30 CET"), "es",
        one=True),
    "byline, paper, date": Layout("{h}\nBy {by} | The Vell Courier | {d}\n{s}\nShare\n", short,
                                  one=True),
    "two spaces between": Layout("{h}\n{by}  {d}  Leave a comment\n{s}\nRead More\n", long("en")),
    "posted by, at, comments": Layout(
        "{d}\n{h}\n{s}\nPosted by {by} at 9:57 AM {n} comments:\nLabels: quays, tolls\n",
        weekday, one=True, head="Notes from the quay\nHome\n"),
    "article of, by": Layout("{h}\nArtikel vom {d} von {by}\n{s}\n", figures("%d.%m.%Y"), "de"),
    "comma and article": Layout(
        "{h}\n{s}\n{by}, le {d}\nLecture en {n} min\n", figures("%d/%m/%Y à 12:30"), "fr"),
    "text: and date": Layout("{h}\nText: {by} – {d}\nWeiterlesen\n", figures("%d.%m.%Y"), "de"),
    "weekday behind a comma": Layout("{h}\n{s}\n{by}, {d}\n", short_weekday),
    "credit in brackets": Layout("{h}\n{s}\n[{by}, {d}]\n", day_first),
    "blog in Portuguese": Layout(
        "{d}\n{h}\n{s}\nPublicada por {by} à(s) 22:14 {n} comentários:\n", long("pt"), "pt",
        one=True),
    "everything parted": Layout("{k}\n\n{by}\n\n{h}\n\n{d}\n", figures("%d.%m.%Y"), "ru"),
    "in Dutch": Layout("{h}\n{d}\n{by} | {d}\n{s}\n{n} reacties\nLees meer", long("nl"), "nl"),
}  # fmt: skip


def _issues(lines: list[str], expected: list[Any]) -> tuple[int, int, int, str]:
    """Count entries read whole, dates that are right, and what is wrong without a doubt."""
    items = list(parse(lines, survey(lines)))
    assert_books_balance(lines, items)
    found = [entry_as_json(item) for item in items if isinstance(item, Entry)]
    whole = dates = sure = 0
    told = ""
    for truth, entry in aligned(expected, found):
        if entry is None:
            continue
        # What the page says of volume and number is none of the template's.
        read = {key: value for key, value in entry.items() if key not in ("volume", "issue")}
        wrong = wrong_fields(truth, read) if truth is not None else ["no such entry"]
        whole += truth is not None and not wrong
        dates += truth is not None and date_is_right(truth, read)
        if wrong and entry["confidence"] >= CONFIDENT and not entry["diagnostics"]:
            sure += 1
            told = f"{entry['headline']}: {wrong}"
    return whole, dates, sure, told


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_of_sites_are_read_whole(name: str) -> None:
    layout = LAYOUTS[name]
    lines, expected = make(layout, random.Random(1891), 10 if layout.language == "nl" else 13)
    whole, dates, sure, told = _issues(lines, expected)
    assert (dates, sure) == (len(expected), 0), told
    # A headline may have a colon, or be a sentence: one entry of them says that it is not sure.
    assert whole >= len(expected) - 1, told


_BY = {"en": ("By ", "by ", ""), "de": ("Von ", "von ", "Text: ", ""), "fr": ("Par ", "par ", ""),
       "es": ("Por ", "por ", ""), "it": ("di ", "Di ", ""), "pt": ("Por ", "por ", ""),
       "nl": ("Door ", "door ", ""), "ru": ("Автор: ", "")}  # fmt: skip
_MORE = {"en": ("Read more", "3 comments", "5 min read", "Share"), "de": ("Weiterlesen",),
         "fr": ("Lire la suite",), "es": ("Leer más",), "it": ("Leggi tutto",),
         "pt": ("Leia mais",), "nl": ("Lees meer",), "ru": ("Читать далее",)}  # fmt: skip
_HEADS = ("Home\nNews\nAbout", "Skip to content\nMenu", "Latest articles", "")


def drawn(random_: random.Random) -> Layout:
    """Return a layout drawn by lot: an order of lines that sites have, and what they join."""
    language = random_.choice(["en"] * 5 + ["de", "de", "fr", "es", "it", "pt", "nl", "ru"])
    dates = [
        long(language),
        long(language),
        figures("%d.%m.%Y" if language in "de ru" else "%Y-%m-%d"),
    ]
    if language == "en":
        dates += [day_first, short, agency, weekday, short_weekday]
    section, byline = random_.choice(["", "top", "top", "joined"]), random_.choice(
        ["", "below", "last", "joined", "joined", "top"])  # fmt: skip
    date = random_.choice(["top", "below", "last", "last", "last"])
    sign = random_.choice([" | ", " · ", ", ", " – ", " • ", " / ", " — "])
    by = random_.choice(_BY[language])
    if byline == "top" and (date == "top" or by):
        byline = "below"
    dated = f"{by}{{by}}{sign}{{d}}" if byline == "joined" else "{d}"
    lines = ["{k}"] if section == "top" or (section and byline == "joined") else []
    if section == "joined" and byline != "joined":
        dated = f"{{k}}{sign if sign != ', ' else ' | '}{dated}"
    standfirst = ["{s}"] if random_.random() < 0.75 else []
    lines += [by + "{by}"] if byline == "top" else []
    lines += [dated] if date == "top" else []
    lines += ["{h}"]
    lines += [by + "{by}"] if byline == "below" else []
    lines += [dated] if date == "below" else []
    lines += standfirst
    lines += [by + "{by}"] if byline == "last" else []
    lines += [dated] if date == "last" else []
    lines += [random_.choice(_MORE[language])] if random_.random() < 0.35 else []
    spaced = random_.random()
    between = "\n\n" if spaced < 0.1 else "\n"
    entry = between.join(lines) + ("" if spaced > 0.95 else "\n")
    head = random_.choice(_HEADS) if language == "en" else ""
    return Layout(entry, random_.choice(dates), language, f"{head}\n" if head else "",
                  one=random_.random() < 0.25)  # fmt: skip


@pytest.mark.thorough
def test_layouts_drawn_by_lot_are_read() -> None:
    entries = right = whole = sure = 0
    told = []
    for seed in range(times(60)):
        random_ = random.Random(seed)
        layout = drawn(random_)
        lines, expected = make(layout, random_, 10 if layout.language == "nl" else 13)
        found, dates, wrong, example = _issues(lines, expected)
        entries, right, whole = entries + len(expected), right + dates, whole + found
        sure += wrong
        if wrong or found < 0.8 * len(expected):
            told.append((seed, layout.entry, found, example))
    assert sure == 0, told
    assert right >= 0.98 * entries, told
    assert whole >= 0.97 * entries, told


def test_names_are_told_in_every_language() -> None:
    for language in NAMES:
        layout = Layout("{h}\n{by}\n{d}\n", long(language), language)
        lines, expected = make(layout, random.Random(7), 10)
        assert _issues(lines, expected)[1:3] == (len(expected), 0), language
