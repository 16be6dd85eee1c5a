"""What search promises, on whichever database the settings name."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from articles.search import base
from articles.search.base import search
from articles.search.match import Part
from tests.search.helpers import document_of, found, look, make, ranking
from tests.thorough import times

pytestmark = pytest.mark.django_db

HOSTILE = [
    '"', '""', '"""', "C++", "o'brien", "hello-world", "x:y", "a:1", "'a:1'", "NEAR(", "NEAR(a b)",
    "\x00", "a\x00b", "\ud800", "word \udfff", "*", "-", "--", "-*", '-"', '"-', "^a", "a ^b",
    "{headline}: a", "headline:a", "+a", "a AND", "OR", "NOT a", "AND OR NOT", "a & !b | (c",
    "hello &", "\\", "\\'", "'", "''", "';--", "%", "_", "%s", "%(a)s", "a:*", "a:*A", "'a':1A",
    ":*", "<->", "a <-> b", "()", "((((((((((", "🙂", "\u0301", "\u202e", "¶", "·run", "§t1",
    "a" * 100_000, '"' * 100_000, "a " * 50_000, "-a " * 30_000, '"a b" ' * 20_000, "((" * 50_000,
    "\u0301\u0323" * 50_000, "日" * 100_000, "a-" * 50_000, "a.b." * 25_000, "c++" * 30_000,
]  # fmt: skip


def test_folded() -> None:
    make("Władysław Gomułka resigns")
    make("Gomulka was right")
    assert found("gomulka") == {"Władysław Gomułka resigns", "Gomulka was right"}
    assert found("GOMUŁKA") == found("gomulka")
    assert found("wladyslaw") == {"Władysław Gomułka resigns"}
    assert found("Gomułka gomulka") == found("gomulka")


def test_stemmed() -> None:
    make("The strike begins")
    make("Strikes everywhere")
    make("A striking result")
    make("Stricken")
    assert found("strikes") == {"The strike begins", "Strikes everywhere", "A striking result"}
    assert found("strike") == found("striking") == found("strikes")
    assert found('"strikes"') == {"Strikes everywhere"}
    assert found("strikes", language="xx") == {"Strikes everywhere"}


def test_stemmed_by_the_language_of_the_article() -> None:
    make("Die Arbeiter streiken", language="de")
    make("Les ouvriers en grève", language="fr")
    assert found("arbeiters", language="de") == {"Die Arbeiter streiken"}
    assert found("ouvrier", language="fr-CA") == {"Les ouvriers en grève"}
    assert found("ouvriers", language="en") == {"Les ouvriers en grève"}
    assert found("greve") == {"Les ouvriers en grève"}


def test_all_words_wherever_they_stand() -> None:
    make("Lenin in Zürich", body="He waited for the revolution.")
    make("Revolution in Zurich")
    assert found("revolution lenin") == {"Lenin in Zürich"}
    assert found("zurich") == {"Lenin in Zürich", "Revolution in Zurich"}
    assert found("revolution trotsky") == set()


def test_phrases() -> None:
    make("The permanent revolution")
    make("Revolution, permanent unrest", kicker="The permanent", subtitle="Revolution")
    make("Permanently", body="A permanent and lasting revolution.")
    assert found('"permanent revolution"') == {"The permanent revolution"}
    assert found("“permanent revolution”") == {"The permanent revolution"}
    assert found('"revolution permanent"') == {"Revolution, permanent unrest"}
    assert found("permanent revolution") >= {"The permanent revolution", "Permanently"}
    assert found('the "permanent revolution"') == {"The permanent revolution"}


def test_long_phrases_and_frequent_words() -> None:
    # PostgreSQL keeps 256 places of a word, and none beyond 16,383.
    make("Long", body="the end of the line. " * 5_000 + "It was the last word of the matter.")
    make("Other", body="the matter of the last word. " * 400)
    assert found('"the last word of the matter"') == {"Long"}
    assert found('"of the line it was"') == {"Long"}


