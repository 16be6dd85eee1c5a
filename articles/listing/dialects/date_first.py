"""The date line stands above the headline."""

from articles.listing.layouts import Dialect

DIALECT = Dialect(
    name="date-first",
    summary="The date line stands above the headline.",
    layout="D K? P? H S? P? B? F*",
    prior=-0.5,
)
