"""docs/finding.md names every parameter of a list, and no other."""

import re
from pathlib import Path

import pytest
from django.test import Client

from articles.criteria import SORTS, VIEWS
from articles.filters import ArticleFilter
from articles.values import DIMENSIONS
from tests.factories import make_article

TEXT = (Path(__file__).parents[2] / "docs/finding.md").read_text(encoding="utf-8")


def test_every_parameter_is_named() -> None:
    table = TEXT.split("| --- | --- |")[1].split("\n\n")[0]
    firsts = [line.split("|")[1] for line in table.strip().splitlines()]
    named = {name for first in firsts for name in re.findall(r"`(\w+)=", first)}
    assert named == set(ArticleFilter.base_filters)
    assert all(f"`{name}`" in TEXT or f"view={name}" in TEXT for name in (*SORTS, VIEWS[1]))


@pytest.mark.django_db
def test_every_address_answers(client: Client) -> None:
    make_article("Harbour", authors=["Ada Moss"], tags=["Sea"])
    addresses = set(re.findall(r"`(/articles/[^`]*)`", TEXT))
    assert {f"/articles/by/{name}/" for name in DIMENSIONS} <= addresses
    for address in addresses:
        assert client.get(address).status_code == 200, address
