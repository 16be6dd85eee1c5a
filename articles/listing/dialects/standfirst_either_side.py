"""The standfirst stands above the credit line of some entries and below that of others."""

from articles.listing.layouts import Dialect

DIALECT = Dialect(
    name="standfirst-either-side",
    summary="The standfirst stands above the credit line of some entries and below that of others.",
    layout="K? P? H S? P? F* B? D F*",
    prior=-2.0,
)
