"""Moments that are typed in by the clock of the site: those that it skips or has twice are said."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


def _utc(moment: datetime.datetime, fold: int) -> datetime.datetime:
    """Return what the clock means by *moment* if it is read as before (0) or after (1) a change."""
    zone = timezone.get_current_timezone()
    return moment.replace(fold=fold, tzinfo=zone).astimezone(datetime.UTC)


def explained(moment: datetime.datetime) -> str:
    """Return why the clock does not show *moment* (naive), or shows it twice, and what to type."""
    zone = timezone.get_current_timezone()
    before, after = (_utc(moment, fold).astimezone(zone) for fold in (0, 1))
    words = {
        "time": f"{moment:%H:%M}", "day": f"{moment:%Y-%m-%d}", "zone": str(zone),
        "first": f"{before:%H:%M}", "second": f"{after:%H:%M}",
    }  # fmt: skip
    if before.replace(tzinfo=None) != moment:
        # Read as before the change it comes out an hour later, and the other way round.
        return (
            _(
                "On %(day)s the clock in %(zone)s leaves %(time)s out: it is put forward. Choose"
                " %(second)s or %(first)s."
            )
            % words
        )
    latest = _utc(moment, 1) + (_utc(moment, 1) - _utc(moment, 0))
    words |= {"later": f"{latest.astimezone(zone):%H:%M}"}
    return (
        _(
            "On %(day)s the clock in %(zone)s shows %(time)s twice: it is put back. Choose a time"
            " before or after that hour, %(later)s for instance."
        )
        % words
    )


class MomentField(forms.SplitDateTimeField):
    """A day and a time by the site's clock. Django says only that they "may not exist"."""

    def compress(self, data_list: Any) -> Any:
        try:
            return super().compress(data_list)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            moment = datetime.datetime.combine(*data_list)
            raise ValidationError(explained(moment), error.code) from None
