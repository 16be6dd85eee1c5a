"""The writers of authors, series and tags: renames reach everything, old addresses lead on."""

from typing import Any

import pytest

from articles.models import (
    FieldChange,
    Operation,
    PastAddress,
    SearchDocument,
    Series,
    Tag,
)
from articles.writing import checking, operations
from articles.writing.changes import InvalidChange, StaleVersion
from articles.writing.names import (
    InUse,
    aliases_of,
    delete_named,
    find_spelled,
    resolve_tags,
    save_named,
)
from articles.writing.new_names import create_authors
from authors.models import Author
from authors.names import sort_name
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db


def test_a_rename_reaches_credit_and_search_and_keeps_spelling_and_address() -> None:
    author = make_author("Ana Brand")
    article = make_article(authors=[author])
    author.name, author.slug = "Ana Brandt", "ana-brandt"
    save_named(author, actor=None)
    article.refresh_from_db()
    assert article.credit == "Ana Brandt"
    assert "brandt" in SearchDocument.objects.get().names
    assert aliases_of(author) == ["Ana Brand"]
    assert PastAddress.objects.get().path == "authors/ana-brand/"
    assert not list(checking.check())


@pytest.mark.parametrize(("make", "field"), [(make_series, "title"), (make_tag, "name")])
def test_series_and_tags_keep_their_old_addresses_too(make: Any, field: str) -> None:
    row = make("Old")
    setattr(row, field, "New")
    row.slug = "new"
    save_named(row, actor=None)
    past = PastAddress.objects.get()
    assert past.target == row
    assert past.path.endswith("/old/")


def test_an_address_that_is_taken_again_leads_to_its_new_owner() -> None:
    author = make_author("One", slug="one")
    author.slug = "uno"
    save_named(author, actor=None)
    make_author("Another", slug="one")
    assert not PastAddress.objects.exists()


def test_the_ledger_has_what_was_entered_and_what_changed() -> None:
    author = make_author("Ana Brandt", bio="First.")
    author.bio = "Second."
    save_named(author, aliases=["A. Brandt"], actor=None)
    rows = FieldChange.objects.filter(subject_type="author", subject_id=author.pk)
    assert list(rows.filter(field="bio").order_by("id").values_list("old", "new")) == [
        (None, "First."),
        ("First.", "Second."),
    ]
    assert rows.get(field="aliases").new == ["A. Brandt"]


def test_a_save_without_a_change_writes_nothing() -> None:
    author = make_author("Ana Brandt", aliases=["A. B."])
    before = (FieldChange.objects.count(), Operation.objects.count(), author.version)
    save_named(author, aliases=["A. B."], actor=None)
    assert (FieldChange.objects.count(), Operation.objects.count(), author.version) == before
    save_named(author, aliases=["A. B.", "Ana B."], actor=None)
    assert Author.objects.get().version == before[2] + 1


def test_two_people_may_share_a_name_and_the_spelling_leads_to_both() -> None:
    one, two = make_author("Ana Brandt"), make_author("Ana Brandt")
    assert (one.slug, two.slug) == ("ana-brandt", "ana-brandt-2")
    assert find_spelled(Author, ["ANA BRANDT"]) == {"ANA BRANDT": [one.pk, two.pk]}


def test_spellings_are_folded() -> None:
    author = make_author("Władysław Gomułka")
    assert find_spelled(Author, ["Wladyslaw  gomulka"])["Wladyslaw  gomulka"] == [author.pk]


@pytest.mark.parametrize("name", ["C++", "C#", "C", "Россия", "日本語", "---", "É", "Île"])
def test_every_tag_has_an_address_of_its_own(name: str) -> None:
    others = (
        {tag.slug for tag in (make_tag(other) for other in ("C ", "Else"))}
        if name != "C"
        else set()
    )
    tag = make_tag(name)
    assert tag.slug
    assert tag.slug not in others


def test_tags_that_differ_in_case_are_one_tag_on_both_databases() -> None:
    operation = operations.begin("edit")  # type: ignore[arg-type]
    found = resolve_tags(["Île", "île", "ÎLE", " Île "], operation=operation)
    assert len(found) == 1
    assert Tag.objects.count() == 1
    assert resolve_tags(["île"], operation=operation) == found


