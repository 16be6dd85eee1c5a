"""Rights in tests: statements, what articles state themselves, and an edit of it."""

from articles.models import Article
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange

SITE, OWN = "© The Tidewater Review", "© The heirs"


def owned() -> dict[str, str]:
    """Return what each article states itself."""
    return dict(Article.objects.values_list("headline", "rights"))


def edit(article: Article, rights: str) -> None:
    article.refresh_from_db()
    save_article(ArticleChange(article=article, fields={"rights": rights}), actor=None)
