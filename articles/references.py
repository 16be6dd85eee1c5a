"""Articles as references to be cited: the step from rows to `articles.citing`, which is pure."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from articles.citing.reference import Person, Reference
from articles.cleaning import clean_line
from articles.models import Article, Contribution, TaggedArticle
from articles.querysets import ArticleQuerySet
from articles.rows import address_of
from articles.site_rights import rights_of
from authors.models import AuthorKind

#: Makes an address of this site a full one: ``request.build_absolute_uri``.
FullAddress = Callable[[str], str]


def for_citing(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Load what a reference is made of. Three queries, whatever the number of articles."""
    return articles.select_related("public_key").prefetch_related(
        Prefetch(
            "contributions", Contribution.objects.select_related("author").order_by("position")
        ),
        Prefetch(
            "tagged_articles",
            TaggedArticle.objects.select_related("tag").order_by("tag__collation_key"),
        ),
    )


def references_of(articles: Iterable[Article], full: FullAddress) -> list[Reference]:
    """Return the references of public articles, in their order, loaded by `for_citing`."""
    return [reference_of(article, full) for article in articles]


def reference_of(article: Article, full: FullAddress) -> Reference:
    """Return the reference of one public article."""
    assert article.published_on is not None  # noqa: S101  it is public
    key = getattr(article, "public_key", None)
    address = article.get_absolute_url() if key is None else reverse("permanent", args=[key.key])
    return Reference(
        key=str(article.pk) if key is None else key.key,
        url=full(address),
        headline=article.headline,
        subtitle=article.subtitle,
        part_label=article.part_label,
        people=tuple(_person(item, full) for item in article.contributions.all()),
        byline=article.byline,
        published_on=article.published_on,
        precision=article.date_precision,
        publication=article.publication,
        volume=article.volume,
        issue=article.issue,
        pages=article.pages,
        language=article.language,
        standfirst=article.standfirst,
        correction=article.correction_note,
        keywords=tuple(clean_line(row.tag.name) for row in article.tagged_articles.all()),
        archive=clean_line(settings.SITE_NAME),
        rights=rights_of(article.rights),
    )


def _person(item: Contribution, full: FullAddress) -> Person:
    author = item.author
    return Person(
        name=author.name,
        sort_name=author.sort_name,
        is_person=author.kind == AuthorKind.PERSON,
        role=item.role,
        url=full(address_of("author", author.slug)),
    )