def test_compounds_do_not_make_phrases() -> None:
    make("O'Brien and the well-known")
    assert found('"obrien wellknown"') == set()
    assert found("obrien wellknown") == {"O'Brien and the well-known"}


def test_excluded() -> None:
    make("Lenin and Trotsky")
    make("Lenin and Stalin", body="Trotsky, too, was there. A long night.")
    make("Lenin alone")
    assert found("lenin -trotsky") == {"Lenin alone"}
    assert found('lenin -"lenin and"') == {"Lenin alone"}
    assert found('lenin -"long night"') == {"Lenin and Trotsky", "Lenin alone"}
    assert found("lenin -trotsk*") == {"Lenin alone"}
    assert found("lenin - trotsky") == {"Lenin and Trotsky", "Lenin and Stalin"}
    assert found("lenin -lenin") == set()


def test_nothing_to_look_for() -> None:
    make("One")
    make("Two", day=1)
    for text in ("", " ", "-", '"', "-one", '-"one"', "*", "\x00", "!!!"):
        result = look(text)
        assert result.query.is_empty
        assert result.is_exact
        assert found(text) == {"One", "Two"}
        assert ranking(text) == ["Two", "One"]
        assert result.count() == 2


def test_prefix() -> None:
    make("Counter-revolution")
    make("Revolutionaries")
    make("Evolution")
    assert found("revol*") == {"Counter-revolution", "Revolutionaries"}
    assert found("counter-rev*") == {"Counter-revolution"}
    assert found("counterrev*") == {"Counter-revolution"}
    assert found("r*") == set()


def test_compounds() -> None:
    make("Conor Cruise O’Brien")
    make("A well-known strike-breaker")
    make("Well known in the U.S.S.R.")
    assert found("o'brien") == found("OBrien") == found("brien") == {"Conor Cruise O’Brien"}
    assert found("well-known") == {"A well-known strike-breaker", "Well known in the U.S.S.R."}
    assert found("wellknown") == {"A well-known strike-breaker"}
    assert found("USSR") == found("u.s.s.r.") == {"Well known in the U.S.S.R."}
    make("Lenin on Brest")
    assert found("Lenin's") == {"Lenin on Brest"}


def test_names_with_signs() -> None:
    make("Programming in C")
    make("Programming in C++")
    make("Programming in C#")
    make("What is .NET?")
    make("A safety net")
    assert found("C++") == {"Programming in C++"}
    assert found("c#") == {"Programming in C#"}
    assert found("C") == {"Programming in C"}
    assert found(".net") == {"What is .NET?"}
    assert found("net") == {"A safety net"}


def test_chinese_and_japanese() -> None:
    make("日本語の文章", language="ja")
    make("中国革命的问题", language="zh")
    make("本日は晴天なり", language="ja")
    assert found("日本") == {"日本語の文章"}
    assert found("日本語") == {"日本語の文章"}
    assert found("革命") == found("中国 问题") == {"中国革命的问题"}
    assert found("章") == {"日本語の文章"}
    assert found("日") == {"日本語の文章", "本日は晴天なり"}
    assert found("国命") == set()
    assert found("中国 -革命") == set()


def test_korean_and_thai() -> None:
    make("한국의 노동운동", language="ko")
    make("ประวัติศาสตร์ไทย", language="th")
    assert found("노동") == {"한국의 노동운동"}
    assert found("ไทย") == {"ประวัติศาสตร์ไทย"}


def test_cyrillic_and_arabic() -> None:
    make("Русская революция и её вожди", language="ru")
    make("الثَّوْرَةُ الروسية", language="ar")
    assert found("революции") == found("РЕВОЛЮЦИЯ") == {"Русская революция и её вожди"}
    assert found("ее") == {"Русская революция и её вожди"}
    assert found("الثورة") == found("ثورة") == {"الثَّوْرَةُ الروسية"}


def test_numbers() -> None:
    make("November 13-19, 1917")
    make("٢٠٢٠ بالأرقام", language="ar")
    assert found("1917") == found("13-19") == found('"november 13"') == {"November 13-19, 1917"}
    assert found("2020") == {"٢٠٢٠ بالأرقام"}


