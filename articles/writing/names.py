"""The writers of authors, series and tags, and the resolvers of spellings.

A rename keeps the old address (301) and the old spelling (an alias), and reaches every article's
credit and search document in the same transaction; so does a spelling that comes or goes.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, OperationalError, models, transaction
from django.utils.translation import gettext as _

from articles import portraits
from articles.choices import OperationKind, TagKind
from articles.cleaning import clean_block, clean_line
from articles.folding import casefold_key, fold, slugify
from articles.models import (
    Article,
    Contribution,
    FieldChange,
    Operation,
    Part,
    PastAddress,
    Series,
    SeriesAlias,
    Tag,
    TagAlias,
    TaggedArticle,
)
from articles.partial_dates import parse_partial
from articles.writing import gone_addresses, index, name_pairs, operations
from articles.writing.changes import InvalidChange, StaleVersion, slug_error
from authors.models import Author, AuthorAlias

Named = TypeVar("Named", Author, Series, Tag)

#: Fields that the ledger records, by kind of subject.
FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Author: ("kind", "name", "sort_name", "slug", "bio", "born", "died", "external_ids",
             "portrait"),
    Series: ("kind", "title", "slug", "description"),
    Tag: ("kind", "name", "slug", "description", "external_ids", "author_id"),
}  # fmt: skip
#: The field that names it; the model of its spellings with their link; the first segment of its
#: address; and what the ledger calls it.
TITLE: dict[type[models.Model], str] = {Author: "name", Series: "title", Tag: "name"}
ALIASES: dict[type[models.Model], tuple[type[models.Model], str]] = {
    Author: (AuthorAlias, "author"),
    Series: (SeriesAlias, "series"),
    Tag: (TagAlias, "tag"),
}
PATHS: dict[type[models.Model], str] = {Author: "authors", Series: "series", Tag: "tags"}
SUBJECTS: dict[type[models.Model], str] = {Author: "author", Series: "series", Tag: "tag"}
#: The longest slug that is made of a name, and what a number behind it may add.
SLUG_LENGTH = 100
_NUMBER_LENGTH = 10
#: Of the longest name; its comma is one letter more.
SORT_NAME_LENGTH = 200


def save_named(
    instance: Named,
    *,
    aliases: Sequence[str] | None = None,
    actor: AbstractBaseUser | None,
    reason: str = "",
    expected_version: int | None = None,
    operation: Operation | None = None,
    kind_of_act: OperationKind = OperationKind.EDIT,
) -> Named:
    """Write an author, a series or a tag, new or changed; return it.

    *aliases* are all further spellings that shall lead to it; None leaves them. A save that alters
    nothing writes nothing. Within a larger *operation* the caller moves the content version. Raises
    `InvalidChange` if a name is empty or an address taken, `StaleVersion` if it was saved since.
    """
    kind = type(instance)
    clean_named(instance)
    with transaction.atomic():
        # Not against references: credits that another writer gives wait for nothing here.
        rows = kind._default_manager.select_for_update(no_key=True)
        old = rows.filter(pk=instance.pk).first()
        if expected_version is not None and (old is None or old.version != expected_version):
            raise StaleVersion(_("Someone else has saved this since it was opened."))
        before = {name: getattr(old, name) for name in FIELDS[kind]} if old else {}
        before_aliases = aliases_of(old) if old else []
        if not instance.slug:
            instance.slug = free_name_slug(kind, getattr(instance, TITLE[kind]), instance.pk)
        changed = [
            name
            for name in FIELDS[kind]
            if (value := getattr(instance, name)) != before.get(name) and (value or before)
        ]
        instance.version = old.version if old else 1
        spellings = _spellings(instance, old, aliases, is_import=operation is not None)
        # Aliases stand in the search documents.
        touched: list[int] = []
        if old is not None and (
            {TITLE[kind], "slug"} & set(changed)
            or (aliases is not None and spellings.keys() != _spelled(old).keys())
        ):
            touched = lock_articles_of(instance)
        if changed or old is None:
            _store(instance, old)
        _keep_spellings(instance, spellings, are_all=aliases is not None)
        changes = [
            operations.Change(
                SUBJECTS[kind], instance.pk, name, before.get(name), getattr(instance, name)
            )
            for name in changed
        ]
        now_aliases = aliases_of(instance)
        if now_aliases != before_aliases:
            changes.append(
                operations.Change(
                    SUBJECTS[kind], instance.pk, "aliases", before_aliases, now_aliases
                )
            )
        if not changes:
            return instance
        if old is not None:
            instance.version = old.version + 1
            kind._default_manager.filter(pk=old.pk).update(version=instance.version)
        operations.record(
            operation or operations.begin(kind_of_act, actor=actor, reason=reason), changes
        )
        if old is not None and (TITLE[kind] in changed or now_aliases != before_aliases):
            index.refresh(touched)
        elif operation is None and is_shown(instance):
            index.touch()
    return instance


def is_shown(instance: Named) -> bool:
    """Return whether readers see the name: it stands on a public article."""
    links: dict[Any, Any] = {Author: Contribution, Series: Part, Tag: TaggedArticle}
    public = links[type(instance)].objects.filter(is_public=True)
    return bool(public.filter(**{SUBJECTS[type(instance)]: instance.pk}).exists())


def _store(instance: Named, old: models.Model | None) -> None:
    """Save the row; keep its old address, and free the new one."""
    try:
        with transaction.atomic():
            instance.save()
    except IntegrityError as error:
        raise InvalidChange({"slug": _("This name or this address is taken.")}) from error
    old_slug: str = getattr(old, "slug", "") or instance.slug
    if old_slug != instance.slug:
        _keep_address(instance, old_slug)
    PastAddress.objects.filter(path=f"{PATHS[type(instance)]}/{instance.slug}/").delete()


def clean_named(instance: models.Model) -> None:
    """Clean the fields of *instance*; raise `InvalidChange` for what may not be written."""
    errors: dict[str, str] = {}
    title = TITLE[type(instance)]
    for name in FIELDS[type(instance)]:
        value = getattr(instance, name)
        limit = _limit(type(instance), name)
        if name == "portrait":
            errors |= portraits.clean_on(instance)
        elif name in {"bio", "description"}:
            setattr(instance, name, clean_block(value))
        elif isinstance(value, str):
            cleaned = clean_line(value)
            if limit is not None and len(cleaned) > limit:
                errors[name] = _("is too long")
            setattr(instance, name, cleaned)
        if name in {"born", "died"} and value:
            try:
                parse_partial(clean_line(value))
            except ValueError:
                errors[name] = _("is not a date as YYYY, YYYY-MM or YYYY-MM-DD")
    if isinstance(instance, Tag) and instance.kind != TagKind.PERSON:
        instance.author = None  # only a person is somebody who wrote, too
    if not getattr(instance, title):
        errors[title] = _("may not be empty")
    if error := slug_error(getattr(instance, "slug", "")):
        errors["slug"] = error
    if errors:
        raise InvalidChange(errors)


def free_name_slug(
    kind: type[models.Model],
    name: str,
    own_id: int | None = None,
    also_taken: Collection[str] = (),
) -> str:
    """Return a slug for *name* that no other row of *kind* has, nor had: its address leads there.

    None of *also_taken* either. With its number it has at most as many characters as fit.
    """
    limit = _limit(kind, "slug") or SLUG_LENGTH
    slug = slugify(name, SUBJECTS[kind], SLUG_LENGTH)
    stem = slug[: limit - _NUMBER_LENGTH]
    others = kind._default_manager.filter(slug__startswith=stem).exclude(pk=own_id)
    taken = {*others.values_list("slug", flat=True), *also_taken}
    past = PastAddress.objects.filter(path__startswith=f"{PATHS[kind]}/{stem}")
    for path, owner in past.values_list("path", f"{SUBJECTS[kind]}_id"):
        if owner != own_id:
            taken.add(path.split("/")[1])
    attempt, number = slug, 1
    while attempt in taken:
        number += 1
        tail = f"-{number}"
        attempt = slug[: limit - len(tail)].rstrip("-") + tail
    return attempt


def _limit(kind: type[models.Model], name: str) -> int | None:
    """Return how many characters fit into a column."""
    limit: int | None = getattr(kind._meta.get_field(name), "max_length", None)
    return limit


def aliases_of(instance: Author | Series | Tag) -> list[str]:
    """Return the spellings that lead to *instance* beside its own name, sorted."""
    kind = type(instance)
    own = alias_key(kind, getattr(instance, TITLE[kind]))
    rows = instance.aliases.values_list("key", "name")
    return sorted(name for key, name in rows if key != own)


def alias_key(kind: type[models.Model], name: str) -> str:
    """Return the key under which a spelling of an author, series or tag is looked up."""
    limit = {Author: 250, Series: 350, Tag: 150}[kind]
    return (fold(name) or casefold_key(name))[:limit]


def _spelled(instance: models.Model) -> dict[str, str]:
    """Return the spellings stored for *instance*, by key."""
    model, link = ALIASES[type(instance)]
    rows = model._default_manager.filter(**{f"{link}_id": instance.pk})
    return dict(rows.values_list("key", "name"))


def _spellings(
    instance: Named, old: models.Model | None, aliases: Sequence[str] | None, *, is_import: bool
) -> dict[str, str]:
    """Return by key what shall lead to *instance*: its name, *aliases*, and the name before.

    An import's aliases are those of a file, which knows nothing of names that were changed here:
    former names stay. An editor may take one off.
    """
    kind = type(instance)
    limit = _limit(ALIASES[kind][0], "name")
    spellings = [getattr(instance, TITLE[kind])]
    if aliases is not None:
        spellings += [cleaned for name in aliases if (cleaned := clean_line(name, limit))]
    if old is not None:
        spellings.append(getattr(old, TITLE[kind]))
    if old is not None and aliases is not None and is_import:
        spellings += _former_names(instance)
    wanted: dict[str, str] = {}
    for name in spellings:
        wanted.setdefault(alias_key(kind, name), name)
    wanted.pop("", None)
    return wanted


def _keep_spellings(instance: Named, wanted: dict[str, str], *, are_all: bool) -> None:
    model, link = ALIASES[type(instance)]
    present = _spelled(instance)
    if are_all:
        model._default_manager.filter(**{link: instance}).exclude(key__in=wanted).delete()
    model._default_manager.bulk_create(
        [
            model(**{link: instance, "name": name, "key": key})
            for key, name in wanted.items()
            if key not in present
        ]
    )


def _former_names(instance: models.Model) -> list[str]:
    """Return the names that *instance* had and still is found by, as the ledger knows them."""
    kind = type(instance)
    changes = FieldChange.objects.filter(
        subject_type=SUBJECTS[kind], subject_id=instance.pk, field=TITLE[kind]
    )
    names = [name for name in changes.values_list("old", flat=True) if name]
    kept = _spelled(instance)
    return [name for name in names if alias_key(kind, name) in kept]


def _keep_address(instance: Named, old_slug: str) -> None:
    path = f"{PATHS[type(instance)]}/{old_slug}/"
    if is_shown(instance):
        gone_addresses.note([path])
    PastAddress.objects.filter(path=path).delete()
    PastAddress.objects.create(path=path, **{SUBJECTS[type(instance)]: instance})


def articles_of(instance: models.Model) -> list[int]:
    """Return the ids of all articles that an author, a series or a tag stands on."""
    rows: models.QuerySet[Any]
    if isinstance(instance, Author):
        rows = Contribution.objects.filter(author=instance).values_list("article_id", flat=True)
    elif isinstance(instance, Series):
        rows = Part.objects.filter(series=instance).values_list("article_id", flat=True)
    else:
        rows = TaggedArticle.objects.filter(tag=instance).values_list(
            "content_object_id", flat=True
        )
    return sorted(set(rows))


def lock_articles_of(*instances: models.Model) -> list[int]:
    """Lock what a rename or a merge will reach, in the order of every writer; return the ids of
    the articles.

    Articles come first, then the content version, and the row itself last: a name or slug that is
    unique is what references look at, so its change would wait for writers that wait for us. Once
    the version is locked nobody else can give credits, so the second look sees all of them; what
    it adds is not waited for. Raises `StaleVersion` if somebody is saving one of those.
    """
    first = {pk for instance in instances for pk in articles_of(instance)}
    _lock_articles(first)
    index.lock_content_version()
    ids = {pk for instance in instances for pk in articles_of(instance)}
    try:
        with transaction.atomic():
            _lock_articles(ids - first, nowait=True)
    except OperationalError as error:
        raise StaleVersion(_("Its articles are being saved just now. Try again.")) from error
    return sorted(ids)


def _lock_articles(ids: Iterable[int], *, nowait: bool = False) -> None:
    for chunk in index.batches(sorted(ids)):
        rows = Article.objects.select_for_update(no_key=True, nowait=nowait).filter(pk__in=chunk)
        list(rows.order_by("pk").values_list("pk"))


class InUse(Exception):
    """An author or a series that articles stand on cannot be deleted."""


def delete_named(instance: Named, *, actor: AbstractBaseUser | None, reason: str = "") -> None:
    """Delete an author, a series or a tag that stands on no article.

    Raises `InUse` otherwise: it is merged or taken off its articles first.
    """
    with transaction.atomic():
        # Row and version are locked in the order of `save_named`.
        kind, pk = type(instance), instance.pk
        kind._default_manager.select_for_update(no_key=True).filter(pk=pk).first()
        index.lock_content_version()
        if articles_of(instance):
            raise InUse(str(instance))
        operation = operations.begin(OperationKind.EDIT, actor=actor, reason=reason)
        was = [
            operations.Change(SUBJECTS[kind], pk, name, value, None)
            for name in FIELDS[kind]
            if (value := getattr(instance, name))
        ]
        operations.record(operation, was)
        instance.delete()
        name_pairs.end_pairs(kind, [pk], operation)


def find_spelled(kind: type[Named], names: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of the rows that each spelling leads to: none, one or several."""
    model, link = ALIASES[kind]
    by_key: dict[str, list[int]] = {}
    spellings = {name: alias_key(kind, name) for name in names}
    wanted = sorted(set(spellings.values()))
    for chunk in index.batches(wanted):
        rows = model._default_manager.filter(key__in=chunk).order_by(f"{link}_id")
        for key, pk in rows.values_list("key", f"{link}_id"):
            by_key.setdefault(key, []).append(pk)
    return {name: by_key.get(key, []) for name, key in spellings.items()}


def resolve_tags(
    names: Iterable[str], *, actor: AbstractBaseUser | None = None, operation: Operation | None
) -> list[Tag]:
    """Return the tags that *names* lead to, by name or by alias, creating what is missing.

    Every way to tag an article goes through here: taggit's own look-up would make two tags of
    "Île" and "île" on SQLite. The first of several tags that share an alias is taken only if its
    own name is the one asked for; else a new tag is made.
    """
    found: list[Tag] = []
    for name in dict.fromkeys(clean_line(name, 100) for name in names):
        if not name:
            continue
        tag = Tag.objects.filter(key=casefold_key(name)[:150]).first()
        if tag is None:
            ids = find_spelled(Tag, [name])[name]
            tag = Tag.objects.get(pk=ids[0]) if len(ids) == 1 else None
        if tag is None:
            tag = save_named(Tag(name=name, kind=TagKind.TOPIC), actor=actor, operation=operation)
        if tag not in found:
            found.append(tag)
    return found
