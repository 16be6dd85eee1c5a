"""The columns of the desk's list of articles, and the box at the beginning of each row."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import article_actions
from articles.choices import Status
from articles.models import Article

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = object


class ArticleColumns(ModelAdmin):
    """What a row of the list shows."""

    list_display = (
        "status_shown", "date_shown", "headline_shown", "credit_shown", "findings_shown",
        "updated_shown",
    )  # fmt: skip
    list_display_links = ("headline_shown",)

    def action_checkbox(self, obj: Article) -> SafeString:
        """Return the box of a row, with the version that is shown: an action looks at it."""
        return format_html(
            '{}<input type="hidden" name="{}{}" value="{}">',
            super().action_checkbox(obj),
            article_actions.SEEN,
            obj.pk,
            obj.version,
        )

    # Not to be sorted by: a million articles of four kinds. There is a filter.
    @admin.display(description=gettext_lazy("status"))
    def status_shown(self, obj: Article) -> SafeString:
        scheduled = obj.status == Status.PUBLISHED and not obj.is_public
        return format_html(
            '<span class="status status-{}">{}</span>',
            "scheduled" if scheduled else obj.status,
            _("scheduled") if scheduled else obj.get_status_display(),
        )

    @admin.display(description=gettext_lazy("date"), ordering=F("sort_key").asc(nulls_last=True))
    def date_shown(self, obj: Article) -> str:
        return obj.published_text() or "–"

    @admin.display(description=gettext_lazy("headline and series"))
    def headline_shown(self, obj: Article) -> SafeString:
        kicker = format_html('<span class="kicker">{}</span> ', obj.kicker) if obj.kicker else ""
        places = ", ".join(
            f"{part.series.title} ({part.part_number})" if part.part_number else part.series.title
            for part in obj.parts.all()
        )
        series = format_html(' <span class="series">{}</span>', places) if places else ""
        return format_html(
            '{}<span class="headline" dir="auto">{}</span>{}', kicker, obj.headline, series
        )

    @admin.display(description=gettext_lazy("authors"))
    def credit_shown(self, obj: Article) -> SafeString | str:
        if obj.credit or not obj.byline:
            return obj.credit
        return format_html('<span class="quiet">{}</span>', obj.byline)

    @admin.display(description=gettext_lazy("findings"))
    def findings_shown(self, obj: Article) -> SafeString | str:
        count = len(obj.open_findings)  # type: ignore[attr-defined]
        if not count:
            return ""
        url = reverse("admin:articles_finding_changelist")
        return format_html('<a href="{}?state=open&amp;article={}">{}</a>', url, obj.pk, count)

    @admin.display(description=gettext_lazy("changed"), ordering="updated")
    def updated_shown(self, obj: Article) -> SafeString:
        moment = timezone.localtime(obj.updated)
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            moment.isoformat(),
            f"{moment:%H:%M}",
            f"{moment:%Y-%m-%d}",
        )