def test_relevance_by_field() -> None:
    make("In the body", day=9, body="About Zimmerwald.")
    make("In the standfirst", day=8, standfirst="About Zimmerwald.")
    make("In the tags", day=6, names=["Karl Radek", "Zimmerwald"])
    make("In the kicker", day=7, kicker="Zimmerwald")
    make("Zimmerwald in the headline", day=1)
    order = ranking("zimmerwald")
    assert order[0] == "Zimmerwald in the headline"
    assert set(order[1:3]) == {"In the kicker", "In the tags"}
    assert order[3:] == ["In the standfirst", "In the body"]


def test_relevance_by_all_words() -> None:
    make("Strike at Fiat", day=1)
    make("Strike", day=2, body="At Fiat, that is. Fiat, Fiat, Fiat!")
    make("Strike again", day=3, standfirst="At Fiat.")
    make("Turin", day=4, body="A strike at Fiat. Strike and strike again: Fiat, Fiat, strike.")
    assert ranking("strike fiat") == ["Strike at Fiat", "Strike again", "Strike", "Turin"]
    assert ranking('"at Fiat" strike')[0] == "Strike at Fiat"


def test_frequency_counts_in_a_body() -> None:
    make("Often", day=1, body="Bread and peace. " * 5 + "Filler words here. " * 5)
    make("Once", day=2, body="Bread and peace. " + "Filler words here. " * 9)
    make("Never", day=3, body="Filler words here. " * 10)
    assert ranking("peace") == ["Often", "Once"]


def test_newest_first_on_ties() -> None:
    for day in (3, 1, 2):
        make(f"Same words {day}", day=day, body="Equal in length and words.")
    assert ranking("same words") == ["Same words 3", "Same words 2", "Same words 1"]
    assert ranking("equal") == ["Same words 3", "Same words 2", "Same words 1"]


def test_drafts_of_the_index_do_not_show() -> None:
    article = make("Hidden strike")
    make("Open strike")
    Article.objects.filter(pk=article.pk).update(status="draft")
    assert found("strike") == {"Open strike"}
    assert ranking("strike") == ["Open strike"]
    assert look("strike").count() == 1


def chained_archive() -> None:
    for day in range(60):
        make(
            f"Strike {day}",
            day=day * 10,
            byline="By A" if day % 2 else "",
            language="en" if day % 3 else "de",
            body="Bread" if day % 5 == 0 else "",
            facets=f"all y{2001 + day * 10 // 365} b{day % 2} l{'en' if day % 3 else 'de'}",
        )
    make("Something else")


@pytest.mark.parametrize("limit", [5_000, 7], ids=["exact", "tiers"])
def test_chains(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "RANK_LIMIT", limit)
    chained_archive()
    narrowed = search(Article.objects.published().with_byline(), "strike", language="en")
    assert narrowed.is_exact is (limit > 60)
    assert narrowed.count() == narrowed.queryset.count() == 30
    rows = list(narrowed.queryset.newest_first().for_list()[3:5])
    assert [row["headline"] for row in rows] == ["Strike 53", "Strike 51"]
    assert narrowed.queryset.filter(language="de").exclude(body="").count() == 2
    year = datetime.date(2002, 1, 1), datetime.date(2002, 12, 31)
    assert narrowed.queryset.between(*year).oldest_first()[0].headline == "Strike 37"
    languages = narrowed.queryset.order_by().values_list("language").annotate(Count("pk"))
    assert dict(languages) == {"de": 10, "en": 20}
    assert narrowed.queryset.filter(pk__in=narrowed.queryset.values("pk")).count() == 30
    assert (narrowed.queryset | narrowed.queryset).count() == 30
    keys = narrowed.newest(5)
    assert narrowed.newest(3, 2) == keys[2:]
    assert narrowed.newest(2, older_than=keys[1]) == keys[2:4]
    assert narrowed.newest(2, newer_than=keys[3]) == keys[1:3]
    assert len(narrowed.ranked(100)) == 30
    assert narrowed.ranked(10, 25) == narrowed.ranked(100)[25:]


