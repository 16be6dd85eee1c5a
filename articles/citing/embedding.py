"""What a page tells machines of its article: Highwire tags, OpenGraph, schema.org. Pure.

Highwire Press tags are what Google Scholar and Zotero read. OpenGraph (ogp.me) wants whole days:
where the day is not known, it is told no date.
"""

import json
from typing import Any

from articles.citing.reference import Person, Reference
from articles.citing.ris import page_bounds

#: Of a standfirst, as much as a description shows.
DESCRIPTION_LENGTH = 300
#: Properties of a schema.org CreativeWork, by MARC relator code.
_PROPERTIES = {"aut": "author", "trl": "translator", "edt": "editor", "ill": "illustrator"}


def description(reference: Reference) -> str:
    """Return the standfirst in one line, cut between words."""
    text = " ".join(reference.standfirst.split())
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return text[:DESCRIPTION_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def highwire(reference: Reference) -> list[tuple[str, str]]:
    """Return name and content of each tag, in the order of the credit."""
    first, last = page_bounds(reference.page_range)
    found = [("citation_title", reference.title)]
    found += [("citation_author", person.inverted) for person in reference.authors]
    found += [
        ("citation_publication_date", reference.iso_date.replace("-", "/")),
        ("citation_journal_title", reference.publication),
        ("citation_volume", reference.volume),
        ("citation_issue", reference.issue),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_language", reference.language),
        ("citation_public_url", reference.url),
    ]
    found += [("citation_keywords", word) for word in reference.keywords]
    return [(name, content) for name, content in found if content]


def open_graph(reference: Reference) -> list[tuple[str, str]]:
    """Return property and content of each tag."""
    found = [
        ("og:type", "article"),
        ("og:title", reference.title),
        ("og:url", reference.url),
        ("og:site_name", reference.archive),
        ("og:description", description(reference)),
        ("article:published_time", reference.iso_date if reference.day else ""),
    ]
    found += [("article:author", person.url) for person in reference.authors]
    found += [("article:tag", word) for word in reference.keywords]
    return [(name, content) for name, content in found if content]


def news_article(reference: Reference) -> dict[str, Any]:
    """Return the article as schema.org knows it (NewsArticle, JSON-LD 1.1)."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": reference.url,
        "url": reference.url,
        "mainEntityOfPage": reference.url,
        "headline": reference.headline,
        "alternativeHeadline": reference.subtitle,
        "description": description(reference),
        "datePublished": reference.iso_date,
        "inLanguage": reference.language,
        "keywords": list(reference.keywords),
        "pagination": reference.page_range,
        "correction": reference.correction,
        "isPartOf": _place(reference),
        **_rights(reference.rights),
        "includedInDataCatalog": {"@type": "DataCatalog", "name": reference.archive},
    }
    for role, name in _PROPERTIES.items():
        people = reference.authors if role == "aut" else reference.in_role(role)
        found[name] = [_agent(person) for person in people]
    others = [person for person in reference.people if person.role not in _PROPERTIES]
    found["contributor"] = [_agent(person) for person in others]
    return {name: value for name, value in found.items() if value}


def _rights(rights: str) -> dict[str, str]:
    """Return a rights statement as schema.org knows it: the address of a licence, or words."""
    if rights.startswith(("https://", "http://")) and " " not in rights:
        return {"license": rights}
    return {"copyrightNotice": rights} if rights else {}


def _agent(person: Person) -> dict[str, str]:
    kind = "Person" if person.is_person else "Organization"
    found = {"@type": kind, "name": person.name, "url": person.url}
    return {name: value for name, value in found.items() if value}


def _place(reference: Reference) -> dict[str, Any]:
    """Return issue, volume and periodical, each part of the next, as far as they are known."""
    found: dict[str, Any] = {}
    for kind, name, value in (
        ("Periodical", "name", reference.publication),
        ("PublicationVolume", "volumeNumber", reference.volume),
        ("PublicationIssue", "issueNumber", reference.issue),
    ):
        if value:
            found = {"@type": kind, name: value, **({"isPartOf": found} if found else {})}
    return found


def script_json(value: dict[str, Any]) -> str:
    """Return *value* as JSON that can stand in a script element: nothing in it ends the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
