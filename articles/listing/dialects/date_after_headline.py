"""The date stands behind or below the headline, the byline below it."""

from articles.listing.layouts import Dialect

DIALECT = Dialect(
    name="date-after-headline",
    summary="The date stands behind or below the headline, the byline below it.",
    layout="K? P? H S? P? B? D B? F*",
)