@pytest.mark.parametrize("limit", [5_000, 7], ids=["exact", "tiers"])
def test_facets_in_the_index(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "RANK_LIMIT", limit)
    chained_archive()
    plain = search(Article.objects.published().with_byline(), "strike", language="en")
    fast = look("strike", facets=[["b1"]])
    assert fast.count() == fast.queryset.count() == 30
    assert fast.newest(100) == plain.newest(100)
    keys = fast.newest(5)
    assert fast.newest(3, 2) == keys[2:]
    assert fast.newest(2, older_than=keys[1]) == keys[2:4]
    assert fast.newest(2, newer_than=keys[3]) == keys[1:3]
    assert fast.ranked(100) == plain.ranked(100)
    assert fast.ranked(10, 25) == plain.ranked(100)[25:]
    assert look("strike", facets=[["b0", "b1"], ["lde"]]).count() == 20
    assert look("strike", facets=[["b1"], ["lde"], ["y2001"]]).count() == 6
    assert look("strike", facets=[]).count() == 60
    assert look("strike", facets=[[]]).count() == 0
    assert look("y2001", facets=[]).count() == 0
    assert look("", facets=[]).count() == 61


@pytest.mark.parametrize("term", ["a b", 'a"', "a'", "", "a:1", "*", "ä", "a\n"])
def test_facets_are_no_text(term: str) -> None:
    with pytest.raises(ValueError, match="facet"):
        look("strike", facets=[[term]])


def test_many_hits_come_in_two_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "RANK_LIMIT", 4)
    for day in range(4):
        make(f"Strike {day}", day=day)
        make(f"Other {day}", day=10 + day, body="strikes, strikes, strikes", facets="t1")
    make("Excluded strike", day=20, body="Not this.")
    expected = [f"Strike {day}" for day in (3, 2, 1, 0)] + [f"Other {day}" for day in (3, 2, 1, 0)]
    for options in ({}, {"facets": []}):
        result = look('strike -"not this"', **options)
        assert not result.is_exact
        assert result.count() == 8
        rows = result.rows(result.ranked(100))
        assert [row["headline"] for row in rows] == expected
        pages = [result.ranked(3, offset) for offset in (0, 3, 6, 9)]
        assert pages[0] + pages[1] + pages[2] == result.ranked(100)
        assert [len(page) for page in pages] == [3, 3, 2, 0]
    narrowed = search(Article.objects.published().exclude(body=""), "strike")
    assert [row["headline"][:5] for row in narrowed.rows(narrowed.ranked(9))] == ["Exclu"] + [
        "Other"
    ] * 4
    assert look("strike", facets=[["t1"]]).is_exact


def test_parts_ranked_one_by_one_are_the_whole() -> None:
    for day in range(6):
        make(f"Strike {day}", day=day, body="strike " * (day % 3), facets="t1")
        make(f"Other {day}", kicker="A strike" if day % 2 else "", day=day, body="Strikes.")
        make(f"Third {day}", standfirst="strike" * (day % 2), day=day, body="strike not this")
    for text, facets in (("strike", []), ('strike -"not this"', []), ("strike", [["t1"]])):
        result = look(text, facets=facets)
        keys = result.newest(100)
        headline = look(text, facets=facets).in_headline(100)
        rest = [key for key in keys if key not in headline]
        assert headline
        assert result.by_relevance(keys) == [
            *result.by_relevance(headline, Part.HEADLINE),
            *result.by_relevance(rest, Part.REST),
        ]
        assert result.by_relevance(keys[::2]) == [
            key for key in result.by_relevance(keys) if key in keys[::2]
        ]


