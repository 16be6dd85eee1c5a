"""Each check finds its case and leaves its look-alike. Pure: no database."""

from typing import Any

import pytest

from articles.review import registry
from articles.review.checks.base import Check, PairCheck
from articles.review.checks.similar_headline import LARGE, SimilarHeadline
from articles.review.facts import Credit, Doubt, Facts, Head, Place
from articles.review.suggesting import choices_of, merge_target, other_readings


def facts(headline: str = "A quiet headline", pk: int = 1, **fields: Any) -> Facts:
    byline = fields.get("byline", "")
    fields.setdefault("language", "en-gb")
    if byline and "credits" not in fields:
        fields["credits"] = (Credit(byline, "person"),)
    return Facts(pk, headline, **fields)


def doubts(code: str, article: Facts) -> list[Doubt]:
    check = next(check for check in registry.checks_of_one() if check.code == code)
    return list(check.find(article))


def mended(doubt: Doubt) -> str:
    (offer,) = choices_of(doubt.suggestion)
    (value,) = offer["fields"].values()
    return str(value)


FOUND = [
    ("internal-slug", {"headline": "230 Smithers"}),
    ("internal-slug", {"headline": "zzz999 Bell buoy draft"}),
    ("internal-slug", {"headline": "417 tannery draft", "byline": "Mira Oldcastle"}),
    ("internal-slug", {"headline": "abc12 harbour wall TK", "byline": "Mira Oldcastle"}),
    ("internal-slug", {"headline": "230 Smithers (stub)", "byline": "Mira Oldcastle"}),
    ("run-together", {"standfirst": "He met the prime ministerOn Monday."}),
    ("run-together", {"standfirst": "It closed in 1917The war went on."}),
    ("run-together", {"standfirst": "The bell rang.Nobody came.The fog lifted."}),
    ("run-together", {"headline": "dockersStrike at dawn"}),
    ("run-together", {"standfirst": "“That is all.”The door closed."}),
    ("doubled-word", {"standfirst": "They came to the the harbour."}),
    ("doubled-word", {"standfirst": "The the harbour froze."}),
    ("doubled-word", {"standfirst": "The dockers dockers went home."}),
    ("doubled-word", {"standfirst": "Der Hafen und und der Turm.", "language": "de"}),
    ("unbalanced-quotes", {"standfirst": "“The lamp is out, said the keeper."}),
    ("unbalanced-quotes", {"headline": 'The so-called "quiet tide'}),
    ("unbalanced-quotes", {"standfirst": "Le « port est fermé."}),
    ("unbalanced-quotes", {"standfirst": "Der „Hafen ist zu."}),
    (
        "name-spelled-twice",
        {"byline": "Mira Oldcastle", "standfirst": "In this essay Mira Oldcastel looks back."},
    ),
    (
        "name-spelled-twice",
        {"byline": "Jan Łękowski", "standfirst": "Jan Lekowski, who kept the lamp, looks back."},
    ),
    ("name-spelled-twice", {"byline": "Clara Brandt", "headline": "Klara Brandt’s diary"}),
    ("byline-doubtful", {"byline": "our own reporters"}),
    ("byline-doubtful", {"byline": "Staff"}),
    ("byline-doubtful", {"byline": "Mira Oldcastle 2"}),
    ("byline-doubtful", {"byline": "harbour@example.org"}),
    ("byline-doubtful", {"byline": "The Joint Editors Of All The Harbour Papers"}),
    ("missing-standfirst", {"wants_standfirst": True}),
    ("part-gap", {"places": (Place(1, "The bell", "serial", 3, False),)}),
    ("part-in-standfirst", {"standfirst": "This is the second part of a two-part history."}),
    ("part-in-standfirst", {"standfirst": "Part two of the history of the bell."}),
    ("part-in-standfirst", {"standfirst": "The last in a series on the harbour."}),
    ("part-in-standfirst", {"standfirst": "Dies ist der zweite Teil: Zweiter Teil des Berichts."}),
    ("low-confidence", {"confidence": 0.4}),
]

