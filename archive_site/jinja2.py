"""The template environment of the public pages."""

from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import PrefixNode
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound


class PublicLoader(FileSystemLoader):
    """Templates of the public site; those of the admin are in Django's language."""

    def get_source(self, environment: Environment, template: str) -> Any:
        if template.startswith(("admin/", "registration/")):
            raise TemplateNotFound(template)
        return super().get_source(environment, template)


def url(name: str, *args: object) -> str:
    """Return the address of a view by its name."""
    return reverse(name, args=args)


def static(path: str) -> str:
    """Return the address of a static file; its plain one if the manifest does not know it, since
    a page without its style is better than none."""
    try:
        return staticfiles_storage.url(path)
    except ValueError:
        return PrefixNode.handle_simple("STATIC_URL") + path


def number(value: int) -> str:
    """Return a number in the site's language, its thousands grouped."""
    return number_format(value, use_l10n=True, force_grouping=True)


def articles_count(count: int) -> str:
    """Return "47 articles"."""
    return ngettext("%(count)s article", "%(count)s articles", count) % {"count": number(count)}


def authors_count(count: int) -> str:
    """Return "12 authors"."""
    return ngettext("%(count)s author", "%(count)s authors", count) % {"count": number(count)}


def parts_count(count: int) -> str:
    """Return "4 parts"."""
    return ngettext("%(count)s part", "%(count)s parts", count) % {"count": number(count)}


def environment(**options: Any) -> Environment:
    """Return the environment for Django's Jinja2 back end, with autoescape on."""
    loader = options.pop("loader")
    found = Environment(  # noqa: S701  autoescape is on, below
        **{
            **options,
            "loader": PublicLoader(loader.searchpath),
            "autoescape": True,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n"],
        }
    )
    found.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    found.globals.update(url=url, static=static)
    found.filters.update(
        number=number,
        articles_count=articles_count,
        authors_count=authors_count,
        parts_count=parts_count,
        date=lambda value: date_format(value, "DATE_FORMAT"),
    )
    return found