@pytest.mark.django_db(transaction=True)
def test_what_is_surely_more_is_more() -> None:
    articles = [make(f"Bell {day}", day=day, indexed=False) for day in range(60)]
    base.index(document_of(article) for article in articles)
    written()
    base.optimise()
    knows = connection.vendor == "postgresql"
    assert look("bell", facets=[]).has_surely_more_than(40) is knows
    for text, facets in (
        ("bell", [["t1"]]), ("bell -drum", []), ("bell drum", []), ('"bell 1"', []), ("drum", []),
    ):  # fmt: skip
        assert not look(text, facets=facets).has_surely_more_than(40)
    assert not look("bell", facets=[]).has_surely_more_than(60)
    # What was written since may be that word of all articles.
    base.remove([article.sort_key for article in articles[:30] if article.sort_key])
    written()
    assert not look("bell", facets=[]).has_surely_more_than(40)


def written() -> None:
    """Have PostgreSQL count what was written: it does so a second later otherwise."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT 1")


def test_pages_far_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "RANK_LIMIT", 100)
    articles = [make(f"Strike {day}", day=day, indexed=False) for day in range(1_100)]
    base.index(document_of(article, facets="b1") for article in articles)
    keys = [article.sort_key for article in reversed(articles)]
    result = look("strike", facets=[["b1"]])
    assert result.newest(20, 1_020) == keys[1_020:1_040]
    assert result.newest(20, 1_020, newer_than=keys[1_090]) == keys[50:70]
    assert result.newest(2_000, older_than=keys[9]) == keys[10:]
    assert result.count() == 1_100


def test_ids_up_to_a_limit(django_assert_num_queries: Any) -> None:
    made = [make(f"Bell {number}") for number in range(4)]
    hits = search(Article.objects.published(), "bell", facets=[])
    for limit in (4, 5, 100_000, None):
        with django_assert_num_queries(1):
            assert sorted(hits.ids(limit) or ()) == sorted(article.pk for article in made)
    for limit in (0, 3):
        with django_assert_num_queries(1):
            assert hits.ids(limit) is None
    nothing = search(Article.objects.published(), "nothing", facets=[])
    assert [list(nothing.ids(limit) or ()) for limit in (0, 4, None)] == [[], [], []]
    assert nothing.ids(0) is not None


def test_few_statements(django_assert_num_queries: Any) -> None:
    for day in range(30):
        make(f"Strike {day}", day=day)
    with django_assert_num_queries(3 if connection.vendor == "postgresql" else 6):
        result = look("strike", facets=[])
        assert len(result.rows(result.ranked(25))) == 25
        assert result.count() == 30
    with django_assert_num_queries(2):
        result = look("strike", facets=[])
        assert len(result.rows(result.newest(25))) == 25
        assert result.count() == 30
    with django_assert_num_queries(1):
        assert len(look("strike", facets=[]).as_many().newest(25)) == 25


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(text[:12]) for text in HOSTILE])
def test_hostile_text_is_no_error(text: str) -> None:
    make("An innocent article", body="a b c x y 1 run")
    make("OBrien says hello, world", kicker="C++", names=["t1"], facets="t1")
    for sample in (text, f"article {text}", f'"{text}"', f"-{text}", f"a {text}*"):
        result = look(sample)
        assert result.queryset.count() <= 2
        assert len(result.ranked(10)) == look(sample, facets=[]).count() == result.count()


SIGNS = list("ab \"'-*:()^{}+#.&|!<>\\%·¶§\x00日本")
HITS = st.text(alphabet=st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=60)


@pytest.mark.thorough
@settings(
    max_examples=times(300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=HITS)
def test_any_text_is_a_query(text: str) -> None:
    result = look(text)
    assert result.queryset.count() == result.count() == len(result.ranked(100))


@pytest.mark.thorough
@settings(
    max_examples=times(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_an_article_is_found_by_its_own_words(text: str) -> None:
    headline = ("x " + text)[:150]
    article = make(headline)
    try:
        quoted = headline.translate(dict.fromkeys(map(ord, '"“”„«»‟'), " "))
        for query in (headline.replace("-", " "), f'"{quoted}"'):
            assert article.sort_key in look(query, facets=[]).newest(1_000), query
    finally:
        article.delete()