def test_a_tag_is_found_by_its_alias() -> None:
    tag = make_tag("Soviet Union", aliases=["USSR"])
    assert resolve_tags(["ussr"], operation=operations.begin("edit")) == [tag]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "limit"), [(make_author, 120), (make_series, 120), (make_tag, 100)]
)
def test_a_slug_fits_with_its_number(make: Any, limit: int) -> None:
    slugs = [make("x" * 99 + mark).slug for mark in ("é", "e", "è")]
    assert len(set(slugs)) == 3
    assert max(len(slug) for slug in slugs) <= limit
    slugs = [make("word " * 19 + "worp" + mark).slug for mark in ("é", "e", "è")]
    assert len(set(slugs)) == 3
    assert max(len(slug) for slug in slugs) <= limit


@pytest.mark.parametrize(
    ("make", "field", "limit"),
    [(make_author, "name", 200), (make_series, "title", 300), (make_tag, "name", 100)],
)
def test_a_spelling_may_be_as_long_as_a_name(make: Any, field: str, limit: int) -> None:
    long = "y" * limit
    row = make("Short", aliases=[long, "z" * (limit + 50)])
    assert aliases_of(row) == [long, "z" * limit]
    row = make("x" * limit)
    setattr(row, field, "Shorter")
    save_named(row, actor=None)
    assert aliases_of(row) == ["x" * limit]
    save_named(row, aliases=aliases_of(row), actor=None)
    assert aliases_of(row) == ["x" * limit]


def test_an_import_takes_no_former_name_away_but_an_editor_may() -> None:
    series = make_series("Old Title", aliases=["Other"])
    operation = operations.begin("import")  # type: ignore[arg-type]
    series.title = "New Title"
    save_named(series, aliases=["Other"], actor=None, operation=operation)
    assert aliases_of(series) == ["Old Title", "Other"]
    save_named(series, aliases=[], actor=None, operation=operation)
    assert aliases_of(series) == ["Old Title"]
    save_named(series, aliases=[], actor=None)
    assert aliases_of(series) == []
    save_named(series, aliases=[], actor=None, operation=operation)
    assert aliases_of(series) == []


@pytest.mark.parametrize(
    "values",
    [
        {"name": " "}, {"name": "x" * 201}, {"born": "once"}, {"slug": "a/b"},
        {"slug": "x" * 121},
    ],
)  # fmt: skip
def test_what_may_not_be_written_names_its_field(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidChange) as caught:
        make_author(**{"name": "Ana", **values})
    assert set(values) <= set(caught.value.errors)
    assert not Author.objects.exists()


def test_a_taken_address_is_refused() -> None:
    make_series("One", slug="one")
    with pytest.raises(InvalidChange):
        make_series("Two", slug="one")
    assert Series.objects.count() == 1


def test_who_saves_over_someone_elses_save_is_refused() -> None:
    author = make_author("Ana")
    opened = author.version
    author.bio = "x"
    save_named(author, actor=None)
    with pytest.raises(StaleVersion):
        save_named(author, actor=None, expected_version=opened)


def test_who_stands_on_an_article_cannot_be_deleted() -> None:
    author = make_author("Ana")
    make_article(authors=[author])
    with pytest.raises(InUse):
        delete_named(author, actor=None)
    alone = make_author("Alone")
    delete_named(alone, actor=None)
    assert list(Author.objects.all()) == [author]


@pytest.mark.parametrize(
    ("name", "filed"),
    [
        ("Clara Weiss", "Weiss, Clara"),
        ("Bill Van Auken", "Van Auken, Bill"),
        ("Ludwig van der Holm", "van der Holm, Ludwig"),
        ("Plato", "Plato"),
        ("Jon Weir Jr.", "Weir, Jon, Jr."),
    ],
)
def test_names_are_filed_as_an_index_does(name: str, filed: str) -> None:
    assert sort_name(name) == filed


def test_the_longest_name_is_filed_too() -> None:
    name = "Ann L" + "e" * 195
    pk = create_authors([(name, "person")], operations.begin("import"))[name]  # type: ignore[arg-type]
    author = Author.objects.get(pk=pk)
    assert len(author.sort_name) == 200


def test_collectives_are_not_turned_into_persons() -> None:
    assert sort_name("our correspondents", "collective") == "our correspondents"
    assert sort_name("The Harbour Commission", "organisation") == "Harbour Commission"
