"""The closed vocabularies that models, filters and forms share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where an article stands. Only `articles.querysets.ArticleQuerySet.published` decides
    what the public sees."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class DatePrecision(models.TextChoices):
    """How much of ``published_on`` the source states."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Role(models.TextChoices):
    """What a contributor did: codes of the MARC relator list."""

    AUTHOR = "aut", _("author")
    TRANSLATOR = "trl", _("translator")
    EDITOR = "edt", _("editor")
    INTRODUCTION = "aui", _("author of introduction")
    ILLUSTRATOR = "ill", _("illustrator")
    PHOTOGRAPHER = "pht", _("photographer")
    INTERVIEWER = "ivr", _("interviewer")
    INTERVIEWEE = "ive", _("interviewee")
    CONTRIBUTOR = "ctb", _("contributor")


class SeriesKind(models.TextChoices):
    """A serial has numbered parts; a column is a rubric that recurs."""

    SERIAL = "serial", _("serial")
    COLUMN = "column", _("column")


class TagKind(models.TextChoices):
    TOPIC = "topic", _("topic")
    PERSON = "person", _("person")
    PLACE = "place", _("place")
    EVENT = "event", _("event")
    WORK = "work", _("work")


class OperationKind(models.TextChoices):
    """What kind of act an operation in the ledger records."""

    IMPORT = "import", _("import")
    EDIT = "edit", _("edit")
    BULK = "bulk", _("bulk action")
    MERGE = "merge", _("merge")
    UNDO = "undo", _("undo")
    RESTORE = "restore", _("restore")


class Outcome(models.TextChoices):
    """What a plan does with one entry."""

    CREATE = "CREATE", _("created")
    UPDATE = "UPDATE", _("updated")
    UNCHANGED = "UNCHANGED", _("unchanged")
    CONFLICT = "CONFLICT", _("conflict")
    REVIEW = "REVIEW", _("waits for review")
    REJECT = "REJECT", _("rejected")


class FindingState(models.TextChoices):
    OPEN = "open", _("open")
    RESOLVED = "resolved", _("resolved")
    DISMISSED = "dismissed", _("not a problem")


class UploadState(models.TextChoices):
    """How far a file given in the browser has come."""

    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    DISCARDED = "discarded", _("discarded")


class PageStatus(models.TextChoices):
    """Where a page of the site stands. Only `SitePageQuerySet.published` decides what is seen."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class LinkPlace(models.TextChoices):
    """Where every page of the site has a link."""

    HEADER = "header", _("the masthead")
    FOOTER = "footer", _("the foot")


class RedactionKind(models.TextChoices):
    """What was removed on legal grounds."""

    TEXT = "text", _("a whole text")
    WORDS = "words", _("words or a name")


class MarkKind(models.TextChoices):
    """By what something removed is recognised; see `articles.redacting.marks`."""

    WORDS = "words", _("words")
    DATED = "dated", _("headline of a day")
    HEADLINE = "headline", _("headline")
    PASSAGE = "passage", _("passage")
    ADDRESS = "address", _("address")


class AttachmentKind(models.TextChoices):
    """What a file of an article is."""

    PDF = "pdf", _("document (PDF)")
    SCAN = "scan", _("page scan")
