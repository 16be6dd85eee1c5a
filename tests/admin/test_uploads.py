"""The pages on which a listing is given, looked at, confirmed and watched."""

import json
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from articles import clock
from articles.admin import uploads as pages
from articles.admin.uploads_form import BESIDE
from articles.choices import UploadState
from articles.importing import files
from articles.importing.plan import make_plan
from articles.importing.reading import read_listing
from articles.importing.records import Options
from articles.importing.report import VERSION, plan_json
from articles.importing.snapshot import Snapshot
from articles.importing.uploads import acts as uploads
from articles.importing.uploads import files as uploads_files
from articles.importing.uploads.plan import StoredPlan, pack
from articles.models import ImportRun, Upload
from tests.conftest import ROOT
from tests.importing import listings
from tests.importing.listings import listing_text, run

SignedIn = Callable[..., Client]

LIST = "/admin/articles/upload/"
ADD = f"{LIST}add/"
TEXT = listing_text(*listings.FIRST)


def url(upload: Upload, part: str = "change/") -> str:
    return f"{LIST}{upload.pk}/{part}"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let no process be started; return the uploads for which one would have been."""
    found: list[int] = []

    def launch(pk: int, lock: int) -> None:
        found.append(pk)
        uploads_files.drop(pk, os.dup(lock))  # as if it had been and gone

    monkeypatch.setattr(uploads, "_launch", launch)
    return found


def give(client: Client, **fields: Any) -> Any:
    return client.post(ADD, {"status": "published", **fields})


def file_of(content: bytes | str, name: str = "tides.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def planned(actor: User, text: str = TEXT, **fields: Any) -> Upload:
    """Make an upload with its plan, as the process leaves it."""
    with uploads_files.content_file(1, text.encode(), "tides.txt") as path:
        listing = read_listing(path)
    plan = make_plan(listing, "Tides", Options("published"), Snapshot())
    defaults = {
        "file_name": "tides.txt", "content": text.encode(), "state": UploadState.PLANNED,
        "options": {"status": "published", "source": "", "tags": [], "step": "plan"},
        "plan": pack(plan_json(plan), dict(plan.totals()), VERSION), "started": clock.now(),
    }  # fmt: skip
    return Upload.objects.create(actor=actor, **(defaults | fields))


# Who


@pytest.mark.parametrize("role", ["Contributor", "Editor", "Chief editor", "Auditor", "staff"])
def test_others_than_importers_find_nothing(
    signed_in: SignedIn, account: Callable[..., User], role: str, started: list[int]
) -> None:
    client = signed_in(role)
    upload = planned(account("superuser"))
    assert "Import a listing" not in client.get("/admin/").content.decode()
    for address in (LIST, ADD, url(upload), url(upload, "progress.json"), url(upload, "plan.json")):
        assert client.get(address).status_code == 403, address
    assert give(client, text=TEXT).status_code == 403
    for act in ("confirm", "discard", "again"):
        assert client.post(url(upload), {"act": act}).status_code == 403
    assert Upload.objects.count() == 1
    assert started == []


def test_one_permission_opens_all(signed_in: SignedIn, account: Callable[..., User]) -> None:
    user = account("staff")
    user.user_permissions.add(Permission.objects.get(codename="import_listing"))
    client = signed_in(user=user)
    assert client.get(ADD).status_code == 200
    assert f'href="{ADD}"' in client.get("/admin/").content.decode()
    done = planned(user, state=UploadState.DONE, plan=None)
    # Who may not see runs gets no address that answers 403.
    assert "This listing is imported" in client.get(url(done)).content.decode()


def test_strangers_are_asked_to_sign_in() -> None:
    for address in (LIST, ADD, f"{LIST}1/change/", f"{LIST}1/progress.json", f"{LIST}1/plan.json"):
        response = Client().get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
    assert give(Client(), text=TEXT).status_code == 302
    assert not Upload.objects.exists()


def test_an_upload_is_its_owners(signed_in: SignedIn, account: Callable[..., User]) -> None:
    upload = planned(account("Importer", "owner"))
    other = signed_in("Importer")
    for part in ("change/", "progress.json", "plan.json"):
        assert other.get(url(upload, part)).status_code == 404
    assert other.post(url(upload), {"act": "discard"}).status_code == 404
    assert "tides.txt" not in other.get(LIST).content.decode()
    for part in ("change/", "progress.json", "plan.json"):
        assert signed_in("superuser", User.objects.filter(is_superuser=True).first()).get(
            url(upload, part)
        ).status_code == 200  # fmt: skip
    upload.refresh_from_db()
    assert upload.state == UploadState.PLANNED


@pytest.mark.parametrize("pk", ["0", "999", "9" * 19, "9" * 30, "x", "-1", "1_2F"])
def test_what_is_no_upload_is_not_found(signed_in: SignedIn, pk: str) -> None:
    assert signed_in("Importer").get(f"{LIST}{pk}/change/").status_code == 404


def test_a_form_without_its_token_does_nothing(
    signed_in: SignedIn, account: Callable[..., User], started: list[int]
) -> None:
    user = account("Importer")
    upload = planned(user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert give(client, text=TEXT).status_code == 403
    assert give(client, file=file_of(TEXT)).status_code == 403
    for act in ("confirm", "discard", "again"):
        assert client.post(url(upload), {"act": act}).status_code == 403
    assert started == []
    token = client.get(ADD).context["csrf_token"]
    assert give(client, text=TEXT, csrfmiddlewaretoken=str(token)).status_code == 302
    assert len(started) == 1


# Giving


def test_the_form_starts_as_the_setting_says(signed_in: SignedIn, settings: Any) -> None:
    client = signed_in("Importer")
    for status in ("published", "draft"):
        settings.IMPORT_STATUS = status
        page = client.get(ADD).content.decode()
        assert f'value="{status}" required id' in page.replace(" checked", "")
        assert client.get(ADD).context["form"]["status"].value() == status


def test_a_file_is_taken_in_with_all_that_was_chosen(
    signed_in: SignedIn, started: list[int]
) -> None:
    client = signed_in("Importer")
    response = give(
        client,
        file=file_of(TEXT, "../../a b\u202e.txt"),
        status="draft",
        source=" Tides ",
        tags="One\r\n\r\n Two  words \r\nOne\r\n",
        input_format="text",
        dialect="classic",
    )
    upload = Upload.objects.get()
    assert response["Location"] == url(upload)
    assert started == [upload.pk]
    assert upload.file_name == "a b.txt"
    assert bytes(upload.content) == TEXT.encode()
    assert upload.actor == client.user  # type: ignore[attr-defined]
    names = ("status", "source", "tags", "input_format", "dialect")
    chosen = {name: upload.options[name] for name in names}
    assert chosen == {
        "status": "draft", "source": "Tides", "tags": ["One", "Two words"],
        "input_format": "text", "dialect": "classic",
    }  # fmt: skip


def test_a_pasted_text_is_the_same_as_its_file(signed_in: SignedIn, started: list[int]) -> None:
    assert give(signed_in("Importer"), text=TEXT.replace("\n", "\r\n")).status_code == 302
    upload = Upload.objects.get()
    assert bytes(upload.content) == TEXT.encode()
    assert upload.file_name.startswith("Pasted text 2")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Choose a file, or paste a text."),
        ({"text": " \r\n\t"}, "Choose a file, or paste a text."),
        ({"file": file_of("")}, "This file is empty."),
        ({"file": file_of("x"), "text": "y"}, "Give a file or a text, not both."),
        ({"text": "a\x00b"}, "NUL"),
        ({"text": "x", "status": "withdrawn"}, "not one of the available choices"),
        ({"text": "x", "status": ""}, "required"),
        ({"text": "x", "input_format": "pdf"}, "not one of the available choices"),
        ({"text": "x", "dialect": "gibberish"}, "not one of the available choices"),
        ({"text": "x", "source": "x" * 301}, "at most 300 characters"),
        ({"text": "x", "tags": "y" * 101}, "100 characters at most"),
        ({"text": "x", "tags": "\n".join(map(str, range(60)))}, "At most 50 tags"),
    ],
)
def test_refusals(
    signed_in: SignedIn, started: list[int], fields: dict[str, Any], message: str
) -> None:
    response = give(signed_in("Importer"), **fields)
    assert response.status_code == 200
    assert message in str(response.context["form"].errors)
    page = response.content.decode()
    assert "<title>Error:" in page
    if fields.get("text", " ").strip() and "\x00" not in fields["text"]:
        assert f"{fields['text']}</textarea>" in page
    assert not Upload.objects.exists()
    assert started == []


def test_one_byte_too_many_is_refused_in_words(
    signed_in: SignedIn, started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("Importer")
    response = give(client, file=file_of(b"x" * (files.MAX_BYTES + 1)))
    assert response.status_code == 200
    assert "67,108,865 bytes are more than one import takes: 64 MiB" in response.content.decode()
    # What is far too much is refused before it is read.
    response = client.post(ADD, {"text": "x"}, CONTENT_LENGTH=str(10**10))
    assert response.status_code == 413
    assert "10,000,000,000 bytes are more" in response.content.decode()
    assert not Upload.objects.exists()


def test_a_pasted_text_that_is_too_long_says_what_to_do(
    signed_in: SignedIn, started: list[int]
) -> None:
    response = give(signed_in("Importer"), text="x" * 3_000_000)
    assert response.status_code == 413
    assert "Save it as a file" in response.content.decode()
    assert not Upload.objects.exists()


def test_a_database_that_is_held_is_said_and_nothing_is_lost(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    client = signed_in("Importer")
    upload = planned(client.user)  # type: ignore[attr-defined]
    monkeypatch.setattr(Upload.objects, "create", held)
    response = give(client, text=TEXT)
    assert response.status_code == 503
    page = response.content.decode()
    assert "Try again in a minute" in page
    assert "Charts that lie" in page
    monkeypatch.setattr(uploads, "_claim", held)
    response = client.post(url(upload), {"act": "discard"}, follow=True)
    assert "Try again in a minute" in response.content.decode()


# The plan


def test_the_plan_page_begins_with_what_becomes_public(signed_in: SignedIn) -> None:
    client = signed_in("Importer")
    upload = planned(client.user)  # type: ignore[attr-defined]
    response = client.get(url(upload))
    page = response.content.decode()
    assert "7 articles would become public." in page
    assert page.index("would become public") < page.index("Charts that lie")
    assert "<b>8</b> to create" in page
    assert "310 Bell buoy draft" in page
    assert "as a draft" in page
    assert f'value="{upload.plan["digest"]}"' in page  # type: ignore[index]
    doubtful = client.get(url(upload), {"outcome": "DOUBTS"}).content.decode()
    assert "310 Bell buoy draft" in doubtful
    assert "Charts that lie" not in doubtful
    for query in ("?outcome=REJECT", "?outcome=nonsense", "?p=x", "?p=999", "?p=-1"):
        assert client.get(url(upload) + query).status_code == 200


def test_changes_and_conflicts_are_shown_with_both_sides(
    signed_in: SignedIn, tmp_path: Any
) -> None:
    path = tmp_path / "tides.txt"
    path.write_text(TEXT, encoding="utf-8")
    run("import_listing", path, "--yes", "--source", "Tides")
    client = signed_in("Importer")
    text = TEXT.replace("disagree about its depth", "<b>agree</b>")
    page = client.get(url(planned(client.user, text))).content.decode()  # type: ignore[attr-defined]
    assert "<b>1</b> to update" in page
    assert "<b>7</b> unchanged" in page
    assert "Three charts of the same bay disagree about its depth.</del>" in page
    assert "&lt;b&gt;agree&lt;/b&gt;.</ins>" in page
    assert "<b>agree" not in page


def test_doubts_are_filtered_by_kind_and_what_was_settled_is_told(signed_in: SignedIn) -> None:
    client = signed_in("Importer")
    upload = planned(client.user)  # type: ignore[attr-defined]
    doubt = {"code": "stray-line", "line": 3, "message": "It ends in “ask.”.", "alternatives": []}
    listing = StoredPlan(upload.plan).listing()
    first, second, *rest = listing["entries"]
    first["diagnostics"], second["diagnostics"] = [doubt], [doubt | {"settled": True}]
    for one in rest:
        one["diagnostics"] = []
    upload.plan = pack(listing, upload.plan["totals"], VERSION)
    upload.save()
    page = client.get(url(upload))
    text = page.content.decode()
    assert page.context["doubt_total"] == 1
    assert 'href="?outcome=stray-line#entries"' in text
    assert "<b>1</b> settled before" in text
    assert text.count("(settled before)") == 1
    assert "“ask.” <" in text or "“ask.”</span>" in text
    page = client.get(f"{url(upload)}?outcome=stray-line")
    assert [entry["headline"] for entry in page.context["entries"]] == [first["headline"]]


def test_a_plan_without_entries_is_not_to_be_imported(signed_in: SignedIn) -> None:
    client = signed_in("Importer")
    upload = planned(client.user)  # type: ignore[attr-defined]
    assert 'value="confirm"' in client.get(url(upload)).content.decode()
    upload.plan = pack(StoredPlan(upload.plan).listing() | {"entries": []}, {"public": 0}, VERSION)
    upload.save()
    page = client.get(url(upload)).content.decode()
    assert 'value="confirm"' not in page
    assert 'value="discard"' in page


def test_one_entry_is_one(signed_in: SignedIn) -> None:
    client = signed_in("Importer")
    upload = planned(client.user)  # type: ignore[attr-defined]
    listing = StoredPlan(upload.plan).listing()
    one = listing | {"entries": listing["entries"][:1]}
    upload.plan = pack(one, upload.plan["totals"], VERSION)
    upload.save()
    assert "<b>1</b> entry</a>" in client.get(url(upload)).content.decode()


def test_a_long_plan_is_paged(signed_in: SignedIn) -> None:
    client = signed_in("Importer")
    entries = [
        (f"Headline number {n} of many", "By Ana Brandt, 11 January 2021", f"Text {n} of them.")
        for n in range(120)
    ]
    upload = planned(client.user, listing_text(*entries))  # type: ignore[attr-defined]
    seen = []
    for number in (1, 2, 3):
        response = client.get(url(upload), {"p": number, "outcome": "CREATE"})
        seen += [row["headline"] for row in response.context["entries"]]
    assert seen == [entry[0] for entry in entries]
    assert f"Page 3 of 3" in response.content.decode()  # noqa: F541


def test_the_page_reads_no_content(signed_in: SignedIn, django_assert_num_queries: Any) -> None:
    client = signed_in("Importer")
    upload = planned(client.user)  # type: ignore[attr-defined]
    with django_assert_num_queries(6) as found:
        client.get(url(upload))
    assert not [query for query in found.captured_queries if '"content"' in query["sql"]]
    with django_assert_num_queries(6) as found:
        client.get(LIST)
    for column in ('"content"', '"plan"'):
        assert not [query for query in found.captured_queries if column in query["sql"]]


def test_the_plan_is_downloaded_as_json(signed_in: SignedIn) -> None:
    client = signed_in("Importer")
    upload = planned(client.user, file_name='a "b" ł.txt')  # type: ignore[attr-defined]
    response = client.get(url(upload, "plan.json"))
    assert response["Content-Disposition"].startswith("attachment; filename")
    report = json.loads(response.getvalue())
    assert (report["version"], report["totals"]["create"]) == (VERSION, 8)
    uploads.discard(upload.pk)
    assert client.get(url(upload, "plan.json")).status_code == 404


# Confirming and watching


def test_confirming_starts_one_process(signed_in: SignedIn, started: list[int]) -> None:
    client = signed_in("Importer")
    upload = planned(client.user)  # type: ignore[attr-defined]
    confirm = {"act": "confirm", "digest": upload.plan["digest"]}  # type: ignore[index]
    assert client.post(url(upload), confirm)["Location"] == url(upload)
    assert started == [upload.pk]
    response = client.post(url(upload), confirm, follow=True)
    assert "It is already running." in response.content.decode()
    assert started == [upload.pk]


def test_a_plan_that_is_no_longer_shown_is_not_confirmed(
    signed_in: SignedIn, started: list[int]
) -> None:
    client = signed_in("Importer")
    upload = planned(client.user)  # type: ignore[attr-defined]
    for digest in ("", "0" * 64):
        response = client.post(url(upload), {"act": "confirm", "digest": digest}, follow=True)
        assert "Look at it again" in response.content.decode()
    for act in ("", "nonsense"):
        assert client.post(url(upload), {"act": act}).status_code == 302
    assert started == []


def test_discarding(signed_in: SignedIn) -> None:
    client = signed_in("Importer")
    upload = planned(client.user)  # type: ignore[attr-defined]
    response = client.post(url(upload), {"act": "discard"}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "“tides.txt” is discarded." in response.content.decode()
    assert "Its content is no longer kept" in client.get(url(upload)).content.decode()


def test_work_that_goes_on_is_shown_without_a_script_too(signed_in: SignedIn) -> None:
    client = signed_in("Importer")
    upload = planned(
        client.user,  # type: ignore[attr-defined]
        state=UploadState.RUNNING,
        options={"status": "draft", "step": "apply", "place": uploads_files.place()},
    )
    lock = uploads_files.take(upload.pk)
    uploads_files.Notes(upload.pk).note("writing", 12_000, 40_000)
    page = client.get(url(upload)).content.decode()
    assert "Importing “tides.txt”" in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert 'max="40000" value="12000"' in page
    assert "Writing: 12,000 of 40,000 entries" in page
    assert client.get(url(upload, "progress.json")).json() == {
        "moving": True, "stage": "writing", "done": 12_000, "total": 40_000,
        "text": "Writing: 12,000 of 40,000 entries",
    }  # fmt: skip
    assert "being worked on" in client.get(LIST).content.decode()
    # The process dies, and the system lets go of its lock.
    uploads_files.drop(upload.pk, lock)
    assert client.get(url(upload, "progress.json")).json()["moving"] is False
    page = client.get(url(upload)).content.decode()
    assert "has stopped; nothing was written" in page
    assert "Start again" in page


def test_starting_again(signed_in: SignedIn, started: list[int]) -> None:
    client = signed_in("Importer")
    upload = planned(
        client.user,  # type: ignore[attr-defined]
        state=UploadState.FAILED,
        message="Failed; nothing was written: <i>disk full</i>",
    )
    page = client.get(url(upload)).content.decode()
    assert "Failed; nothing was written: &lt;i&gt;disk full" in page
    client.post(url(upload), {"act": "again"})
    assert started == [upload.pk]
    Upload.objects.filter(pk=upload.pk).update(
        state=UploadState.FAILED, options={"can_try_again": False, "step": "plan"}
    )
    page = client.get(url(upload)).content.decode()
    assert "Start again" not in page
    assert "Give another listing" in page


def test_the_end_is_the_page_of_the_run(signed_in: SignedIn, tmp_path: Any) -> None:
    path = tmp_path / "tides.txt"
    path.write_text(TEXT, encoding="utf-8")
    run("import_listing", path, "--yes")
    client = signed_in("Importer")
    made = ImportRun.objects.get()
    upload = planned(client.user, state=UploadState.DONE, run=made, plan=None)  # type: ignore[attr-defined]
    response = client.get(url(upload), follow=True)
    assert response.redirect_chain == [(f"/admin/articles/importrun/{made.pk}/change/", 302)]
    assert "7 articles became public with this run" in response.content.decode()
    assert f"run {made.pk}</a>" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "stage", ["starting", "reading", "waiting", "planning", "writing", "saving", "unheard of"]
)
def test_every_stage_has_words(stage: str) -> None:
    text = pages.text_of(uploads.Standing("working", stage))
    assert bool(text) == (stage != "unheard of")
    assert "%" not in text


def test_a_deployment_lets_listings_in_and_imports_live() -> None:
    proxy = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    size = re.search(rf"location = {ADD} {{\s*client_max_body_size (\d+)m;", proxy)
    assert size is not None
    # The archive itself shall say what is too large.
    assert int(size[1]) * 2**20 >= files.MAX_BYTES + BESIDE
    service = (ROOT / "deploy" / "backfile.service").read_text(encoding="utf-8")
    assert "KillMode=process" in service
    assert "OOMPolicy=continue" in service
