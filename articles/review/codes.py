"""The words of every doubt that is not raised by a check: code -> (title, explanation). Pure.

Codes of the parser are listed in `articles.listing.records`; those of imports are raised by
`articles.importing`. A check brings its own words.
"""

_READ = "The listing can be read in another way. If the other reading is right, take it."
_SERIES = "Put the articles into the series, or say that it is not a problem."

CODES: dict[str, tuple[str, str]] = {
    # Of what was removed on legal grounds
    "removed-text": (
        "A text that was removed came again",
        "The file has a text that was removed from the archive on legal grounds. It was left out.",
    ),
    "removed-words": (
        "Words that were removed came again",
        "The file has words that were removed from the archive on legal grounds. They were left"
        " out.",
    ),
    # Of the parser: which line is what
    "kicker-or-subtitle": ("Kicker or subtitle?", _READ),
    "inline-kicker": ("Kicker inside the headline?", _READ),
    "standfirst-or-kicker": (
        "Standfirst, or the next kicker?",
        "A line may belong to this entry or to the next. Compare both articles with the lines.",
    ),
    "standfirst-or-headline": (
        "Standfirst, or the next headline?",
        "A line may belong to this entry or to the next. Compare both articles with the lines.",
    ),
    "standfirst-or-stray": (
        "Standfirst, or no part of the entry?",
        "A line was taken as the standfirst, but it may belong to no entry.",
    ),
    "topic-or-kicker": ("Topic of the page, or kicker?", _READ),
    "topic-or-headline": ("Topic of the page, or headline?", _READ),
    "part-or-heading": ("Part label, or heading?", _READ),
    "stray-line": (
        "A line that fits nowhere",
        "A line near this entry belongs to no field. Put its text where it belongs, if anywhere.",
    ),
    "row-unsure": (
        "A line of several fields, cut unlike the others",
        "The line holds several fields and was divided otherwise than most lines of the file.",
    ),
    "reference-unsure": (
        "A reference that holds more",
        "A part of a bibliographic reference belongs to no field, or may not be all of one.",
    ),
    "unlike-others": (
        "Unlike the other entries",
        "A line has a role here that few other entries of the file have. Compare with its lines.",
    ),
    "headline-holds-more": (
        "A headline that holds more",
        "The headline seems to hold another field: a date, a name or a separator.",
    ),
    "prose-headline": (
        "A headline that reads like a standfirst",
        "The only line that could be the headline reads like running text.",
    ),
    "standfirst-lines": (
        "A standfirst of several lines",
        "The standfirst runs over more than one line. Perhaps the second is another field.",
    ),
    "part-without-headline": (
        "A part label for a headline",
        "The only heading line is a part label. The article needs a headline of its own.",
    ),
    "part-number-unclear": (
        "Part number unclear",
        "The part label names more than one part, so no number was taken.",
    ),
    "byline-unclear": (
        "A byline with two readings",
        "The byline could be divided into names in another way. Look at the credits.",
    ),
    "byline-empty": ("A byline without a name", "“By” and a date, and nothing in between."),
    "impossible-date": (
        "A day that does not exist",
        "The day does not exist in its month, so only month and year were taken.",
    ),
    "date-out-of-order": (
        "Date out of order",
        "The date breaks the order of the file. It may be a misprint of the listing.",
    ),
    "possible-date-line": (
        "A date inside a line",
        "A line ends in a date that would fit here. Perhaps two entries were read as one.",
    ),
    "byline-or-heading": (
        "Byline, or heading?",
        "A name without “By” may be the byline or a heading. Look at the credits.",
    ),
    "listing-irregular": (
        "Is the listing read rightly?",
        "The file fits none of the ways of writing a listing that are known. Compare the entries"
        " with their lines before you rely on them.",
    ),
    "date-order-unknown": (
        "Day or month first?",
        "A date in figures can be read in two ways, and the file does not tell which.",
    ),
    "date-unreadable": ("A date that cannot be read", "What is labelled as a date is none."),
    "date-missing": ("No date", "A labelled entry has no date. Give the article one."),
    "weekday-differs": (
        "Weekday and date disagree",
        "The weekday printed beside the date is not that date’s. One of them is a misprint.",
    ),
    "key-unreadable": (
        "A permanent key that is none",
        "What is labelled as a permanent key has not the form of one, and was left out.",
    ),
    "label-twice": (
        "A field stated twice",
        "A field is stated twice in one entry; the first value was taken.",
    ),
    "unlabelled-line": (
        "A line without a label",
        "Inside a labelled entry stands a line without a label; it was read as standfirst.",
    ),
    "dialect-unsure": (
        "Another dialect fits nearly as well",
        "The file can be read nearly as regularly in another dialect. Import it with that one to"
        " compare.",
    ),
    "field-implausible": (
        "A field that is odd in the whole listing",
        "A field has something in most entries of the listing that it should not have: the listing"
        " may be written otherwise than it was read. Compare one entry with its lines; the others"
        " are likely to be the same.",
    ),
    "layout-unsure": (
        "Another order of lines fits nearly as well",
        "The file does not tell which of two orders its lines have, and this entry reads otherwise"
        " in the other. Compare with its lines.",
    ),
    "no-dates": ("A file without dates", "No line of the file was recognised as a date."),
    "oldest-first": ("Dates rise down the file", "The listing runs from the oldest to the newest."),
    "vocabulary-pruned": (
        "Too many different headings",
        "The file has so many headings that rare kickers may have gone unseen.",
    ),
    # Of the file
    "encoding": ("Encoding guessed", "The file is not UTF-8; look for broken letters."),
    "control-characters": ("Control characters left out", "They were left out of the texts."),
    # Of formats: what could not be brought, or was brought otherwise
    "date-order-mixed": (
        "Day first and month first",
        "Dates in figures stand in both orders in the file. Look at those that could be either.",
    ),
    "year-short": ("A year of two figures", "A year has two figures; the century was supplied."),
    "body-left-out": ("Body left out", "The export has the body in a form that cannot be read."),
    "text-left-out": ("Text left out", "A part of the text could not be brought."),
    "markup-left-out": (
        "Markup left out",
        "Scripts, forms or markup that does not belong into a body were left out.",
    ),
    "markup-tangled": ("Tangled markup", "The markup is too deeply nested to be read in full."),
    "picture-left-out": ("Picture left out", "A picture of the old site could not be brought."),
    "link-unresolved": (
        "Links that lead nowhere",
        "Links lead to pages of the old site that are not here.",
    ),
    "address-taken": (
        "Old address taken",
        "The old address leads to something else here, and was not taken over.",
    ),
    "address-unusable": ("Old address unusable", "The old address cannot lead anywhere here."),
    "slug-taken": ("Slug taken", "Another article of that day has the slug; a number was added."),
    "column-unknown": (
        "A column that was not read",
        "A column of the table is no field of an article, and was not imported.",
    ),
    "column-taken": (
        "A column told by what it holds",
        "No column is called the date; one that holds nothing but dates was taken for it.",
    ),
    "row-without-headline": ("No headline", "A row of the table has no headline."),
    "row-too-long": ("A row that is too long", "A row has more cells than the table has columns."),
    "sheet-without-header": ("A sheet without a header", "A sheet was left out: it has no header."),
    "value-too-long": ("A value that is too long", "A value fits in no field and was left out."),
    "value-unusable": ("A value that cannot be used", "A value was left out as it stands."),
    "item-unreadable": ("An item that cannot be read", "An item of the file was left out."),
    "in-the-bin": ("In the bin of the old site", "What was thrown away there was left out."),
    "headline-given": (
        "A headline that was supplied",
        "The draft had no title on the old site. Give it a headline.",
    ),
    "status-changed": (
        "Another status than on the old site",
        "The old site showed it to some readers only, so it became a draft here.",
    ),
    "status-unknown": ("A status that is not known", "The article became a draft."),
    # Of imports
    "conflict": (
        "Listing and editor disagree",
        "The listing changed a field that an editor had changed. The editor’s value stands until"
        " somebody decides; what is kept is not asked again for the same value of the listing.",
    ),
    "entry-ambiguous": (
        "Which entry is it?",
        "The entry may be any of several imported before. Choose which, or say that it is new:"
        " it is carried out at once. “Not a problem” makes a new article at the next import.",
    ),
    "author-ambiguous": (
        "Which author is it?",
        "Several authors have this spelling. Choose one: the article is made at once.",
    ),
    "entry-gone": (
        "Gone from the listing",
        "A newer version of the listing no longer has the entry. The article stays.",
    ),
    "rejected": (
        "Not imported",
        "The entry cannot be an article as it stands. Put the listing right and import it again.",
    ),
    "deleted-here": ("Deleted here", "An editor deleted the article; the import leaves it so."),
    "merged-here": ("Merged here", "An editor merged the article; the one that stays is followed."),
    "part-number-taken": (
        "Part number taken",
        "Another article is this part of the series already, so the number was left out.",
    ),
    "part-alone": ("A part that stands alone", f"One part of a possible serial. {_SERIES}"),
    "part-number-twice": ("A part number twice", "Two entries claim the same part of a series."),
    "series-proposal": ("A column?", f"A kicker stands above several entries. {_SERIES}"),
    "series-spelling": (
        "A series spelled otherwise?",
        "A kicker or a title is close to the title of a series. If they are one, confirm: the"
        " spelling leads there, or the two are merged.",
    ),
    "series-prefix": (
        "A column in the headlines?",
        f"Several headlines begin alike, as those of a column do. {_SERIES}",
    ),
    "parts-in-standfirsts": (
        "A serial in the standfirsts?",
        f"Several standfirsts speak of parts of one whole. {_SERIES}",
    ),
    "series-in-standfirsts": (
        "A series in the standfirsts?",
        f"Several standfirsts name the same series. {_SERIES}",
    ),
    "author-spelling": (
        "One author, two spellings?",
        "Two names are nearly the same. Compare the articles; if they are one person,"
        " confirm, and the two are merged.",
    ),
    "tag-spelling": (
        "One tag, two spellings?",
        "Two tags are nearly the same. If they are one, confirm, and the two are"
        " merged; the spelling leads there from then on.",
    ),
    "stays-withdrawn": (
        "Withdrawn here",
        "The article was withdrawn here; the import leaves it so.",
    ),
    "key-unknown": (
        "A permanent key that leads nowhere",
        "An entry states a permanent key that no article here has.",
    ),
    "key-reserved": (
        "A permanent key that is taken",
        "The permanent key belongs to an article that was deleted here, and is not given again.",
    ),
    "translation-unknown": (
        "Original unknown",
        "The article says that it is a translation of one that the archive does not have.",
    ),
}
