"""Headline, byline, date, then the standfirst: the usual order, in any form of credit line."""

from articles.listing.layouts import Dialect

DIALECT = Dialect(
    name="credit-after-headline",
    summary="Headline, byline, date, standfirst: the usual order, in any form of credit line.",
    layout="K? P? H S? P? B? D F*",
    prior=1.0,
)
