"""The labels of the labelled dialect, in eight languages: data for ``labelled``, nothing else."""

from articles.folding import fold

_LABELS = {
    "listing": "listing",
    "kicker": "kicker eyebrow dachzeile surtitre antetitulo occhiello antetítulo chapéu"
    " надзаголовок section rubric rubrik ressort rubrique sección sezione rubrica seção editoria"
    " рубрика раздел dział",
    "headline": "headline title heading titel kop überschrift schlagzeile titre título titular"
    " titolo заголовок название",
    "subtitle": "subtitle subhead subheading untertitel sous-titre subtítulo sottotitolo"
    " подзаголовок",
    "part": "part teil partie parte часть",
    "part_number": "part_number",
    "byline": "byline author authors creator by writer writers written_by autor autorin autoren"
    " autores autora verfasser von auteur auteurs auteure par por autore autrice autori di door"
    " автор авторы",
    "credits": "credits mitwirkende crédits créditos crediti участники",
    "translator": "translator translated_by translators übersetzer übersetzerin übersetzung"
    " traducteur traductrice traduction traductor traductora traduttore traduttrice tradutor"
    " tradutora traducción traduzione tradução переводчик перевод",
    "editor": "editor edited_by editors herausgeber herausgeberin éditeur editora"
    " curatore редактор",
    "photographer": "photographer photographs_by photos photo foto fotos fotograf photographe"
    " fotógrafo fotografo фото",
    "illustrator": "illustrator illustrations_by illustrateur ilustrador illustratore иллюстратор",
    "date": "date published posted publication_date date_published pubdate published_online"
    " published_on datum veröffentlicht erschienen publié"
    " publié_le date_de_publication fecha publicado publicado_el data pubblicato publicado_em дата"
    " опубликовано opublikowano year jahr année año anno ano год",
    "month": "month monat mois mes mese mês месяц",
    "standfirst": "standfirst summary abstract description excerpt teaser vorspann zusammenfassung"
    " chapeau chapô résumé entradilla resumen sommario riassunto resumo samenvatting аннотация"
    " вводка",
    "series": "series serie reihe série серия цикл",
    "tags": "tags topics keywords schlagwörter schlagworte themen mots-clés thèmes etiquetas temas"
    " etichette temi trefwoorden теги метки",
    "language": "language lang sprache langue idioma lingua língua taal язык",
    "link": "link url address adresse lien enlace collegamento ligação ссылка",
    "key": "key permanent_key schlüssel clé clave chiave chave ключ",
    "publication": "publication paper newspaper magazine zeitung zeitschrift journal publicación"
    " publication_title journal_title source_title newspaper_title medio medium periódico revista"
    " testata jornal veículo источник_публикации source quelle fuente fonte источник krant"
    " tijdschrift"
    " pubblicazione publicação издание",
    "volume": "volume vol band jahrgang volumen том",
    "issue": "issue number no nummer heft ausgabe numéro número numero номер выпуск",
    "pages": "pages page seiten seite páginas pagine страницы",
    "rights": "rights rechte droits derechos diritti direitos права",
}
#: Folded label -> the field it names.
LABELS = {
    fold(label.replace("_", " ")): name
    for name, labels in _LABELS.items()
    for label in labels.split()
}
#: Tags of two letters, or of one behind "%", as managers of references export them.
TAGS = {
    tag: name
    for name, tags in {
        "headline": "TI T1 T", "byline": "AU A1 A", "date": "DA PY Y1 DP D", "publication": "JO JF"
        " T2 JT J B", "standfirst": "AB N2 X", "pages": "SP PG P", "volume": "VL VI V",
        "issue": "IS IP N", "link": "UR U", "language": "LA G", "tags": "KW K", "editor": "ED E",
    }.items()
    for tag in tags.split()
}  # fmt: skip
#: Labels that name what a contributor did, by MARC relator code.
ROLE_LABELS = {"translator": "trl", "editor": "edt", "photographer": "pht", "illustrator": "ill"}
_LONGEST = 24
_BY = frozenset(("by", "von", "par", "por", "da", "di"))


def label_key(label: str) -> str:
    """Return *label* folded, without the ending of its plural: "Author(s)"."""
    return fold(label.partition("(")[0].strip())


def labelled_part(text: str) -> tuple[str, int] | None:
    """Return "date", "byline" or "kicker" and where its value begins, for *text*, a part of a line
    of several that begins with a label: "Author: A", "Section: Quays"; None for any other.

    What says who did the work of others is none: "Words: A | Pictures: B".
    """
    label, sign, value = text.partition(": ")
    name = (
        LABELS.get(label_key(label)) if sign and value.strip() and len(label) < _LONGEST else None
    )
    return (name, len(label) + 2) if name in ("date", "byline", "kicker") else None


def says_by(label: str) -> bool:
    """Tell whether a folded *label* ends as one before names: "issued by", "verfasst von"."""
    words = label.split()
    return 1 < len(words) <= 3 and words[-1] in _BY


#: The spelling that is written.
WRITTEN = {
    "kicker": "Kicker", "headline": "Headline", "subtitle": "Subtitle", "part": "Part",
    "part_number": "Part number", "byline": "Byline", "credits": "Credits", "date": "Date",
    "standfirst": "Standfirst", "series": "Series", "tags": "Tags", "language": "Language",
    "link": "Link", "key": "Key", "publication": "Publication", "volume": "Volume",
    "issue": "Issue", "pages": "Pages", "rights": "Rights",
}  # fmt: skip
#: What a contributor did, in words, by MARC relator code.
ROLES = {
    "aut": "author", "trl": "translator", "edt": "editor", "ill": "illustrator",
    "pht": "photographer", "ivr": "interviewer", "ive": "interviewee", "ctb": "contributor",
    "aui": "introduction",
}  # fmt: skip
ROLE_CODES = {word: code for code, word in ROLES.items()}
KINDS = ("person", "collective", "organisation")
