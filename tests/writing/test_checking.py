"""manage.py check_archive sees every way in which derived data can part from the rows."""

from collections.abc import Callable

import pytest

from articles.models import (
    Article,
    ContentChange,
    FacetTotal,
    PublicKey,
    SearchDocument,
    TaggedArticle,
)
from tests.factories import make_article
from tests.importing.listings import run

pytestmark = pytest.mark.django_db

DAMAGE: dict[str, Callable[[], object]] = {
    "should be": lambda: FacetTotal.objects.filter(term="all").update(count=7),
    "not in the search index": lambda: SearchDocument.objects.all().delete(),
    "search document is stale": lambda: SearchDocument.objects.update(headline="other"),
    "stale sort key or publicity": lambda: TaggedArticle.objects.update(is_public=False),
    "credit": lambda: Article.objects.update(credit="Nobody"),
    "sort key": lambda: Article.objects.update(sort_key=5),
    "no permanent key": lambda: PublicKey.objects.all().delete(),
    "what it changed is not recorded": lambda: ContentChange.objects.all().delete(),
    "but not public": lambda: Article.objects.update(status="draft"),
}


@pytest.mark.parametrize("message", DAMAGE)
def test_damage_is_seen_and_repaired(message: str) -> None:
    make_article("One", authors=["Ana Brandt"], tags=["Sea"])
    DAMAGE[message]()
    code, out, err = run("check_archive")
    assert code == 1
    assert message in out
    assert "--repair" in err
    code, out, _ = run("check_archive", "--repair")
    assert code == 0, out
    assert "0 after the repair" in out
    code, out, _ = run("check_archive")
    assert (code, out) == (0, "Index, totals and rows agree.\n")
