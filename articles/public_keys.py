"""The form of permanent keys: 8 characters of Crockford's base 32. Pure."""

#: Crockford's alphabet (base32, 2002): no i, l, o or u. 8 characters hold 40 bits.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 8
_READ_AS = str.maketrans("ilo", "110")


def normalise_key(text: str) -> str:
    """Return a key as typed in its stored form: lower case, i and l read as 1, o as 0."""
    return text.lower().translate(_READ_AS)


def is_key(text: str) -> bool:
    """Return whether *text* has the form of a stored key."""
    return len(text) == LENGTH and all(character in ALPHABET for character in text)
