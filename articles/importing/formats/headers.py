"""Names of columns in seven languages, and the field that each means: data, and how it is read."""

import re
from collections.abc import Mapping

from articles.folding import fold

_FIELDS = {
    "headline": (
        "headline, title, heading, article title, article, main title, post title, name,"
        " überschrift, titel, schlagzeile, haupttitel, titre, titre de l'article, titular, título,"
        " titulo principal, titolo, manchete, заголовок, название, заглавие"
    ),
    "kicker": (
        "kicker, rubric, overline, eyebrow, supertitle, section label, dachzeile, oberzeile,"
        " spitzmarke, rubrik, surtitre, rubrique, antetítulo, sobretítulo, cintillo, occhiello,"
        " soprattitolo, chapéu, antetitulo, cartola, рубрика, надзаголовок"
    ),
    "subtitle": (
        "subtitle, subheading, sub title, subhead, untertitel, unterzeile, sous titre, soustitre,"
        " subtítulo, sottotitolo, подзаголовок"
    ),
    "standfirst": (
        "standfirst, summary, abstract, description, excerpt, teaser, lead, lede, dek, deck, intro,"
        " introduction, blurb, vorspann, zusammenfassung, anriss, kurztext, chapeau, chapô, résumé,"
        " entradilla, resumen, sumario, entrada, sommario, riassunto, catenaccio, resumo, sinopse,"
        " аннотация, лид, краткое содержание, описание"
    ),
    "body": (
        "body, text, content, full text, article text, article body, html, content html,"
        " inhalt, volltext, artikeltext, corps, texte, contenu, texte intégral, cuerpo, texto,"
        " contenido, testo, corpo, contenuto, conteúdo, corpo do texto, текст, содержание"
    ),
    "byline": (
        "byline, by, author, authors, author name, author names, writer, writers, credit, credits,"
        " creator, autor, autoren, autorin, verfasser, von, auteur, auteurs, autrice, signature,"
        " par, autores, autora, firma, por, autore, autori, firmato, автор, авторы"
    ),
    "published_on": (
        "date, published, published on, publication date, date of publication, date published,"
        " date posted, posted on, pub date, pubdate, post date, date of issue, issue date,"
        " datepublished, published at, day, datum, erschienen, erscheinungsdatum, erscheinungstag,"
        " ersch datum, veröffentlicht, veröffentlicht am, veröffentlichungsdatum,"
        " datum der veröffentlichung, date de publication, publié le, parution, date de parution,"
        " fecha, fecha de publicación, publicado, publicado el, data, data di pubblicazione,"
        " pubblicato, pubblicato il, data de publicação, publicado em, дата, дата публикации,"
        " опубликовано"
    ),
    "part": (
        "part, part number, part no, part label, instalment, installment, episode, teil, folge,"
        " partie, épisode, parte, entrega, puntata, часть, выпуск серии"
    ),
    "series": (
        "series, serial, column, serie, reihe, kolumne, série, chronique, columna, rubrica, coluna,"
        " серия, цикл, колонка"
    ),
    "tags": (
        "tags, tag, keywords, keyword, topics, topic, subjects, subject, categories, category,"
        " themes, schlagworte, schlagwörter, schlagwort, stichworte, themen, thema, kategorie,"
        " kategorien, mots clés, mot clé, thèmes, sujets, étiquettes, catégories, catégorie,"
        " palabras clave, etiquetas, temas, categorías, categoría, parole chiave, etichette, temi,"
        " categorie, categoria, palavras chave, categorias, теги, тег, ключевые слова, темы, тема,"
        " категория, категории"
    ),
    "language": "language, lang, sprache, langue, idioma, lengua, lingua, язык",
    "source_url": (
        "url, link, address, web address, source url, permalink, href, adresse, webadresse, lien,"
        " enlace, dirección, indirizzo, collegamento, endereço, ligação, ссылка, адрес"
    ),
    "publication": (
        "publication, newspaper, journal, magazine, paper, periodical, outlet, zeitung,"
        " zeitschrift, blatt, publikation, revue, périodique, publicación, periódico, revista,"
        " diario, pubblicazione, giornale, rivista, testata, publicação, jornal, издание, газета,"
        " журнал"
    ),
    "volume": "volume, vol, band, jahrgang, tome, volumen, tomo, annata, том",
    "issue": (
        "issue, number, no, nr, issue number, nummer, heft, ausgabe, numéro, número, edición,"
        " numero, fascicolo, edição, номер, выпуск"
    ),
    "pages": "pages, page, pp, seite, seiten, página, páginas, pagina, pagine, страницы, страница",
    "status": "status, state, stand, zustand, statut, état, estado, stato, situação, статус",
    "slug": "slug",
    "visible_from": "visible from, scheduled for, sichtbar ab",
    "part_number": "",
    "part_label": "",
}  # fmt: skip
#: Fields whose columns may stand more than once: the values are joined.
REPEATED = frozenset({"byline", "tags"})
#: A longer cell names no column.
LONGEST = 100
#: What stands behind a name for others of its kind: "Autor(en)", "Author(s)", "Autor:in".
_OR_MORE = re.compile(
    r"\s*(?:\((?:[ei]?n|in|innen|[aeo]?s|e|r)\)|[/:*·_](?:en|in|innen|s|trice))+\s*\Z",
    re.IGNORECASE,
)
_NO_WORD = re.compile(r"[^\w]+|_+")


def normalised(header: str) -> str:
    """Return *header* as columns are compared: folded, words parted by single spaces."""
    return _NO_WORD.sub(" ", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))).strip()


_BY_NAME = {
    normalised(name): field
    for field, names in reversed(_FIELDS.items())
    for name in (field, *names.split(","))
    if name.strip()
}


def field_of(header: str) -> str | None:
    """Return the field that a column called *header* holds, or None."""
    if len(header) > LONGEST:
        return None
    found = _BY_NAME.get(normalised(header))
    return found or _BY_NAME.get(normalised(_OR_MORE.sub("", header)))


def mapping(headers: list[str], said: Mapping[int, str] | None = None) -> dict[int, str]:
    """Return the field of each column, by its place; the first of two columns for a field wins.

    "Author" beside "Author 2" are both bylines, for each of which there may be several columns.
    *said* are those that a person gave a field, or none.
    """
    said = said or {}
    found = {place: field for place, field in said.items() if field}
    for place, header in enumerate(headers):
        if place in said or len(header) > LONGEST:
            continue
        field = field_of(header) or field_of(re.sub(r"\s*#?[0-9]{1,2}$", "", header))
        if field and (field in REPEATED or field not in found.values()):
            found[place] = field
    return dict(sorted(found.items())) if said else found


def is_header(cells: list[str], said: Mapping[int, str] | None = None) -> bool:
    """Whether a row names columns, as they are called or as *said*: a headline, one more field, and
    no cell twice."""
    fields = set(mapping(cells, said).values())
    return "headline" in fields and len(fields) > 1 and all(len(cell) < 100 for cell in cells)