LEFT = [
    ("internal-slug", {"headline": "230 Smithers", "byline": "Mira Oldcastle"}),
    ("internal-slug", {"headline": "150 years since the great fog"}),
    ("internal-slug", {"headline": "2024 platform draft", "byline": "Mira Oldcastle"}),
    ("internal-slug", {"headline": "300 men escape the draft", "byline": "Mira Oldcastle"}),
    ("internal-slug", {"headline": "200 players in NBA draft", "byline": "Mira Oldcastle"}),
    ("internal-slug", {"headline": "417 tanneries on tap", "byline": "Mira Oldcastle"}),
    ("internal-slug", {"headline": "Tannery draft", "byline": "Mira Oldcastle"}),
    ("internal-slug", {"headline": "1917 and what followed"}),
    ("run-together", {"standfirst": "Gazeta.Ru, as McGeever told LinkedIn, has an iPhone."}),
    ("run-together", {"standfirst": "O’Brien and DeSilva read WikiLeaks and BuzzFeed on YouTube."}),
    ("run-together", {"standfirst": "The U.S.A. and the St.Peter stair; e.g. The lamp."}),
    ("run-together", {"standfirst": "The end. The beginning! A lamp? On it went."}),
    ("doubled-word", {"standfirst": "It had had no end. He knew that that was so."}),
    ("doubled-word", {"standfirst": "Baden Baden, Walla Walla and the New New Harbour."}),
    ("doubled-word", {"standfirst": "It went on and on, again and again."}),
    ("doubled-word", {"standfirst": "Vous vous trompez, nous nous taisons.", "language": "fr"}),
    ("unbalanced-quotes", {"standfirst": '“One” and “two”, the keepers’ lamp, a 12" pipe.'}),
    ("unbalanced-quotes", {"standfirst": "Der „Hafen“ ist zu. Le « port » aussi."}),
    (
        "name-spelled-twice",
        {"byline": "Mira Oldcastle", "standfirst": "Mira Oldcastle’s lamp; David Oldcastle’s."},
    ),
    ("name-spelled-twice", {"byline": "Ana Bell", "standfirst": "Ana Ball and the Bell buoy."}),
    ("name-spelled-twice", {"byline": "Jan Lund", "standfirst": "Jan Lundquist is another."}),
    (
        "name-spelled-twice",
        {
            "byline": "The Lamp Committee",
            "standfirst": "The Lamb Committee",
            "credits": (Credit("The Lamp Committee", "collective"),),
        },
    ),
    ("byline-doubtful", {"byline": "Ludwig van der Rohe"}),
    ("byline-doubtful", {"byline": "D’Arcy J. Quill"}),
    ("byline-doubtful", {"byline": "José Ortega y Lamp"}),
    ("byline-doubtful", {"byline": "Our staff", "credits": (Credit("Our staff", "collective"),)}),
    ("missing-standfirst", {"wants_standfirst": True, "standfirst": "Here it is."}),
    ("missing-standfirst", {"wants_standfirst": False}),
    ("missing-standfirst", {"wants_standfirst": True, "headline": "230 Smithers"}),
    ("part-gap", {"places": (Place(1, "The bell", "serial", 1),)}),
    ("part-gap", {"places": (Place(1, "The diary", "column", None, False),)}),
    ("part-in-standfirst", {"standfirst": "In part because of the fog. The best part of it."}),
    (
        "part-in-standfirst",
        {
            "standfirst": "This is the second part of a two-part history.",
            "places": (Place(1, "The bell", "serial", 2),),
        },
    ),
    ("low-confidence", {"confidence": 0.9}),
]


@pytest.mark.parametrize(("code", "fields"), FOUND, ids=str)
def test_a_check_finds_its_case(code: str, fields: dict[str, Any]) -> None:
    (doubt,) = doubts(code, facts(**fields))
    assert doubt.message
    if "span" in doubt.evidence:
        start, end = doubt.evidence["span"]
        assert 0 <= start <= end <= len(doubt.evidence["value"])


@pytest.mark.parametrize(("code", "fields"), LEFT, ids=str)
def test_a_check_leaves_its_look_alike(code: str, fields: dict[str, Any]) -> None:
    assert doubts(code, facts(**fields)) == []


