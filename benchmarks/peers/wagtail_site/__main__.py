"""Fill the site: ``python -m benchmarks.peers.wagtail_site FILE``, a line of JSON an article."""

import json
import os
import sys
from itertools import islice
from pathlib import Path


def main() -> int:
    """Make tables and pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.wagtail_site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from django.utils.text import slugify
    from wagtail.models import Page, Site

    from benchmarks.peers.wagtail_site.models import ArticleIndexPage, ArticlePage, Author

    call_command("makemigrations", "wagtail_site", verbosity=0)
    call_command("migrate", verbosity=0)
    index = ArticleIndexPage(title="Articles", slug="articles")
    Page.get_first_root_node().add_child(instance=index)
    Site.objects.update(root_page=index)
    authors: dict[str, Author] = {}
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        number = 0
        while lines := list(islice(file, 500)):
            with transaction.atomic():
                for line in lines:
                    item = json.loads(line)
                    number += 1
                    page = ArticlePage(
                        title=item["headline"][:255],
                        slug=f"{slugify(item['headline'], allow_unicode=True)[:60]}-{number}",
                        published_on=f"{item['published_on']}-01"[:10],
                        **{
                            name: item.get(name, "")
                            for name in ("kicker", "standfirst", "byline", "body")
                        },
                    )
                    for name in item["authors"]:
                        if name not in authors:
                            authors[name], _made = Author.objects.get_or_create(
                                slug=slugify(name, allow_unicode=True), defaults={"name": name}
                            )
                    page.authors = [authors[name] for name in item["authors"]]
                    page.tags.add(*item["tags"])
                    index.add_child(instance=page)
    first = ArticlePage.objects.order_by("-published_on", "-pk").first()
    print(json.dumps({"detail": first.url}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
