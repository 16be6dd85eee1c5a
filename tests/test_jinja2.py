"""What is written out once: kept up to a size, and not at all while templates are worked at."""

from jinja2 import DictLoader, Environment

from archive_site.jinja2 import Once


def test_a_macro_is_written_once_and_nothing_is_kept_while_it_changes() -> None:
    pages = {"m.html": "{% macro shown(n) %}old {{ n }}{% endmacro %}"}

    def answers(most: int) -> list[str]:
        pages["m.html"] = "{% macro shown(n) %}old {{ n }}{% endmacro %}"
        environment = Environment(loader=DictLoader(pages), auto_reload=True)  # noqa: S701
        environment.globals["once"] = Once(environment, most)
        page = environment.from_string("{{ once('m.html', 'shown', 1) }}")
        before = page.render()
        pages["m.html"] = "{% macro shown(n) %}new {{ n }}{% endmacro %}"
        return [before, page.render()]

    assert answers(0) == ["old 1", "new 1"]
    assert answers(10_000) == ["old 1", "old 1"]
