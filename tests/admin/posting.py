"""What a browser would send from the article's form."""

from typing import Any

from django.test import Client
from django.urls import reverse

from articles.models import Article
from articles.partial_dates import partial_text

LIST = "/admin/articles/article/"
ADD = "/admin/articles/article/add/"


def change_url(article: Article) -> str:
    """Return the address of the form of *article*."""
    return reverse("admin:articles_article_change", args=[article.pk])


def rows(prefix: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of the rows below the form."""
    data: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(items),
        f"{prefix}-INITIAL_FORMS": 0,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 100,
    }
    for place, item in enumerate(items):
        data |= {f"{prefix}-{place}-{name}": value for name, value in item.items()}
    return data


def form_of(
    article: Article | None = None,
    *,
    credits: list[dict[str, Any]] | None = None,
    parts: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """Return what the form of *article* (None: a new one) sends, with *fields* changed."""
    data: dict[str, Any] = {"language": "en-gb", "status": "draft", "headline": "New"}
    if article is not None:
        names = (
            "kicker", "headline", "subtitle", "part_label", "byline", "standfirst", "body",
            "language", "slug", "publication", "volume", "issue", "pages", "source_url", "status",
            "withdrawn_reason", "correction_note",
        )  # fmt: skip
        data = {name: getattr(article, name) for name in names}
        data["published_on"] = partial_text(article.published_on, article.date_precision) or ""
        data["version"] = article.version
        data["tags"] = list(article.tagged_articles.values_list("tag", flat=True))
        if article.visible_from:
            data["visible_from_0"] = f"{article.visible_from:%Y-%m-%d}"
            data["visible_from_1"] = f"{article.visible_from:%H:%M:%S}"
        if credits is None:
            credits = [
                {"author": row.author_id, "role": row.role, "position": place + 1}
                for place, row in enumerate(article.contributions.all())
            ]
        if parts is None:
            parts = [
                {"series": row.series_id, "part_number": row.part_number or ""}
                for row in article.parts.all()
            ]
    data |= rows("contributions", credits or [])
    data |= rows("parts", parts or [])
    return data | fields


def errors_of(response: Any) -> str:
    """Return all the messages of a form that was shown again."""
    context = response.context
    found = [str(context["adminform"].form.errors)]
    found += [str(inline.formset.errors) for inline in context["inline_admin_formsets"]]
    found += [str(inline.formset.non_form_errors()) for inline in context["inline_admin_formsets"]]
    return " ".join(found)


def delete(client: Client, url: str, **fields: Any) -> Any:
    """Answer the page at *url* that asks whether a row shall be deleted, as it stands there."""
    asked = client.get(url)
    context = getattr(asked, "context", None) or {}
    data = {"post": "yes", "seen": context.get("seen", "")}
    return client.post(url, data | fields, follow=True)
