"""Who may do what to one article. Permissions come from groups; these rules from its state.

- ``change_article``: any article. ``add_article`` alone: one's own, nothing else is seen.
- Without ``publish_article`` an article is changed only while it is a draft or in review, and
  does not leave these two states: what readers see changes only by those who may publish.
- Nothing that was ever public is deleted.
"""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest

from articles.choices import Status
from articles.models import Article
from articles.permissions import OPEN as OPEN
from articles.permissions import may_change_one, may_view_one
from articles.querysets import ArticleQuerySet
from articles.writing.accounts import active_count

#: States in which no reader sees it now.
HIDDEN = (*OPEN, Status.WITHDRAWN)

#: Fields that only those who may publish give a value.
FOR_PUBLISHERS = ("visible_from", "withdrawn_reason", "correction_note")

Anyone = User | AbstractBaseUser | AnonymousUser


def user_of(request: HttpRequest) -> User:
    """Return the account that is signed in; the admin lets in nobody else."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def _has(user: Anyone, codename: str) -> bool:
    return user.has_perm(f"articles.{codename}")  # type: ignore[union-attr]


def sees_all(user: Anyone) -> bool:
    """Return whether *user* sees the articles of others."""
    return _has(user, "view_article") or _has(user, "change_article")


def visible(articles: ArticleQuerySet, user: Anyone) -> ArticleQuerySet:
    """Return those of *articles* that *user* may see in the admin."""
    return articles if sees_all(user) else articles.filter(owner_id=user.pk)


def nameable(articles: ArticleQuerySet, user: Anyone | None) -> ArticleQuerySet:
    """Return those of *articles* whose headline *user* may read where it is named beside something
    else: those that they see in the admin, and those that readers see. Nobody (None) has the
    latter."""
    if user is None:
        return articles.published()
    return articles if sees_all(user) else articles.published() | visible(articles, user)


def may_view(user: Anyone, article: Article | None = None) -> bool:
    """Return whether *user* sees *article*; without one, whether any."""
    if article is None:
        return sees_all(user) or may_add(user)
    return may_view_one(user, article)


def may_add(user: Anyone) -> bool:
    """Return whether *user* may enter an article."""
    return _has(user, "add_article")


def may_publish(user: Anyone) -> bool:
    """Return whether *user* may publish and withdraw."""
    return _has(user, "publish_article")


def may_change(user: Anyone, article: Article | None = None) -> bool:
    """Return whether *user* may change *article*; without one, whether any."""
    if article is None:
        return _has(user, "change_article") or may_add(user)
    return may_change_one(user, article)


def may_give(user: Anyone, field: str) -> bool:
    """Return whether *user* may give the *field* of an article a value, on whatever path."""
    if field == "owner":
        return may_choose_owner(user)
    return field not in FOR_PUBLISHERS or may_publish(user)


def may_change_many(user: Anyone) -> bool:
    """Return whether *user* may change many articles at once: whoever may change any."""
    return _has(user, "change_article")


def may_delete(user: Anyone, article: Article | None = None) -> bool:
    """Return whether *user* may delete *article*; without one, whether any."""
    return _has(user, "delete_article") and (article is None or not article.was_public)


def may_import(user: Anyone) -> bool:
    """Return whether *user* may import a listing."""
    return _has(user, "import_listing")


def may_choose_owner(user: Anyone) -> bool:
    """Return whether *user* may give an article to someone: who sees the accounts may."""
    return _has(user, "change_article") and user.has_perm("auth.view_user")  # type: ignore[union-attr]


def has_company(user: Anyone) -> bool:
    """Return whether anybody else can sign in. Asked once for each request, on the account."""
    found: bool | None = getattr(user, "has_company", None)
    if found is None:
        found = active_count() > 1
        user.has_company = found  # type: ignore[union-attr]
    return found


def has_review(user: Anyone) -> bool:
    """Return whether there is a review: whoever works alone has nobody to send anything to, and
    sees no word of it until something is there."""
    found: bool | None = getattr(user, "has_review", None)
    if found is None:
        waiting = Article.objects.filter(status=Status.IN_REVIEW).order_by()
        found = has_company(user) or waiting.exists()
        user.has_review = found  # type: ignore[union-attr]
    return found


def statuses(user: Anyone, article: Article | None) -> list[Status]:
    """Return the states that *user* may give *article* (None: a new one), its own among them.

    What readers saw is withdrawn, with a reason, and never becomes a draft again; what they never
    saw has nothing to be withdrawn from.
    """
    if not may_publish(user):
        return list(OPEN)
    if article is not None and article.was_public:
        allowed = {Status.PUBLISHED, Status.WITHDRAWN}
    else:
        allowed = {*OPEN, Status.PUBLISHED}
    if not has_review(user):
        allowed.discard(Status.IN_REVIEW)
    if article is not None:
        allowed.add(Status(article.status))
    return [status for status in Status if status in allowed]
