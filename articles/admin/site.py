"""The admin as a whole: its name, and what other packages registered that is not ours."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as StockTag

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("The archive")

# taggit's own tags are not in use here, and their admin cannot open a common tag.
if admin.site.is_registered(StockTag):
    admin.site.unregister(StockTag)
