"""An archive that holds invented words wherever a text can be, and a look at all that it keeps."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from articles import clock
from articles.choices import UploadState
from articles.importing.uploads.plan import pack
from articles.models import (
    Article,
    FailedSearch,
    Finding,
    HomePage,
    Pin,
    SavedView,
    Sheet,
    SheetRow,
    SiteLink,
    SitePage,
    Upload,
)
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange
from articles.writing.names import save_named
from tests.factories import make_article, make_author, make_series, make_tag
from tests.importing.listings import import_json, listing_text

#: An invented person, and a text of several sentences.
NAME = "Zephirine Quallenhorst"
TRACES = ("zephirine", "quallenhorst")


def dump() -> dict[str, str]:
    """Return every row of every table, those of the search index included, as text by table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [name for (name,) in cursor.fetchall()]
        else:
            names = connection.introspection.table_names(cursor)
        found = {}
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            found[name] = "\n".join(
                " ".join(
                    bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview)
                    else json.dumps(value, ensure_ascii=False, default=str)
                    for value in row
                )
                for row in cursor.fetchall()
            )  # fmt: skip
    return found


def traces(*words: str) -> list[str]:
    """Return where any of *words* stands: tables, and files of the archive."""
    found = [
        f"{table}: {word}"
        for table, text in dump().items()
        for word in words
        if word in text.lower()
    ]
    for path in sorted(Path(settings.VAR_DIR).rglob("*")):
        if path.is_file() and not path.name.startswith("test.sqlite3"):
            content = path.read_bytes().lower()
            found += [path.name for word in words if word.encode() in content or word in path.name]
    return found


def plant_name(folder: Path) -> Article:
    """Put `NAME` wherever a text can be; return an article that is about somebody else."""
    listing = folder / "page.txt"
    listing.write_text(
        listing_text(
            ("Fog over Ostrany", f"By {NAME} and Ana Brandt, 5 May 2021", f"{NAME} saw the fog."),
            (f"A walk with {NAME}", "By Ana Brandt, 4 May 2021", "They walked along the quay."),
            ("The tide table", f"By {NAME}, 3 May 2021", "Nobody had read it before."),
            ("What the bell says", "By Ana Brandt, 2 May 2021", "It says nothing, every hour."),
            topic=f"Friends of {NAME}",
        ),
        encoding="utf-8",
    )
    import_json(listing, "--tag", NAME)
    user = User.objects.create_user("editor", is_staff=True)
    author = make_author("Z. Q.", bio=f"Also wrote as {NAME.upper()}.", aliases=[NAME])
    save_named(author, aliases=[NAME, "Quallenhorst, Zephirine"], actor=user)
    renamed = make_author(f"{NAME} the Younger")
    renamed.name = "Somebody Else"
    renamed.slug = "somebody-else"
    save_named(renamed, aliases=None, actor=user)
    series = make_series(f"Letters to {NAME}", description=f"<p>To {NAME}.</p>")
    tag = make_tag(f"{NAME} (person)", description=f"About {NAME}")
    article = make_article(
        f"Remembering {NAME}",
        body=(
            f'<p>So said <em>Zephirine</em> <strong>Quallen</strong>horst, and <a href="https://'
            f'example.org/zephirine-quallenhorst" title="{NAME}">others</a>; Zephirine&nbsp;'
            "Quallen\u00adhorst too.</p>"
        ),
        standfirst="ZEPHIRINE\nQUALLENHORST, again",
        kicker=f"On {NAME}", subtitle=NAME, byline=f"By {NAME}", part_label=f"Part 1: {NAME}",
        publication=f"{NAME} Quarterly", source_url="https://example.org/Zephirine_Quallenhorst",
        authors=[author, renamed], series=[(series, 1)], tags=[tag], actor=user,
    )  # fmt: skip
    save_article(
        ArticleChange(article=article, fields={"headline": f"{NAME}, remembered"}),
        actor=user,
        reason=f"{NAME} asked",
    )
    set_status([make_article(f"Against {NAME}").pk], "withdrawn", actor=user, reason=f"So {NAME}.")
    plan = {"digest": "d", "entries": [
        {"change": "CREATE", "diagnostics": [], "values": {"byline": NAME}}
    ]}  # fmt: skip
    Upload.objects.create(
        actor=user, file_name="other.txt", content=listing.read_bytes(), options={"source": NAME},
        state=UploadState.PLANNED, plan=pack(plan, {}, 1), message=f"Read {NAME}",
    )  # fmt: skip
    Upload.objects.create(
        actor=user, file_name=f"{NAME}.txt", content=NAME.encode("utf-16"),
        state=UploadState.FAILED,
    )  # fmt: skip
    sheet = Sheet.objects.create(actor=user, file_name=f"{NAME}.xlsx", remarks=[NAME])
    SheetRow.objects.create(
        sheet=sheet, line=2, outcome="UPDATE", article=article, values={"kicker": NAME},
        message=NAME,
    )  # fmt: skip
    SavedView.objects.create(owner=user, name="Mine", query="q=Zephirine+Quallenhorst")
    FailedSearch.objects.create(month="2021-05-01", text=NAME.lower(), count=2)
    Finding.objects.create(
        code="similar-headline", message=f"Is it {NAME}?", article=article, fingerprint="f" * 64,
        evidence={"text": NAME, "lines": [1, 2], NAME: 1}, suggestion={"fields": {"byline": NAME}},
    )  # fmt: skip
    SitePage.objects.create(
        title=f"About {NAME}", slug="about-zephirine-quallenhorst", body=f"<p>{NAME}</p>",
        former_slugs=["zephirine-quallenhorst"],
    )  # fmt: skip
    SiteLink.objects.create(label=NAME[:80], address="/authors/zephirine-quallenhorst/")
    home = HomePage.objects.create(id=1, introduction=f"By {NAME}", lead=article)
    Pin.objects.create(home=home, article=article)
    LogEntry.objects.create(
        user=user, content_type=ContentType.objects.get_for_model(Article), object_id=article.pk,
        object_repr=str(article), action_flag=2, change_message=f"Changed {NAME}",
        action_time=clock.now(),
    )  # fmt: skip
    session = SessionStore()
    session["note"] = f"{NAME} was here"
    session.save()
    (Path(settings.VAR_DIR) / "plan.json").write_text(json.dumps({"byline": NAME}))
    (Path(settings.VAR_DIR) / "zephirine-quallenhorst.csv").write_text("headline\n")
    return article


def rows_as(model: Any) -> int:
    """Return the number of rows of *model*."""
    return int(model._default_manager.count())


def files_of_sqlite() -> bytes:
    """Return all that the files of an SQLite database hold, freed room included, in small letters.

    What was written so far is brought into the file first, and nothing is overwritten by itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = OFF")
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    path = Path(connection.settings_dict["NAME"])
    parts = (path, path.with_name(f"{path.name}-wal"))
    return b"".join(part.read_bytes() for part in parts if part.exists()).lower()
