"""A change that fails at its commit is not reported as done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from articles.models import Article, Contribution
from tests.admin.posting import LIST, change_url, form_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)


def orphaning(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """Leave a row without its author beside a changed article. Foreign keys are looked at when the
    change is committed, which then fails, as it does on a full disk."""
    result = execute(sql, *rest)
    if sql.startswith('INSERT INTO "articles_contentchange"'):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO articles_contribution"
                " (article_id, author_id, role, position, sort_key, is_public)"
                " SELECT id, 2000000000, 'aut', 99, sort_key, false FROM articles_article"
            )
    return result


def test_nothing_is_said_to_be_changed(signed_in: Callable[..., Client]) -> None:
    client = signed_in("Chief editor")
    client.raise_request_exception = False
    article = Article.objects.get(pk=make_article("A bell").pk)
    with connection.execute_wrapper(orphaning):
        answer = client.post(change_url(article), form_of(article, headline="Two bells"))
    assert answer.status_code == 500
    article.refresh_from_db()
    assert (article.headline, Contribution.objects.count()) == ("A bell", 0)
    assert "changed successfully" not in client.get(LIST).content.decode()
