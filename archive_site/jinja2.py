"""The template environment of the public pages."""

from functools import cache, lru_cache
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import PrefixNode
from django.urls import get_script_prefix, reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    pass_context,
)
from jinja2.runtime import Context
from markupsafe import Markup

from archive_site import site_folder
from articles.active import language_name

#: Before the name of a template: ours, whatever the site has under that name. A template of the
#: site's own extends the one that it stands for in this way.
OURS = "backfile/"
#: Bytes of what `Once` wrote that a process keeps.
MOST_WRITTEN = 6_000_000


class PublicLoader(FileSystemLoader):
    """Templates of the public site; those of the admin are in Django's language."""

    def get_source(self, environment: Environment, template: str) -> Any:
        name = template.removeprefix(OURS)
        if name.startswith(("admin/", "registration/")):
            raise TemplateNotFound(template)
        if name != template:
            return FileSystemLoader(self.searchpath[-1]).get_source(environment, name)
        return super().get_source(environment, template)


def url(name: str, *args: object) -> str:
    """Return the address of a view by its name."""
    return reverse(name, args=args) if args else _fixed_url(name, get_script_prefix())


@cache
def _fixed_url(name: str, prefix: str) -> str:
    return reverse(name)


def static(path: str) -> str:
    """Return the address of a static file; its plain one if the manifest does not know it, since
    a page without its style is better than none."""
    try:
        return staticfiles_storage.url(path)
    except ValueError:
        return PrefixNode.handle_simple("STATIC_URL") + path


def own(name: str) -> str:
    """Return the address of a static file of the site's own, or ``""`` if it has none."""
    path = site_folder.own(name)
    return static(path) if path else ""


@lru_cache(maxsize=4096)
def _number(value: int, language: str | None) -> str:
    """Return a number in the *language* in force: facets write hundreds of them on a page."""
    return number_format(value, use_l10n=True, force_grouping=True)


@lru_cache(maxsize=4096)
def _articles_count(count: int, language: str | None) -> str:
    words = ngettext("%(count)s article", "%(count)s articles", count)
    return words % {"count": _number(count, language)}


def number(value: int) -> str:
    """Return a number in the language in force, its thousands grouped."""
    return _number(value, get_language())


def articles_count(count: int) -> str:
    """Return "47 articles"."""
    return _articles_count(count, get_language())


def _language(context: Context) -> str | None:
    """Return the language of the page, which every page knows; asking Django takes longer."""
    return context.get("language") or get_language()


@pass_context
def _number_here(context: Context, value: int) -> str:
    """Return a number in the language of the page."""
    return _number(value, _language(context))


@pass_context
def _articles_count_here(context: Context, count: int) -> str:
    return _articles_count(count, _language(context))


def authors_count(count: int) -> str:
    """Return "12 authors"."""
    shown = _number(count, get_language())
    return ngettext("%(count)s author", "%(count)s authors", count) % {"count": shown}


def parts_count(count: int) -> str:
    """Return "4 parts"."""
    shown = _number(count, get_language())
    return ngettext("%(count)s part", "%(count)s parts", count) % {"count": shown}


@pass_context
def translated(context: Context, message: str) -> str:
    """Return *message* in the language of the page."""
    return _translated(message, _language(context))


@lru_cache(maxsize=4096)
def _translated(message: str, language: str | None) -> str:
    """Return *message* in the *language* in force: catalogues are asked in a row, each time."""
    return gettext(message)


class Once:
    """Writes a macro out once for each set of its arguments: ``once("_x.html", "macro", …)``.

    For what stands on many pages and takes long: an article in a list, a month of a calendar. The
    macro is imported without context, so that it can show nothing but its arguments, and these say
    what they are: they are values that never change. Some *most* bytes are kept; none, if it is 0.
    """

    def __init__(self, environment: Environment, most: int) -> None:
        self._environment = environment
        self._most = most
        self._size = 0
        self._written: dict[Any, Markup] = {}

    @pass_context
    def __call__(self, context: Context, template: str, macro: str, *arguments: Any) -> Markup:
        """Return what the *macro* of *template* says of *arguments* in the page's language."""
        key = (_language(context), template, macro, arguments)
        found = self._written.get(key)
        if found is None:
            module = self._environment.get_template(template).module
            found = getattr(module, macro)(*arguments)
            size = 2 * len(found) + 500
            if self._size + size > self._most:
                self._written, self._size = {}, 0
            if size <= self._most:
                self._size += size
                self._written[key] = found
        return found


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
    found.install_gettext_callables(translated, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    # While templates are being worked at, nothing is kept of them.
    found.globals.update(once=Once(found, 0 if found.auto_reload else MOST_WRITTEN))
    found.globals.update(
        url=url, static=static, own=own, logo=site_folder.logo, icon=site_folder.icon
    )
    found.filters.update(
        number=_number_here,
        articles_count=_articles_count_here,
        authors_count=authors_count,
        parts_count=parts_count,
        date=lambda value: date_format(value, "DATE_FORMAT"),
        language_name=language_name,
    )
    return found
