"""Headline, standfirst, then the credit line."""

from articles.listing.layouts import Dialect

DIALECT = Dialect(
    name="standfirst-first",
    summary="Headline, standfirst, then the credit line.",
    layout="K? P? H S? P? F* B? D",
)
