"""What editors say of the site itself: its pages, the links of its masthead and foot, its front."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.choices import LinkPlace, PageStatus
from articles.models.article import Article
from articles.models.series import Series


class SitePageQuerySet(models.QuerySet["SitePage"]):
    """Pages of the site."""

    def published(self) -> "SitePageQuerySet":
        """Those that the public may see."""
        return self.filter(status=PageStatus.PUBLISHED)


class SitePage(models.Model):
    """A page that belongs to the site rather than to its articles: About, Imprint, Privacy."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.CharField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The page's address: “about” makes /about/. Empty: made of the title."),
    )
    body = models.TextField(
        _("text"), blank=True, help_text=_("HTML, as in an article: headings are h2, h3 and h4.")
    )
    status = models.CharField(
        _("status"), max_length=9, choices=PageStatus.choices, default=PageStatus.DRAFT
    )
    place = models.CharField(
        _("linked in"), max_length=6, choices=LinkPlace.choices, default=LinkPlace.FOOTER,
        blank=True,
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Links stand by this number, then by name.")
    )
    #: Slugs that it had while it was public: they lead here.
    former_slugs = models.JSONField(default=list, editable=False)
    first_public_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(_("changed"), auto_now=True)

    objects: ClassVar[SitePageQuerySet] = SitePageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["position", "title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=PageStatus.values), name="page_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(place__in=["", *LinkPlace.values]), name="page_place_is_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="page_has_title"),
            models.CheckConstraint(condition=~Q(slug=""), name="page_has_slug"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])

    @property
    def was_public(self) -> bool:
        """Whether readers could ever see it; such a page is withdrawn, never deleted."""
        return self.first_public_at is not None


class SiteLink(models.Model):
    """A link in the masthead or the foot of every page."""

    label = models.CharField(_("label"), max_length=80)
    address = models.CharField(
        _("address"),
        max_length=2000,
        help_text=_("https://… or, within this site, the path: /series/smilga/."),
    )
    place = models.CharField(
        _("linked in"), max_length=6, choices=LinkPlace.choices, default=LinkPlace.FOOTER
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Links stand by this number, then by name.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["place", "position", "label", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(place__in=LinkPlace.values), name="link_place_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(label="") & ~Q(address=""), name="link_has_label_and_address"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class HomePage(models.Model):
    """What the editors want on the first page. There is one row, number 1, or none yet."""

    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("Stands at the head of the page. Empty: how much the archive holds."),
    )
    lead = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead article"),
    )
    shows_on_this_day = models.BooleanField(_("show “On this day”"), default=True)
    shows_timeline = models.BooleanField(_("show the years"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home page")
        default_permissions = ("change", "view")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_home_page")]

    def __str__(self) -> str:
        return str(_("Home page"))


class Pin(models.Model):
    """An article or a series that stands on the first page until an editor takes it off."""

    home = models.ForeignKey(HomePage, on_delete=models.CASCADE, related_name="pins")
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("article")
    )
    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("series")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        default_permissions = ()
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False, series=None)
                | Q(article=None, series__isnull=False),
                name="pin_is_an_article_or_a_series",
            )
        ]

    def __str__(self) -> str:
        return str(self.article or self.series)
