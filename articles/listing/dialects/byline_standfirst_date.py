"""Headline, byline, standfirst, and the date last."""

from articles.listing.layouts import Dialect

DIALECT = Dialect(
    name="byline-standfirst-date",
    summary="Headline, byline, standfirst, and the date last.",
    layout="K? P? H S? P? B? F* D",
    prior=-1.0,
)
