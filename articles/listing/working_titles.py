"""Internal working titles, told from headlines."""

import re

from articles.listing.words import word_set

_CODE_WORD = re.compile(r"(?P<letters>[a-z]{2,6})[0-9]{2,6}(?=\s)")
_CODE_NUMBER = re.compile(r"(?P<number>[0-9]{3,4})\s+(?P<next>\S)")
_PRODUCT_WORDS = word_set("covid web mp win")


def looks_like_slug(headline: str, *, bylined: bool) -> bool:
    """Tell whether *headline* is an internal working title: "zzz999 Draft", "230 Smith".

    It opens with a code: letters and digits in lower case, or a number that counts nothing (a
    capital follows: "150 years since ..." counts) and is no year. An entry with a byline is no
    working title, unless its code is one letter repeated.
    """
    head = headline.lstrip()[:40]
    if not (head[:1].islower() or head[:1].isdigit()):
        return False
    word = _CODE_WORD.match(head)
    if word and word["letters"] not in _PRODUCT_WORDS:
        return not bylined or len(set(word["letters"])) == 1
    number = _CODE_NUMBER.match(head)
    if number is None or bylined:
        return False
    is_year = len(number["number"]) == 4 and number["number"][0] in "12"
    return not is_year and not number["next"].islower() and number["next"].isalpha()
