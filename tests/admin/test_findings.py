"""The review queue: its start page, its list, one click, choices, merging, and who may do what."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.choices import FindingState
from articles.models import Article, Finding, Operation
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from authors.models import Author
from tests.admin.posting import change_url, form_of
from tests.factories import make_article, make_author
from tests.importing.listings import CHARTS, OLDEST, import_json, run, write_listing

SignedIn = Callable[..., Client]

QUEUE = "/admin/articles/finding/"
#: Session, account and permissions (4); codes and sources of the filters; counts of the five
#: filters; numbers of rows (2), and the rows; which doubts are one row.
LIST_QUERIES = 11


def doubtful(client: Client, headline: str = "The lamp", **fields: Any) -> tuple[Article, Finding]:
    """Return an article with a doubled word, saved by the one who is signed in."""
    article = save_article(
        ArticleChange(
            article=make_article(headline, **fields),
            fields={"standfirst": f"Of {headline}: it is the the lamp."},
        ),
        actor=client.user,  # type: ignore[attr-defined]
    )
    return article, Finding.objects.get(article=article, code="doubled-word")


def do(client: Client, finding: Finding, act: str, **data: Any) -> Any:
    """Post what the page of *finding* would, as it is read now."""
    return client.post(f"{QUEUE}{finding.pk}/{act}/", data | marks())


def marks() -> dict[str, str]:
    """Return what the list says of every finding that it shows."""
    return {f"was-{pk}": state for pk, state in Finding.objects.values_list("pk", "state")}


def said(client: Client, response: Any) -> str:
    """Return the messages on the page that *response* leads to."""
    page = client.get(response.headers["Location"])
    return " ".join(str(message) for message in page.context["messages"])


def many(number: int, code: str = "stray-line") -> None:
    article = make_article()
    Finding.objects.bulk_create(
        Finding(
            code=code, message=f"A stray line {place}", article=article,
            fingerprint=f"{code} {place}",
            evidence={"line": 3}, suggestion={"fields": {"kicker": "x"}, "was": {"kicker": ""}},
        )
        for place in range(number)
    )  # fmt: skip


# The start page


def test_the_queue_is_the_start_page(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    doubtful(client)
    Finding.objects.create(code="conflict", message="Both", fingerprint="1")
    Finding.objects.create(code="conflict", message="Done", fingerprint="2", state="resolved")
    page = client.get("/admin/").content.decode()
    assert page.index("Review queue") < page.index("Articles")
    assert "<b>2</b> findings wait" in page
    assert "<b>1</b> conflict" in page
    assert f'href="{QUEUE}?code=conflict"' in page
    assert page.index("Listing and editor disagree") < page.index("A word twice in a row")


def test_the_start_page_shows_what_the_reader_may_see(signed_in: SignedIn) -> None:
    doubtful(signed_in("Editor"))
    assert "Review queue" in signed_in("Auditor").get("/admin/").content.decode()
    assert "Review queue" not in signed_in("Contributor").get("/admin/").content.decode()
    Finding.objects.all().delete()
    assert "Nothing waits" in signed_in("Importer").get("/admin/").content.decode()


@pytest.mark.parametrize("number", [1, 60])
def test_the_list_asks_the_same_number_of_queries(signed_in: SignedIn, number: int) -> None:
    many(number)
    client = signed_in("Editor")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(QUEUE).status_code == 200
    assert len(queries) == LIST_QUERIES, [query["sql"][:150] for query in queries]


@pytest.mark.slow
def test_ten_thousand_open_findings_are_listed_at_once(signed_in: SignedIn) -> None:
    import time

    for code in ("stray-line", "conflict", "run-together", "part-alone"):
        many(2500, code)
    client = signed_in("Editor")
    client.get(QUEUE)
    times = []
    for _ in range(3):
        start = time.process_time()
        page = client.get(QUEUE).content.decode()
        client.get("/admin/")
        times.append(time.process_time() - start)
    assert "10000 results" in page
    # Half a second on two quiet cores; what else the machine does is not counted.
    assert min(times) < 1.5


# The list


def test_the_list_is_a_queue_of_what_is_open(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    _, one = doubtful(client, "One")
    _, two = doubtful(client, "Two")
    do(client, two, "settle", state="dismissed")

    def found(**query: Any) -> set[int]:
        response = client.get(QUEUE, query)
        assert response.status_code == 200
        return {row.pk for row in response.context["cl"].result_list}

    assert found() == {one.pk}
    assert found(state="open") == {one.pk}
    assert found(state="dismissed") == {two.pk}
    assert found(state="all", code="doubled-word") == {one.pk, two.pk}
    assert found(q="stands twice", article=one.article_id or 0) == {one.pk}
    page = client.get(QUEUE, {"code": "doubled-word"}).content.decode()
    assert "The same word stands twice in a row." in page
    assert "<del>" in page
    for hostile in ("nonsense", "1'", "99999999999999999999", "all "):
        for name in ("state", "code", "source", "article", "run"):
            assert client.get(QUEUE, {name: hostile}).status_code in (200, 302)


def test_findings_are_filtered_by_source(signed_in: SignedIn, tmp_path: Path) -> None:
    run("import_listing", write_listing(tmp_path, ("310 Bell draft", "18 January 2021"), OLDEST),
        "--yes")  # fmt: skip
    client = signed_in("Editor")
    doubtful(client)
    source = Finding.objects.exclude(import_run=None).get().import_run.source_id  # type: ignore[union-attr]
    listed = client.get(QUEUE, {"source": source}).context["cl"].result_list
    assert [row.code for row in listed] == ["internal-slug"]


def test_many_are_settled_and_applied_at_once(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    rows = [doubtful(client, f"Lamp {place}")[1] for place in range(3)]
    many(1)
    ids = list(Finding.objects.values_list("pk", flat=True))
    response = client.post(QUEUE, {"action": "apply", "_selected_action": ids} | marks())
    assert "4 suggestions are applied." in said(client, response)
    for row in rows:
        assert row.article is not None
        row.article.refresh_from_db()
        assert "the the" not in row.article.standfirst
    response = client.post(QUEUE, {"action": "reopen", "_selected_action": ids} | marks())
    assert "4 findings are now “open”" in said(client, response)
    response = client.post(QUEUE, {"action": "apply", "_selected_action": ids} | marks())
    assert "4 findings are left as they are" in said(client, response)


# One click


def test_a_suggestion_is_applied_from_the_list_and_from_its_page(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article, finding = doubtful(client)
    other, second = doubtful(client, "The bell")
    listed = client.get(QUEUE).content.decode()
    assert f'formaction="{QUEUE}{finding.pk}/apply/"' in listed
    response = do(client, finding, "apply", version=article.version, action="")
    assert response.headers["Location"] == QUEUE
    page = client.get(f"{QUEUE}{second.pk}/change/").content.decode()
    assert f'name="version" value="{other.version}"' in page
    response = do(client, second, "apply", version=other.version, choice="0")
    assert "Applied to “The bell”" in said(client, response)
    for row in (article, other):
        row.refresh_from_db()
        assert "the the" not in row.standfirst
        assert row.version == 3


def test_a_stale_click_is_refused_and_the_page_shows_what_is_true(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article, finding = doubtful(client)
    save_article(
        ArticleChange(article=article, fields={"standfirst": "Now: it is the the lamp."}),
        actor=None,
    )
    response = do(client, finding, "apply", version=article.version)
    assert "somebody saved “The lamp”" in said(client, response)
    page = client.get(response.headers["Location"]).content.decode()
    assert "Now: it is the" in page
    article.refresh_from_db()
    assert article.standfirst == "Now: it is the the lamp."


def test_a_dismissed_finding_is_remembered_by_a_re_import(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    entry = ("The lamp", "By Ana Brandt, 6 May 2021", "It is the the lamp.")
    run("import_listing", write_listing(tmp_path, entry, OLDEST), "--yes")
    client = signed_in("Importer")
    response = do(client, Finding.objects.get(), "settle", state="dismissed")
    assert "not a problem" in said(client, response)
    new = (*entry[:2], "It is the the lamp. It is out.")
    import_json(write_listing(tmp_path, new, OLDEST))
    assert Finding.objects.get().state == FindingState.DISMISSED


def test_the_queue_offers_only_what_can_be_done_by_a_click(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article, finding = doubtful(client)
    apply = f'formaction="{QUEUE}{finding.pk}/apply/"'
    assert apply in client.get(QUEUE).content.decode()
    Article.objects.filter(pk=article.pk).update(standfirst="Written the the other way.")
    assert apply not in client.get(QUEUE).content.decode()


def test_the_queue_says_which_entry_waits(signed_in: SignedIn) -> None:
    Finding.objects.create(
        code="entry-ambiguous", message="This may be any of several entries imported before.",
        fingerprint="1", evidence={"text": "The weir\n\nBy <b>Ada</b>, 3 May 2021\n\nOf water."},
    )  # fmt: skip
    page = signed_in("Editor").get(QUEUE).content.decode()
    assert "The weir · By &lt;b&gt;Ada&lt;/b&gt;, 3 May 2021</span>" in page


def test_the_queue_says_where_the_listing_has_it(signed_in: SignedIn, tmp_path: Path) -> None:
    run("import_listing", write_listing(tmp_path, CHARTS, OLDEST, CHARTS, CHARTS), "--yes")
    page = signed_in("Editor").get(f"{QUEUE}?code=similar-headline").content.decode()
    pairs = re.findall(r"lines (\d+–\d+) and (\d+–\d+)", page)
    # Of three alike there are three pairs.
    assert len({frozenset(pair) for pair in pairs}) == 3, page
    assert Finding.objects.filter(code="similar-headline").count() == 3


def conflict(client: Client) -> tuple[Article, Finding]:
    article = make_article("Ours", standfirst="Ours.", kicker="Ours")
    finding = Finding.objects.create(
        code="conflict", message="x", article=article, fingerprint="1",
        evidence={"fields": {
            name: {"imported": None, "source": "Theirs", "archive": "Ours"}
            for name in ("headline", "kicker", "standfirst")
        }},
    )  # fmt: skip
    return article, finding


def test_a_conflict_is_decided_field_by_field_and_in_one_go(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article, finding = conflict(client)
    page = client.get(f"{QUEUE}{finding.pk}/change/").content.decode()
    assert 'value="take:headline"' in page
    assert 'value="keep:headline"' in page
    # Nobody has decided yet: neither is shown as what goes.
    assert "<mark>Ours</mark>" in page
    assert "<mark>Theirs</mark>" in page
    response = do(client, finding, "decide", decision="keep:headline", version=article.version)
    assert response.headers["Location"] == f"{QUEUE}{finding.pk}/change/"
    response = do(client, finding, "decide", decision="take:*", version=article.version)
    assert response.headers["Location"] == QUEUE
    article.refresh_from_db()
    finding.refresh_from_db()
    assert (article.headline, article.kicker, article.standfirst) == ("Ours", "Theirs", "Theirs")
    assert finding.state == FindingState.RESOLVED


@pytest.mark.parametrize(
    "decision", ["", "take", "take:", "burn:headline", "keep:nonsense", "take:slug:x", "*:*"]
)
def test_a_hostile_decision_decides_nothing(signed_in: SignedIn, decision: str) -> None:
    client = signed_in("Editor")
    article, finding = conflict(client)
    response = do(client, finding, "decide", decision=decision, version=article.version)
    assert response.status_code == 302
    finding.refresh_from_db()
    assert (finding.state, "decided" in finding.evidence) == (FindingState.OPEN, False)


def waiting(tmp_path: Path) -> Finding:
    one = ("The fog over the harbour in May", "By Ana Brandt, 5 May 2021", "Fog one.")
    two = ("The fog over the harbour in June", "By Ana Brandt, 5 May 2021", "Fog two.")
    new = ("The fog over the harbour in Jule", "By Ana Brandt, 5 May 2021", "Fog three.")
    run("import_listing", write_listing(tmp_path, one, two, OLDEST), "--yes")
    import_json(write_listing(tmp_path, OLDEST, new))
    return Finding.objects.get(code="entry-ambiguous")


def test_an_entry_is_chosen_by_a_click(signed_in: SignedIn, tmp_path: Path) -> None:
    finding = waiting(tmp_path)
    client = signed_in("Editor")
    listed = client.get(QUEUE, {"code": "entry-ambiguous"}).content.decode()
    assert ">Decide</a>" in listed
    page = client.get(f"{QUEUE}{finding.pk}/change/").content.decode()
    for pk in finding.evidence["candidates"]:
        assert f'name="article" value="{pk}"' in page
    other = Article.objects.get(headline=OLDEST[0]).pk
    for hostile in ("", "x", "-1", str(10**30), str(other)):
        response = do(client, finding, "choose", article=hostile)
        assert response.status_code in (302, 403)
        finding.refresh_from_db()
        assert finding.state == FindingState.OPEN
    response = do(client, finding, "choose", article=finding.evidence["candidates"][0])
    assert "from now on" in said(client, response)
    assert Article.objects.filter(headline__endswith="Jule").count() == 1


def test_a_new_article_and_an_author_are_chosen_by_a_click(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    client = signed_in("Editor")
    finding = waiting(tmp_path)
    response = do(client, finding, "choose", article="new")
    assert "as a new article" in said(client, response)
    make_author("Mira Quill")
    second = make_author("Mira Quill")
    import_json(
        write_listing(tmp_path, ("The quill", "By Mira Quill, 1 May 2021", "A quill."), OLDEST,
                      name="quill.txt"),
        "--source", "Quills",
    )  # fmt: skip
    finding = Finding.objects.get(code="author-ambiguous")
    page = client.get(f"{QUEUE}{finding.pk}/change/").content.decode()
    assert f'value="{second.pk}"' in page
    for hostile in ("", "x", str(10**30)):
        do(client, finding, "choose", **{"author-0": hostile})
        assert not Article.objects.filter(headline="The quill").exists()
    do(client, finding, "choose", **{"author-0": second.pk})
    assert Article.objects.get(headline="The quill").contributions.get().author == second


def proposed(tmp_path: Path) -> Finding:
    entries = [
        ("From the lamp room", f"The {name} of the lamp", f"By Ana Brandt, {day} May 2021",
         f"The {name} has no other use.")
        for day, name in ((9, "oil"), (8, "glass"))
    ]  # fmt: skip
    import_json(write_listing(tmp_path, *entries, OLDEST))
    return Finding.objects.get(code="series-proposal")


def test_a_proposal_is_confirmed_from_its_page_and_from_the_list(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    finding = proposed(tmp_path)
    client = signed_in("Editor")
    assert ">Confirm …</a>" in client.get(QUEUE).content.decode()
    page = client.get(f"{QUEUE}{finding.pk}/change/").content.decode()
    assert "The oil of the lamp" in page
    assert ">Confirm</button>" in page
    assert do(signed_in("Importer"), finding, "confirm").status_code == 403
    response = do(client, finding, "confirm")
    assert "From the lamp room" in said(client, response)
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED
    assert Article.objects.filter(parts__series__title="From the lamp room").count() == 2
    assert "settled already" in said(client, do(client, finding, "confirm"))


def test_proposals_are_confirmed_in_bulk(signed_in: SignedIn, tmp_path: Path) -> None:
    finding = proposed(tmp_path)
    client = signed_in("Editor")
    response = client.post(QUEUE, {"action": "apply", "_selected_action": finding.pk} | marks())
    assert "1 suggestion is applied." in said(client, response)
    assert Article.objects.filter(parts__series__title="From the lamp room").count() == 2


def test_a_spelling_that_is_an_author_by_now_is_merged_only_where_both_are_shown(
    signed_in: SignedIn,
) -> None:
    client = signed_in("Editor")
    target = make_author("Mira Oldcastle")
    finding = Finding.objects.create(
        code="author-spelling",
        message="Two spellings of one name?",
        fingerprint="mira",
        suggestion={"alias": {"of": "author", "spelling": "Mira Oldcastel", "target": target.pk}},
    )
    here = f"{QUEUE}{finding.pk}/change/"
    seen = client.get(here).context["proposal"].token
    twin = make_author("Mira Oldcastel")
    chosen = {"action": "apply", "_selected_action": finding.pk}
    for path, data in (
        (f"{QUEUE}{finding.pk}/confirm/", {"shown": seen}),
        (f"{QUEUE}{finding.pk}/confirm/", {}),
        (QUEUE, chosen),
    ):
        assert "look" in said(client, client.post(path, data | marks()))
        assert Author.objects.filter(pk=twin.pk).exists()
    page = client.get(here)
    assert "is merged into" in page.content.decode()
    do(client, finding, "confirm", shown=page.context["proposal"].token)
    assert not Author.objects.filter(pk=twin.pk).exists()


def test_one_field_in_conflict_has_two_buttons(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article, finding = conflict(client)
    page = client.get(f"{QUEUE}{finding.pk}/change/").content.decode()
    fields = finding.evidence["fields"]
    assert len(fields) == 3
    assert page.count('name="decision"') == 2 * 3 + 2
    assert 'name="state"' not in page
    finding.evidence = {**finding.evidence, "fields": {"kicker": fields["kicker"]}}
    finding.save()
    page = client.get(f"{QUEUE}{finding.pk}/change/").content.decode()
    assert re.findall(r'name="decision" value="(\w+:\w+)" data-key="(\w)"', page) == [
        ("take:kicker", "a"), ("keep:kicker", "e"),
    ]  # fmt: skip
    assert page.count('name="decision"') == 2
    assert 'name="state"' not in page
    do(client, finding, "decide", decision="keep:kicker", version=article.version)
    page = client.get(f"{QUEUE}{finding.pk}/change/").content.decode()
    assert 'name="state" value="open"' in page


def test_a_line_of_the_entry_beside_is_shown_with_its_article(
    signed_in: SignedIn, tmp_path: Path
) -> None:
    run("import_listing", write_listing(tmp_path, CHARTS, OLDEST), "--yes")
    above, below = Article.objects.order_by("-published_on")
    entry = below.source_entries.get()
    line = above.source_entries.get().last_line
    finding = Finding.objects.create(
        code="standfirst-or-kicker", message="x", article=below, source_entry=entry,
        fingerprint="1", evidence={"line": line, "alternatives": []},
    )  # fmt: skip
    response = signed_in("Editor").get(f"{QUEUE}{finding.pk}/change/")
    assert (line, True) in [(number, about) for number, _line, about in response.context["lines"]]
    page = response.content.decode()
    assert "Beside it in the listing" in page
    assert page.count(f'/articles/article/{above.pk}/change/"') == 1
    finding.evidence = {"line": entry.first_line, "alternatives": []}
    finding.save()
    response = signed_in(user=response.wsgi_request.user).get(f"{QUEUE}{finding.pk}/change/")
    assert response.context["neighbour"] is None
    # Of the entry above, it is the one below to which the line may belong.
    finding.article, finding.source_entry = above, above.source_entries.get()
    finding.evidence = {"line": line, "alternatives": []}
    finding.save()
    response = signed_in(user=response.wsgi_request.user).get(f"{QUEUE}{finding.pk}/change/")
    assert response.context["neighbour"] == below


def test_lines_of_an_article_that_one_may_not_see_are_not_shown(
    signed_in: SignedIn, account: Callable[..., User], tmp_path: Path
) -> None:
    run("import_listing", write_listing(tmp_path, CHARTS, OLDEST), "--yes", "--status", "draft")
    above, below = Article.objects.order_by("-published_on")
    own = account("Contributor")
    own.user_permissions.add(Permission.objects.get(codename="view_finding"))
    Article.objects.filter(pk=below.pk).update(owner=own)
    line = above.source_entries.get().last_line
    finding = Finding.objects.create(
        code="standfirst-or-kicker", message="x", article=below, fingerprint="1",
        source_entry=below.source_entries.get(), evidence={"line": line, "alternatives": []},
    )  # fmt: skip
    response = signed_in(user=own).get(f"{QUEUE}{finding.pk}/change/")
    assert response.status_code == 200
    assert response.context["neighbour"] is None
    assert line not in [number for number, _line, _about in response.context["lines"]]


@pytest.mark.parametrize("decision", ["take:status", "take:*"])
def test_no_finding_leads_to_a_status(signed_in: SignedIn, decision: str) -> None:
    client = signed_in("Editor")
    article = make_article("A draft", status="draft")
    fields = {"status": {"imported": None, "source": "published", "archive": "draft"}}
    finding = Finding.objects.create(
        code="conflict", message="Both", article=article, fingerprint="1",
        evidence={"fields": fields},
    )  # fmt: skip
    page = client.get(f"{QUEUE}{finding.pk}/change/").content.decode()
    assert "take:status" not in page
    do(client, finding, "decide", decision=decision, version=article.version)
    article.refresh_from_db()
    assert (article.status, article.is_public) == ("draft", False)


# Merging


def test_two_articles_are_compared_merged_and_parted_again(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    survivor, copy = make_article("The harbour chain"), make_article("The harbor chain")
    url = f"{QUEUE}merge/"
    where = f"{url}?survivor={survivor.pk}&copy={copy.pk}"
    page = client.get(where).content.decode()
    # What stays is not shown as what goes.
    assert "<mark>harbour</mark>" in page
    assert "<mark>harbor</mark>" in page
    data = {"survivor": survivor.pk, "copy": copy.pk, "tags": "on", "parts": "on",
            "survivor_version": survivor.version, "copy_version": copy.version}  # fmt: skip
    response = client.post(url, {**data, "copy_version": 99})
    assert "Nothing was merged" in said(client, response)
    response = client.post(url, data)
    assert "leads to “The harbour chain” now" in said(client, response)
    copy.refresh_from_db()
    assert copy.merged_into == survivor
    assert "Take the merge back" in client.get(where).content.decode()
    client.post(url, {"survivor": survivor.pk, "copy": copy.pk, "unmerge": "1"})
    copy.refresh_from_db()
    assert (copy.merged_into, copy.status) == (None, "published")


def test_a_merge_that_may_not_be_says_why(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    draft, public = make_article("Draft", status="draft"), make_article("Public")
    page = client.get(f"{QUEUE}merge/?survivor={draft.pk}&copy={public.pk}").content.decode()
    assert "the other way" in page
    assert ">Merge</button>" not in page
    client.post(f"{QUEUE}merge/", {"survivor": draft.pk, "copy": public.pk})
    public.refresh_from_db()
    assert public.merged_into is None


@pytest.mark.parametrize("pk", ["", "x", "0", "-1", "1'", "9" * 19, "9" * 40, "١"])
def test_hostile_ids_lead_nowhere(signed_in: SignedIn, pk: str) -> None:
    client = signed_in("superuser")
    article, finding = doubtful(client)
    for where in (f"survivor={pk}&copy={article.pk}", f"survivor={article.pk}&copy={pk}"):
        assert client.get(f"{QUEUE}merge/?{where}").status_code == 404
    for act in ("apply", "decide", "choose", "settle", "confirm"):
        assert client.post(f"{QUEUE}{pk}/{act}/").status_code in (302, 404)
        assert client.get(f"{QUEUE}{finding.pk}/{act}/").status_code == 405
    for data in ({"version": pk}, {"choice": pk or "7"}):
        response = do(client, finding, "apply", **data)
        assert response.status_code == 302
    assert Operation.objects.filter(kind="merge").count() == 0


# Who may do what


ACTS = {
    "apply": {"version": 2}, "decide": {"decision": "take:headline"}, "choose": {"article": "new"},
    "settle": {"state": "dismissed"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("Auditor", set()), ("Contributor", set()), ("staff", set()), ("Importer", {"settle"}),
        ("Editor", {"apply", "decide", "choose", "settle"}),
    ],
)  # fmt: skip
def test_who_may_do_what(signed_in: SignedIn, tmp_path: Path, role: str, allowed: set[str]) -> None:
    editor = signed_in("Chief editor")
    client = signed_in(role)
    _, suggestion = doubtful(editor)
    _, disputed = conflict(editor)
    findings = {"apply": suggestion, "decide": disputed, "choose": waiting(tmp_path)}
    findings["settle"] = Finding.objects.create(
        code="stray-line", message="x", article=make_article(), fingerprint="9"
    )
    for act, finding in findings.items():
        response = do(client, finding, act, **ACTS[act])
        finding.refresh_from_db()
        assert (finding.state != "open" or "decided" in finding.evidence) is (act in allowed), act
        assert response.status_code == (302 if act in allowed else 403), act
        if role in ("Auditor", "Importer"):
            page = client.get(f"{QUEUE}{finding.pk}/change/").content.decode()
            for button in ("Apply", "Keep ours", "It is a new article"):
                assert f">{button}</button>" not in page
    before = Article.objects.get(pk=suggestion.article_id).standfirst
    client.post(QUEUE, {"action": "apply", "_selected_action": suggestion.pk} | marks())
    assert Article.objects.get(pk=suggestion.article_id).standfirst == before
    one, two = make_article("One"), make_article("Two")
    merged = client.post(
        f"{QUEUE}merge/",
        {"survivor": one.pk, "copy": two.pk, "survivor_version": 1, "copy_version": 1},
    )
    two.refresh_from_db()
    assert (two.merged_into == one) is (role == "Editor")
    assert merged.status_code == (302 if role == "Editor" else 403)


def test_without_the_right_to_publish_public_articles_stay_as_they_are(
    account: Any, signed_in: SignedIn
) -> None:
    from django.contrib.auth.models import Permission

    user = account("staff", "desk")
    user.user_permissions.set(
        Permission.objects.filter(
            codename__in=("change_finding", "view_finding", "change_article", "view_article")
        )
    )
    client = signed_in(user=user)
    editor = signed_in("Editor")
    public, draft = make_article("Public"), make_article("Draft", status="draft")
    for article, code in ((public, 403), (draft, 302)):
        saved = save_article(
            ArticleChange(article=article, fields={"standfirst": "It is the the lamp."}),
            actor=editor.user,  # type: ignore[attr-defined]
        )
        finding = Finding.objects.get(article=article, code="doubled-word")
        assert do(client, finding, "apply", version=saved.version).status_code == code
    assert client.get(f"{QUEUE}merge/?survivor={public.pk}&copy={draft.pk}").status_code == 403


# What readers see


def test_publishing_a_working_title_is_warned_of(signed_in: SignedIn) -> None:
    client = signed_in("Editor")
    article = save_article(
        ArticleChange(fields={"headline": "230 Smithers", "published_on": "2020-03-01"}),
        actor=client.user,  # type: ignore[attr-defined]
    )
    assert article.status == "draft"
    assert Finding.objects.get().code == "internal-slug"
    response = client.post(
        "/admin/articles/article/",
        {"action": "publish", "_selected_action": article.pk},
    )
    assert "looks like a working title" in said(client, response)
    article.refresh_from_db()
    response = client.post(change_url(article), form_of(article, kicker="x"))
    assert "looks like a working title" in said(client, response)
    article.refresh_from_db()
    response = client.post(change_url(article), form_of(article, headline="The life of Smithers"))
    assert "working title" not in said(client, response)
    assert Finding.objects.get().state == FindingState.RESOLVED


def test_no_finding_is_on_a_public_page(client: Client, signed_in: SignedIn) -> None:
    article, finding = doubtful(signed_in("Editor"))
    conflict(signed_in("Chief editor"))
    for path in ("/", "/articles/", article.get_absolute_url()):
        page = client.get(path).content.decode()
        assert finding.message not in page
        assert "Theirs" not in page
        assert "finding" not in page.lower()


def test_a_version_that_no_page_ever_showed_is_stale(signed_in: Any) -> None:
    survivor, copy = make_article("Of the chain"), make_article("Of the bell")
    response = signed_in("Editor").post(
        reverse("admin:articles_finding_merge"),
        {
            "survivor": survivor.pk,
            "copy": copy.pk,
            "survivor_version": "9" * 5000,
            "copy_version": "1",
        },
    )
    assert response.status_code < 500
    copy.refresh_from_db()
    assert copy.merged_into_id is None