def test_every_check_of_one_article_has_both_kinds_of_cases() -> None:
    codes = {check.code for check in registry.checks_of_one()}
    assert {code for code, _ in FOUND} == codes
    assert {code for code, _ in LEFT} == codes


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("run-together", "He met the ministerOn Monday.", "He met the minister On Monday."),
        ("run-together", "It rang.Nobody.The fog.The end.", "It rang.Nobody. The fog. The end."),
        ("doubled-word", "to the the harbour and the the lamp", "to the harbour and the lamp"),
    ],
)
def test_a_suggestion_mends_the_text(code: str, text: str, expected: str) -> None:
    (doubt,) = doubts(code, facts(standfirst=text))
    assert mended(doubt) == expected
    assert doubts(code, facts(standfirst=expected)) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("The second part of a two-part history.", 2),
        ("Part two of the history of the bell.", 2),
        ("Part IV of our inquiry.", 4),
        ("The 3rd instalment of the diary.", 3),
        ("The first of three articles on the harbour.", 1),
        ("The second and final part of the history.", 2),
        ("The last of three articles on the harbour.", 3),
        ("The concluding part of a four-part report.", 4),
        ("The last in a series on the harbour.", None),
        ("A two-part report on the fog.", None),
        ("Zweiter Teil des Berichts.", 2),
        ("Teil 3 von vielen.", 3),
        ("Deuxième partie de l’enquête.", 2),
        ("Última parte del diario.", None),
    ],
)
def test_a_part_alone_is_proposed_as_a_serial_with_its_number(
    text: str, number: int | None
) -> None:
    (doubt,) = doubts("part-in-standfirst", facts("The bell", pk=7, standfirst=text))
    assert doubt.suggestion == {
        "series": {
            "title": "The bell", "kind": "serial",
            "places": [{"article": 7, "part_number": number}],
        }
    }  # fmt: skip
    (doubt,) = doubts("part-in-standfirst", facts("x" * 301, standfirst=text))
    assert doubt.suggestion is None


def test_the_byline_gives_the_text_its_spelling() -> None:
    article = facts(byline="Mira Oldcastle", standfirst="Here Mira Oldcastel’s lamp goes out.")
    (doubt,) = doubts("name-spelled-twice", article)
    assert mended(doubt) == "Here Mira Oldcastle’s lamp goes out."


def test_checks_are_found_by_themselves_and_have_their_words() -> None:
    checks = registry.all_checks()
    assert len({check.code for check in checks}) == len(checks) >= 11
    for check in checks:
        assert isinstance(check, Check | PairCheck)
        assert check.title == registry.title_of(check.code)
        assert check.explanation == registry.explanation_of(check.code)
        assert len(check.explanation) > 30
    assert registry.title_of("never-heard-of") == "Never heard of"


def test_every_code_that_is_raised_has_words() -> None:
    import re

    from tests.conftest import ROOT

    table = (ROOT / "articles/listing/records.py").read_text(encoding="utf-8").split('"""')[1]
    codes = set(re.findall(r"^``([a-z-]+)``", table, re.MULTILINE))
    assert codes > {"kicker-or-subtitle", "date-out-of-order"}
    for path in (ROOT / "articles/importing").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        codes.update(re.findall(r"remark\(\s*\"([a-z]+(?:-[a-z]+)+)\"", text))
        codes.update(re.findall(r"\"code\": \"([a-z-]+)\"", text))
    assert sorted(codes - registry.known_codes()) == []


def test_the_document_names_every_check_and_its_example_works() -> None:
    import re

    from tests.conftest import ROOT

    document = (ROOT / "docs/review.md").read_text(encoding="utf-8")
    table = document.split("## The checks")[1].split("```")[0]
    codes = re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)
    assert set(codes) == registry.check_codes()
    source = document.split("```python")[1].split("```")[0].replace("(Check)", "(Doubtful)")
    source = source.replace("import Check\n", "import Doubtful\n")  # else it would join the others
    names: dict[str, Any] = {}
    exec(source, names)  # noqa: S102  our own document
    (doubt,) = names["ShoutedHeadline"]().find(facts("THE BELL IS GONE"))
    assert mended(doubt) == "The bell is gone"
    assert list(names["ShoutedHeadline"]().find(facts("The BELL is gone"))) == []


# Two articles


def alike(*articles: Facts, asked: tuple[int, ...] = ()) -> list[tuple[int, int | None]]:
    check = SimilarHeadline()
    wanted = set(asked or [article.id for article in articles])
    likely = check.likely(wanted, [Head(one.id, one.headline, one.day) for one in articles])
    around = [article for article in articles if article.id in likely]
    mine = [article for article in around if article.id in wanted]
    return [(article.id, doubt.other) for article, doubt in check.find(mine, around)]


