"""The invented archive as Datasette publishes one: a table with arrays to facet by, and FTS5 over
it. ``python -m benchmarks.peers.datasette_site FILE DATABASE`` fills it; standard library only."""

import json
import sqlite3
import sys
from pathlib import Path

TABLES = """
CREATE TABLE articles (id INTEGER PRIMARY KEY, published_on TEXT, year INTEGER, kicker TEXT,
  headline TEXT, standfirst TEXT, byline TEXT, body TEXT, authors TEXT, tags TEXT);
CREATE INDEX articles_by_date ON articles (published_on);
CREATE INDEX articles_by_year ON articles (year);
CREATE VIRTUAL TABLE articles_fts USING fts5
  (kicker, headline, standfirst, body, content="articles", content_rowid="id", tokenize="porter");
"""


def fill(source: Path, target: Path) -> None:
    """Fill the database *target* from the lines of *source*; print the address of an article."""
    database = sqlite3.connect(target)
    database.executescript(TABLES)
    rows = []
    with source.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            item = json.loads(line)
            rows.append(
                (
                    number, item["published_on"], int(item["published_on"][:4]),
                    item.get("kicker", ""), item["headline"], item.get("standfirst", ""),
                    item.get("byline", ""), item.get("body", ""),
                    json.dumps(item["authors"], ensure_ascii=False),
                    json.dumps(item["tags"], ensure_ascii=False),
                )
            )  # fmt: skip
    database.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    database.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    database.commit()
    database.execute("ANALYZE")
    database.commit()
    database.close()
    print(json.dumps({"detail": f"/archive/articles/{len(rows)}"}))


def main() -> int:
    """Fill the database."""
    source, target = sys.argv[1:]
    fill(Path(source), Path(target))
    return 0


if __name__ == "__main__":
    sys.exit(main())
