"""Pages of articles below one page that lists them, filters them and searches them."""

from django.core.paginator import Paginator
from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

PAGE_SIZE = 50


class Author(models.Model):
    """Somebody who writes."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True, allow_unicode=True)

    def __str__(self) -> str:
        return self.name


class ArticleTag(TaggedItemBase):
    """A tag on an article."""

    content_object = ParentalKey("ArticlePage", related_name="tagged_items")


class ArticlePage(Page):
    """An article."""

    published_on = models.DateField(db_index=True)
    kicker = models.CharField(max_length=300, blank=True)
    standfirst = models.TextField(blank=True)
    byline = models.CharField(max_length=300, blank=True)
    body = RichTextField(blank=True)
    authors = ParentalManyToManyField(Author, blank=True)
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)

    search_fields = [
        *Page.search_fields,
        index.SearchField("kicker"),
        index.SearchField("standfirst"),
        index.SearchField("body"),
    ]


class ArticleIndexPage(Page):
    """The list of articles."""

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        articles = ArticlePage.objects.live().descendant_of(self).order_by("-published_on", "-pk")
        if author := request.GET.get("author"):
            articles = articles.filter(authors__slug=author)
        if tag := request.GET.get("tag"):
            articles = articles.filter(tags__slug=tag)
        if text := request.GET.get("q"):
            articles = articles.search(text)
        else:
            articles = articles.prefetch_related("authors", "tags")
        context["page_of"] = Paginator(articles, PAGE_SIZE).get_page(request.GET.get("page"))
        return context