LONG = "The harbour chain is raised again"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"headline": LONG}, {"headline": LONG}),
        ({"headline": LONG}, {"headline": "The harbor chain is raised again"}),
        ({"headline": LONG}, {"headline": LONG.upper(), "day": 105}),
        ({"headline": "Fog"}, {"headline": "Fog"}),
        (
            {"headline": LONG, "standfirst": "It was down for the length of the fog."},
            {"headline": LONG, "standfirst": "It was down for the length of a fog."},
        ),
    ],
)
def test_the_same_article_twice(one: dict[str, Any], two: dict[str, Any]) -> None:
    first, second = facts(pk=1, **{"day": 100, **one}), facts(pk=2, **{"day": 100, **two})
    assert alike(first, second) == [(2, 1)]
    assert alike(first, second, asked=(1,)) == [(2, 1)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"headline": LONG}, {"headline": LONG, "day": 108}),
        ({"headline": "The bell rings"}, {"headline": "A lamp goes out"}),
        ({"headline": "Fog"}, {"headline": "Fogs"}),
        (
            {"headline": "The harbour in 1917 and after"},
            {"headline": "The harbour in 1918 and after"},
        ),
        ({"headline": LONG, "part_label": "Part 1"}, {"headline": LONG, "part_label": "Part 2"}),
        ({"headline": LONG, "kicker": "Letters"}, {"headline": LONG, "kicker": "Diary"}),
        (
            {"headline": LONG, "places": (Place(7, "", "", None),)},
            {"headline": LONG, "places": (Place(7, "", "", None),), "day": 102},
        ),
        (
            {"headline": LONG, "places": (Place(7, "", "", 1),)},
            {"headline": LONG, "places": (Place(7, "", "", 2),)},
        ),
        (
            {"headline": LONG, "standfirst": "It was down for the length of the fog."},
            {"headline": LONG, "standfirst": "Nobody knows who paid for new iron.", "day": 101},
        ),
    ],
)
def test_two_articles_that_only_look_alike(one: dict[str, Any], two: dict[str, Any]) -> None:
    first, second = facts(pk=1, **{"day": 100, **one}), facts(pk=2, **{"day": 100, **two})
    assert alike(first, second) == []


def test_a_headline_that_recurs_is_a_rubric() -> None:
    week = [facts(LONG, pk=day, day=100 + day) for day in range(1, 6)]
    assert alike(*week) == []


def test_very_many_articles_of_one_date_are_compared_with_their_neighbours() -> None:
    crowd = [facts(f"Entry {place:05} of the harbour ledger", pk=place, day=100)
             for place in range(1, LARGE * 2)]  # fmt: skip
    double = facts("Entry 00033 of the harbor ledger", pk=9999, day=100)
    assert alike(*crowd, double) == [(9999, 33)]


# Suggestions


def test_other_readings_are_offered_only_whole() -> None:
    values = {"kicker": "A storm", "headline": "How it came", "subtitle": None}
    swap = {"headline": "A storm", "subtitle": "How it came", "kicker": None}
    assert other_readings([swap], values) == {
        "fields": {"headline": "A storm", "subtitle": "How it came", "kicker": ""},
        "was": {"headline": "How it came", "subtitle": "", "kicker": "A storm"},
    }
    two = other_readings([swap, {"kicker": None}], values)
    assert two is not None
    assert len(two["choices"]) == 2
    for nothing in ({"headline": ""}, {"byline": "By X"}, {"kicker": "A storm"}, {}):
        assert other_readings([nothing], values) is None


@pytest.mark.parametrize(
    "hostile",
    [
        None, 5, "x", [], {"fields": {}}, {"fields": {"status": "published"}}, {"choices": 7},
        {"fields": {"headline": 5}}, {"fields": {"headline": "x"}, "was": []},
        {"choices": [5, None, {"fields": {"slug": "x"}}]}, {"merge": "1"}, {"merge": True},
    ],
)  # fmt: skip
def test_what_is_no_suggestion_offers_nothing(hostile: Any) -> None:
    assert choices_of(hostile) == []
    assert merge_target(hostile) is None
