"""Fill the site: ``python -m benchmarks.peers.wagtail_site FILE``, a line of JSON an article.

Saving pages one by one, Wagtail renews its search index, its references and the place in the tree
for each, which takes longer with every page that there is: half an hour for 10,000. What is
measured is how it answers, not how it fills, so rows are written a thousand at a time, as its own
``save`` would have left them, and its own command makes the index in the end.
"""

import json
import os
import sys
from itertools import count, islice
from pathlib import Path

#: Articles that are written at a time, and rows of one statement.
CHUNK, ROWS = 1_000, 100


def main() -> int:
    """Make tables and pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.wagtail_site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from wagtail.models import Page, Site

    from benchmarks.peers.wagtail_site.models import ArticleIndexPage, ArticlePage

    call_command("makemigrations", "wagtail_site", verbosity=0)
    call_command("migrate", verbosity=0)
    index = ArticleIndexPage(title="Articles", slug="articles")
    Page.get_first_root_node().add_child(instance=index)
    Site.objects.update(root_page=index)
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        fill(index, file)
    call_command("update_index", verbosity=0)
    first = ArticlePage.objects.order_by("-published_on", "-pk").first()
    print(json.dumps({"detail": first.url}))
    return 0


def fill(index, lines):
    """Write a page below *index* for each of *lines*, with its authors and tags."""
    from django.db import transaction
    from django.db.models import F
    from taggit.models import Tag
    from wagtail.models import Page

    from benchmarks.peers.wagtail_site.models import ArticlePage, ArticleTag, Author

    authors, tags = Named(Author), Named(Tag)
    numbers = count(1)
    while items := [json.loads(line) for line in islice(lines, CHUNK)]:
        with transaction.atomic():
            pages = [page_of(index, item, next(numbers)) for item in items]
            # The columns of every page, then those that articles have beside them.
            shared = [field.attname for field in Page._meta.concrete_fields if field.name != "id"]
            rows = [Page(**{name: getattr(page, name) for name in shared}) for page in pages]
            Page.objects.bulk_create(rows, batch_size=ROWS)
            for page, row in zip(pages, rows, strict=True):
                page.id = page.page_ptr_id = row.pk
            own = ArticlePage._meta.local_concrete_fields
            for start in range(0, len(pages), ROWS):
                ArticlePage._base_manager._insert(
                    pages[start : start + ROWS], fields=own, using="default"
                )
            credit = ArticlePage.authors.through
            credit.objects.bulk_create(
                credit(articlepage_id=page.pk, author_id=authors[name])
                for page, item in zip(pages, items, strict=True)
                for name in dict.fromkeys(item["authors"])
            )
            ArticleTag.objects.bulk_create(
                ArticleTag(content_object_id=page.pk, tag_id=tags[name])
                for page, item in zip(pages, items, strict=True)
                for name in dict.fromkeys(item["tags"])
            )
            Page.objects.filter(pk=index.pk).update(numchild=F("numchild") + len(pages))


class Named(dict):
    """The ids of rows by their name; a row that is not there yet is made."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def __missing__(self, name):
        from django.utils.text import slugify

        slug = slugify(name, allow_unicode=True)
        made, _is_new = self.model.objects.get_or_create(slug=slug, defaults={"name": name})
        self[name] = made.pk
        return made.pk


def page_of(index, item, number):
    """Return the page of an article, the one at place *number* below *index*, as yet unsaved."""
    from django.utils.text import slugify
    from wagtail.models import Page

    from benchmarks.peers.wagtail_site.models import ArticlePage

    page = ArticlePage(
        title=item["headline"][:255],
        slug=f"{slugify(item['headline'], allow_unicode=True)[:60]}-{number}",
        published_on=f"{item['published_on']}-01"[:10],
        path=Page._get_path(index.path, index.depth + 1, number),
        depth=index.depth + 1,
        locale=index.locale,
        **{name: item.get(name, "") for name in ("kicker", "standfirst", "byline", "body")},
    )
    page.draft_title = page.title
    page.set_url_path(index)
    return page


if __name__ == "__main__":
    sys.exit(main())
