"""One date heading, or one line of an issue, over several entries."""

from articles.listing.layouts import Dialect

DIALECT = Dialect(
    name="date-heading",
    summary="One date heading, or one line of an issue, over several entries.",
    layout="K? P? H S? P? B? F*",
    lead="D",
    prior=-1.0,
)
