"""Numbering the parts of a series anew: one act, with all its exchanges of numbers at once."""

from collections.abc import Callable, Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles import clock
from articles.choices import OperationKind
from articles.models import Article, BulkWork, Series
from articles.writing import findings, operations
from articles.writing.articles import locked_articles, write_articles
from articles.writing.bulk_acts import Act
from articles.writing.changes import ArticleChange, InvalidChange, Place, StaleVersion
from articles.writing.state import lists_of


def renumber(
    series: Series,
    numbers: Mapping[int, int | None],
    seen: Mapping[int, int],
    *,
    may_change: Callable[[Article], bool],
    actor: AbstractBaseUser | None,
    reason: str = "",
) -> BulkWork | None:
    """Give the articles of *series* their part *numbers* (None: none), by id of the article.

    *seen* are the versions that the person looked at. Returns the finished work, which can be
    taken back as any bulk change; None if all have these numbers already. Raises `StaleVersion` if
    one of those to be changed was saved or left the series since, and `InvalidChange` if two would
    have one number, or one may not be changed. Nothing is written then.
    """
    with transaction.atomic():
        articles = {article.pk: article for article in locked_articles(numbers)}
        lists = lists_of(articles)
        changes = []
        for pk, number in numbers.items():
            article = articles.get(pk)
            stored = lists[pk]["parts"] if article is not None else []
            places = [Place(item["series"], item["part_number"]) for item in stored]
            here = next((place for place in places if place.series == series.pk), None)
            if article is None or here is None:
                raise StaleVersion(_("A part has left the series meanwhile. Look at it again."))
            if here.part_number == number:
                continue
            if article.version != seen.get(pk):
                raise StaleVersion(
                    _("Somebody saved “%s” since you opened the page. Look at it again.")
                    % article.headline
                )
            if not may_change(article):
                raise InvalidChange(
                    {"parts": _("Your group may not change “%s”.") % article.headline}
                )
            placed = [Place(one.series, number) if one is here else one for one in places]
            changes.append(
                ArticleChange(article=article, parts=placed, expected_version=article.version)
            )
        if not changes:
            return None
        operation = operations.begin(OperationKind.BULK, actor=actor, reason=reason)
        written = write_articles(changes, operation)
        findings.review_saved([article.pk for article in written], operation)
        return BulkWork.objects.create(
            actor_id=actor.pk if actor is not None else None,
            operation=operation,
            act=Act("renumber", ("parts",), one=series.pk, at_once=True).as_json(),
            wanted=[],
            total=len(changes),
            done=len(changes),
            changed=len(changes),
            finished=clock.now(),
        )
