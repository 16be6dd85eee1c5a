"""New tags that may be another one in another spelling: proposed, confirmed, remembered."""

import json
from pathlib import Path

import pytest

from articles.choices import FindingState
from articles.importing.near_tags import is_near
from articles.models import Article, Finding, Tag
from articles.writing import checking
from articles.writing.findings import settle_findings
from articles.writing.proposals import confirm_proposal
from tests.factories import make_tag
from tests.importing.listings import import_json


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trade unions", "Trade-Unions"), ("Trade union", "Trade unions"), ("Church", "Churches"),
        ("Île", "Ile"), ("Railways", "Railwais"), ("Environmental", "Enviromentall"),
    ],
)  # fmt: skip
def test_one_tag_in_two_spellings(one: str, other: str) -> None:
    assert is_near(one, other)
    assert is_near(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("World War I", "World War II"), ("1917", "1918"), ("Strike of 1905", "Strike of 1906"),
        ("Sea", "Tea"), ("Salt", "Malt"), ("Railways", "Waterways"), ("Bread", "Trade"),
    ],
)  # fmt: skip
def test_two_tags_that_are_two(one: str, other: str) -> None:
    assert not is_near(one, other)


def written(path: Path, *tags: list[str]) -> Path:
    rows = [
        {"title": f"The lamp {'abcdefgh'[place]}", "date": f"2019-05-0{place + 1}", "tags": some}
        for place, some in enumerate(tags)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def proposed() -> list[str]:
    rows = Finding.objects.filter(code="tag-spelling").order_by("pk")
    return list(rows.values_list("message", flat=True))


@pytest.mark.django_db
def test_a_new_tag_that_is_nearly_one_of_the_archive(tmp_path: Path) -> None:
    unions = make_tag("Trade unions")
    path = written(tmp_path / "lamps.jsonl", ["Trade-Unions", "Salt"], ["Trade union"])
    planned = import_json(path, "--dry-run", "--source", "Lamps")
    told = [one["message"] for one in planned["listings"][0]["diagnostics"]]
    assert sorted(told) == [
        "“Trade union” may be the tag “Trade unions”.",
        "“Trade-Unions” may be the tag “Trade unions”.",
    ]
    import_json(path, "--source", "Lamps")
    assert sorted(proposed()) == sorted(told)
    for row in Finding.objects.filter(code="tag-spelling"):
        confirm_proposal(row, None)
    assert set(Tag.objects.values_list("name", flat=True)) == {"Trade unions", "Salt"}
    assert Article.objects.filter(tags=unions).count() == 2
    # Both spellings lead to the tag from now on, and nobody is asked again.
    assert import_json(path, "--source", "Lamps")["totals"]["unchanged"] == 2
    other = written(tmp_path / "other.jsonl", ["Salt"], ["Salt"], ["TRADE-UNIONS"])
    import_json(other, "--source", "Others")
    assert Article.objects.get(headline="The lamp c").tags.get() == unions
    assert len(proposed()) == 2
    assert not list(checking.check())


@pytest.mark.django_db
def test_of_two_new_tags_the_rarer_is_the_doubtful_one(tmp_path: Path) -> None:
    path = written(tmp_path / "lamps.jsonl", ["Railways"], ["Railways"], ["Railwais"])
    import_json(path, "--source", "Lamps")
    assert proposed() == ["“Railwais” may be the tag “Railways”."]


@pytest.mark.django_db
def test_tags_that_are_no_one_tag_stay_two(tmp_path: Path) -> None:
    path = written(tmp_path / "lamps.jsonl", ["Railways"], ["Railwais"])
    import_json(path, "--source", "Lamps")
    settle_findings(
        Finding.objects.values_list("pk", flat=True), FindingState.DISMISSED, actor=None
    )
    newer = written(tmp_path / "lamps.jsonl", ["Railways"], ["Railwais"], ["Railwais"])
    import_json(newer, "--source", "Lamps")
    assert Finding.objects.get(code="tag-spelling").state == FindingState.DISMISSED
    assert Tag.objects.count() == 2
