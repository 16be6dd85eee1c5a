"""New authors, series and tags in great numbers: what `names.save_named` writes, in one pass."""

from collections.abc import Iterable, Sequence

from articles.choices import SeriesKind, TagKind
from articles.cleaning import clean_line
from articles.folding import casefold_key, slugify
from articles.models import Operation, PastAddress, Series, Tag
from articles.writing import index, names, operations
from articles.writing.names import Named
from authors.models import Author
from authors.names import sort_name


def create_authors(items: Iterable[tuple[str, str]], operation: Operation) -> dict[str, int]:
    """Create an author for each (name, kind); return their ids by name."""
    made = [
        Author(name=name, kind=kind, sort_name=sort_name(name, kind)[: names.SORT_NAME_LENGTH])
        for name, kind in items
    ]
    wanted = [author.name for author in made]
    create_all(made, operation)
    return {name: author.pk for name, author in zip(wanted, made, strict=True)}


def create_series(
    items: Iterable[tuple[str, str]], operation: Operation
) -> dict[tuple[str, str], int]:
    """Create a series for each (title, kind); return their ids by both."""
    wanted = list(items)
    made = [Series(title=title, kind=SeriesKind(kind)) for title, kind in wanted]
    create_all(made, operation)
    return {item: series.pk for item, series in zip(wanted, made, strict=True)}


def tags_for(spellings: Iterable[str], operation: Operation) -> dict[str, int]:
    """Return the tag that each spelling leads to, as `names.resolve_tags` finds or makes it."""
    cleaned = {name: clean_line(name, 100) for name in spellings}
    keys = {name: casefold_key(name)[:150] for name in cleaned.values() if name}
    by_key: dict[str, int] = {}
    for chunk in index.batches(sorted(set(keys.values()))):
        by_key |= dict(Tag.objects.filter(key__in=chunk).values_list("key", "pk"))
    others = [name for name, key in keys.items() if key not in by_key]
    for name, ids in names.find_spelled(Tag, others).items():
        if len(ids) == 1:
            by_key.setdefault(keys[name], ids[0])
    missing: dict[str, str] = {}
    for name in others:
        if keys[name] not in by_key:
            missing.setdefault(keys[name], name)
    made = [Tag(name=name, kind=TagKind.TOPIC) for name in missing.values()]
    create_all(made, operation)
    by_key |= {key: tag.pk for key, tag in zip(missing, made, strict=True)}
    return {name: by_key[keys[short]] for name, short in cleaned.items() if short}


def create_all(instances: Sequence[Named], operation: Operation) -> None:
    """Write new rows of one kind with their spelling and their ledger; they get their ids.

    Within an import's *operation*: the caller moves the content version. Raises `InvalidChange` if
    a name is empty or too long.
    """
    if not instances:
        return
    kind = type(instances[0])
    for instance in instances:
        names.clean_named(instance)
    _give_slugs(kind, instances)
    model, link = names.ALIASES[kind]
    aliases = []
    changes: list[operations.Change] = []
    for instance in instances:
        instance.version = 1
        instance.prepare()
    kind._default_manager.bulk_create(instances, batch_size=index.BATCH)
    for instance in instances:
        title = getattr(instance, names.TITLE[kind])
        if key := names.alias_key(kind, title):
            aliases.append(model(**{link: instance, "name": title, "key": key}))
        changes += [
            operations.Change(names.SUBJECTS[kind], instance.pk, name, None, value)
            for name in names.FIELDS[kind]
            if (value := getattr(instance, name))
        ]
    model._default_manager.bulk_create(aliases, batch_size=index.BATCH)
    operations.record(operation, changes)


def _give_slugs(kind: type[Named], instances: Sequence[Named]) -> None:
    """Give each of *instances* a slug that no row has or had; most names are free as they are."""
    subject, title = names.SUBJECTS[kind], names.TITLE[kind]
    wanted = [slugify(getattr(one, title), subject, names.SLUG_LENGTH) for one in instances]
    taken: set[str] = set()
    for chunk in index.batches(sorted(set(wanted))):
        taken |= set(kind._default_manager.filter(slug__in=chunk).values_list("slug", flat=True))
        paths = {f"{names.PATHS[kind]}/{slug}/": slug for slug in chunk}
        past = PastAddress.objects.filter(path__in=paths)
        taken |= {paths[path] for path in past.values_list("path", flat=True)}
    for instance, slug in zip(instances, wanted, strict=True):
        if slug in taken:
            slug = names.free_name_slug(kind, getattr(instance, title), also_taken=taken)
        instance.slug = slug
        taken.add(slug)
