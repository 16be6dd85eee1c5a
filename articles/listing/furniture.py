"""Lines that a page carries beside its entries: "Read more", "Share", breadcrumbs, counts, pages.

Such lines belong to no entry, and nothing is lost with them.
"""

import re
from functools import lru_cache

from articles.folding import fold
from articles.listing.alternatives import Phrases
from articles.listing.page_lines import pages_in

_PHRASES = (
    r"read (?:more|on|the (?:full|whole|entire) (?:\w{3,15} )?(?:article|story|text|post|piece"
    r"|review|essay|interview|report|transcript|letter|column|paper|release|statement|editorial"
    r"|entry))|continue reading|more"
    r"|(?:read|learn|discover|find out|explore) more"
    r"(?:\s?: .{1,150}| (?:about|on|at) (?!.{0,150}[.!?]\Z).{1,150})?"
    r"|(?:read|view) (?:the |this )?(?:article|story|post|piece|review|essay|interview)"
    r"|full (?:article|story|text)"
    r"|(?:weiter|mehr) ?lesen|mehr|lire (?:la suite|plus|l.article)|en savoir plus|leer más"
    r"|seguir leyendo|lees (?:meer|verder)"
    r"|leggi (?:tutto|di più|ancora)|continua a leggere|ler mais|leia mais|saiba mais"
    r"|читать (?:далее|дальше|полностью)"
    r"|advertisement|advertising|sponsored(?: content)?|anzeige|werbung|publicité|publicidad"
    r"|pubblicità|publicidade|реклама"
    r"|share(?: (?:this|on|via)\b.{0,40})?|tweet|e-?mail|print(?: (?:this|page))?|save|bookmark"
    r"|like|follow(?: us)?(?: on .{1,20})?"
    r"|e-?mail ?this ?blog ?this!.{0,80}|(?:writer|author).s picture: .{1,60}"
    r"|month: \w{3,10} [12][0-9]{3}|labels: [\w-]{1,30}(?:, .{1,80})?"
    r"|#[^\W_][\w-]{0,40}(?:,? #[^\W_][\w-]{0,40}){1,20}"
    r"|document [a-z]{2,6}[a-z0-9]{14,36}|details|view|abstract(?:/details)?|(?:view )?full text"
    r"|permissions|references|reblog|html|epub"
    r"|(?:(?:abstract|full text|pdf|html|epub|references|(?:request )?permissions"
    r"|citations?)\s?){2,8}"
    r"|cite(?: this(?: item| article)?)?|(?:save|add) to (?:favou?rites|(?:my )?list|folder|basket)"
    r"|add tags|saved in:?|mark (?:all )?as (?:un)?read"
    r"|(?:via )?(?:getty images|shutterstock|istock(?:photo)?|alamy|unsplash)"
    r"|print (?:edition|headline)\s?[:|].{1,140}|print edition\s.{1,140}[,|] page .{1,6}"
    r"|(?:a|this) version of this article (?:appear|was|ran|first|original).{1,130}"
    r"|(?:media|press) contacts?"
    r"|(?:tel|phone|fax|telefon|tél|teléfono)\.?:?\s?[+(0-9][0-9 ()./-]{6,20}"
    r"|(?:\+[0-9]{1,3}|\(?[0-9]{3}\)?)(?:[-. ][0-9]{2,4}){2,4}"
    r"|teilen|drucken|partager|imprimer|compartir|imprimir|condividi|stampa|partilhar"
    r"|compartilhar|поделиться|печать"
    r"|(?:view|see|show|load) (?:all|more)(?: .{1,30})?|load (?:more|older).{0,30}|mehr (?:laden"
    r"|anzeigen)"
    r"|(?:no|keine?|aucun|sin|nessun|sem|nenhum|нет) (?:comments?|kommentare?|commentaires?"
    r"|comentarios?|commento|commenti|comentários?|комментариев)(?: yet)?\s?:?"
    r"|(?:leave|post|add) a comment|comments|kommentare|commentaires"
    r"|comentarios|commenti|filter(?: by .{1,20})?|sort(?:ed)? by:? .{1,30}"
    r"|(?:skip|jump) to (?:main )?(?:content|navigation)|back to (?:top|the top|overview|archive)"
    r"|nach oben|haut de page|volver arriba"
    r"|sign (?:in|up|out)|log ?(?:in|out)|register|menu|search(?: for)?:?|suche nach:?"
    r"|subscribe(?: (?:now|today|to\b.{1,50}))?|newsletter|donate(?: now)?"
    r"|anmelden|abonnieren|suche|menü|s.abonner|se connecter|suscríbete|iniciar sesión|abbonati"
    r"|accedi|assine|подписаться|войти|buscar|entrar|fale conosco|expediente|mais lidas|veja mais"
    r"|política de privacidade|termos de uso"
    # What makes pages: "A village powered by wind" is a headline.
    r"|(?:.{1,40}\s)?(?:powered by|made with) (?:wordpress|ghost|drupal|joomla|squarespace|wix"
    r"|webflow|mailchimp|substack|blogger|tumblr|typo3|jekyll|hugo)(?:\.com|\.org)?"
    r"|proudly powered by .{1,40}|(?:(?:an? |un )?(?:free )?(?:blog|website|site|sito) "
    r"(?:at|on|su|de|bei|auf|en) )wordpress\.com"
    r"|(?:next|previous|prev|older|newer)(?: (?:page|posts?|articles?|entries))?|weiter|zurück"
    r"|suivant|précédent|siguiente|anterior"
    r"|related(?: (?:articles?|stories|posts|content))?|most (?:read|popular)|trending|you (?:may"
    r"|might) also like"
    r"|(?:accept|manage) (?:all )?cookies|cookies? (?:policy|settings)|privacy policy"
    r"|terms (?:of use|and conditions)|contact(?: us)?|about(?: us)?"
    r"|all rights reserved.{0,40}|(?:listen|watch)(?: (?:now|to (?:this )?article))?"
    # "Photo by photo" is a title.
    r"|photo(?:s)?: .{1,60}|(?:photo(?:graph)?|illustration) by (?!photo|illustration).{2,60}"
    r"|(?:photograph|illustration|image|composite): .{2,60}|download \((?:pdf|epub|[0-9]).{0,20}\)"
    r"|czytaj (?:dalej|więcej)"
    r"|(?:photo|photograph|image|picture)s? courtesy (?!and\b)(?:of )?.{2,60}"
    r"|play/pause(?: button)?"
    r"|(?:image|photo) credit.{0,60}"
    r"|(?:filed under|posted in|category|categories|(?:category|tag) archives|tags"
    r"|tagged|tagged with|kategorien?"
    r"|schlagwörter|catégories?|étiquettes|categorías?|etiquetas|categorie|categorias"
    r"|рубрика|метки)\s?:\s?.{1,80}"
    r"|(?:posted|filed|published) (?:in|under) .{1,120}(?<! [12][0-9]{3})"
    r"|tagged (?:as |with )?.{1,60}"
    r"|(?:reply|respond|permalink|permalien(?:\s\[#\])?|link|pdf"
    r"|download(?: (?:the )?pdf)?|(?:view|read) online"
    r"|view article|available online|open access|play|pause|copy link|get (?:the )?newsletter)"
    r"|(?:leave|write|post|add) (?:a )?(?:comment|reply)|continue(?: reading)?.{0,140}|keep reading"
    r"|(?:hier )?weiterlesen|zum artikel|artikel lesen|lire l.article|ver más|más información"
    r"|ver mais|continuar lendo|continua|leggi l.articolo|читать статью|подробнее"
    r"|(?:recommended|suggested|picked)(?: (?:for you|reading|articles|stories))?"
    r"|(?:editor.?s.?|our) (?:picks?|choice)|read next|up next|more (?:stories|articles|news|posts)"
    r"|(?:show|load|view|see) (?:older|newer|previous|earlier|next)(?: .{1,30})?"
    r"|you have (?:[0-9]+|one|two|three|no) .{0,20}(?:free )?(?:articles?|stories) (?:left"
    r"|remaining).{0,40}"
    r"|(?:sign|join) up\b.{0,60}|(?:get|receive) (?:our|the|all) .{1,50}\b(?:inbox|e-?mail"
    r"|week|day)"
    r"|(?:enter )?your e-?mail(?: address)?|join (?:our|the) (?:mailing list|newsletter).{0,30}"
    r"|by signing up,? (?:you|i) .{10,150}|no spam[.,!] .{0,60}|e-?mail sent[.!].{0,80}"
    r"|e-?mail address ?(?:[:*(].{0,80})?"
    r"|ho letto .{0,30}\bprivacy\b.{0,30}"
    r"|become a (?:member|subscriber|supporter).{0,30}|support (?:us|our work).{0,30}"
    r"|subscribe to .{1,50}|unsubscribe.{0,40}|view (?:this|in) .{0,12}browser.{0,10}"
    r"|unser(?:en)? newsletter.{0,40}|zum newsletter.{0,30}|(?:jetzt )?abonnieren.{0,30}"
    r"|abonnez.vous.{0,50}|suscríba(?:se|nse).{0,40}|iscriviti.{0,50}|подпис(?:аться|ывайтесь).{0,40}"
    r"|(?:empfohlen|empfehlungen|à lire aussi|lire aussi|lea también|leggi anche|leia também"
    r"|читайте также|mehr zum thema|sur le même sujet)(?::.{0,60})?"
    r"|(?:ältere|neuere|frühere) (?:beiträge|artikel)|(?:articles|billets) (?:plus )?(?:anciens"
    r"|récents|précédents|suivants)|entradas (?:antiguas|recientes|anteriores)"
    r"|(?:subscribe to|abonnieren|s.abonner à|suscribirse a|iscriviti a|assinar)\s?:"
    r".{1,40}\b(?:atom|rss)\)?"
    r"|página principal|page d.accueil|página inicial|home page"
    r"|(?:post|articoli) (?:più vecchi|precedenti|successivi)|(?:posts|artigos) (?:mais )?antigos"
    r"|(?:to|von|from|an|de|à|от|кому|para|cc|sent|reply-to|gesendet)\s?: .{0,80}@.{1,60}"
    # The head of a mail: a list that it was sent to, when, with the zone of the sender.
    r"|to: [a-z]+(?:-[a-z]+)+"
    r"|(?:date|sent|datum|gesendet|fecha|data|дата): .{8,24}"
    r" [0-9]{2}:[0-9]{2}(?::[0-9]{2})? [+-][0-9]{4}"
    r"|(?:subject|betreff|objet|asunto|oggetto|assunto|тема)\s?: .{1,80}"
    r"|(?:to (?:unsubscribe|subscribe)|you are receiving|you received this|sent (?:by|from|to)"
    r"|forward (?:this|to)|zum abbestellen|pour vous désabonner|para darse de baja).{0,80}"
    r"|(?:media |press )?contacts?: .{1,60}|pressekontakt: .{1,60}"
    r"|(?:table of )?contents|in this issue|inhalt(?:sverzeichnis)?|(?:au )?sommaire|sumario"
    r"|sumário|índice|indice|sommario|содержание"
    r"|(?:click to )?enlarge(?: (?:picture|image|photo))?|bild vergrößern|agrandir(?: l.image)?"
    r"|(?:photo|picture) gallery|slideshow|top stories"
    r"|(?:[^\W\d_][^:/]{1,30}:\s)?(?:https?://|www\.)\S{1,180}"
    r"|(?:published|posted|updated|at|um|à|alle|a las|às)?\s?:?\s?[0-9]{1,2}[.:h][0-9]{2}"
    r"\s?(?:[ap]\.?m\.?|uhr|h)?"
    # "In" / "The Quay" / "by" / "Ida Meer", each on a line of its own.
    r"|in|by|von|par|por|di|door|[0-9][0-9.,]{0,5}[km](?: \w{4,12})?"
    r"|(?:members?|subscribers?)[ -]only(?: (?:story|post|article))?|premium|paywall|free"
    r"|sponsored post|featured(?: (?:post|story|article))?|paid(?: (?:post|story|subscribers))?|pub"
    # What only subscribers may read.
    r"|(?:nur |exklusiv )?für (?:(?:abonnentinnen und )?abonnenten|abonnent:?innen|mitglieder)"
    r"|abo-?pflichtig(?:er inhalt)?|(?:article |contenu )?(?:réservé|exclusif)(?: aux)? abonnés"
    r"|(?:pour les )?abonnés|(?:contenido )?(?:solo|sólo|exclusivo)?\s?para (?:suscriptores|socios"
    r"|assinantes|subscritores|abonados)|(?:contenuto |articolo )?(?:riservato |solo )?"
    r"(?:agli|per gli) abbonati|exclusivo(?: (?:para )?(?:assinantes|subscritores|suscriptores))?"
    r"|(?:exclusief |alleen |enkel )?voor (?:abonnees|leden)"
    r"|(?:только )?(?:для|по) подписчик(?:ов|ам)"
    r"|abo|(?:abo|faz|f|sz|nzz|taz|zeit|z|welt|bild|spiegel|s|stern|heise|h)?(?:[ -]?plus|\+)"
    # What one may do with an article.
    r"|merken|speichern|vorlesen|anhören|bewaar|bewaren|opslaan|delen|deel(?: dit artikel)?|luister"
    r"|guardar|escuchar|enregistrer|sauvegarder|écouter|salva|salvar|ascolta|ouvir|сохранить|слушать"
    r"|читать|скачать(?: pdf)?|(?:scarica|télécharger|descargar|baixar"
    r"|herunterladen)(?: (?:(?:il|le|el|o) )?pdf)?|(?:compartir|partager|condividi|partilhar"
    r"|compartilhar|teilen) (?:en|sur|su|no|auf|via) (?:facebook|twitter|x|whatsapp|linkedin"
    r"|telegram|mastodon|bluesky|pinterest|reddit|xing|instagram|e-?mail)|"
    r"(?:bekijk|lees)(?: (?:het|dit|hele|volledige)){0,2} artikel"
    r"|(?:leer|ver)(?: (?:el|la))? (?:artículo|noticia|nota)(?: completa| completo)?"
    r"|(?:ler|ver)(?: o| a)? (?:artigo|notícia|matéria)(?: completa| completo)?|continuar? a ler"
    r"|continuar leyendo|sigue leyendo|continuer la lecture|zum (?:ganzen )?(?:beitrag|text)"
    r"|(?:hinterlasse|schreibe?) (?:einen|eine[nr]?) (?:kommentar|antwort)|kommentieren"
    r"|(?:laisser|écrire|poster) un commentaire|commenter"
    r"|(?:deja|dejar|escribe) un comentario|comentar"
    r"|lascia un commento|(?:deixe|deixar) (?:um|o seu) comentário"
    r"|(?:geef|laat|plaats) een reactie(?: achter)?|reageer|reacties|оставить комментарий"
    r"|комментарии|комментировать|обсудить"
    r"|(?:veröffentlicht|abgelegt) (?:unter|in) .{1,60}(?<! [12][0-9]{3})"
    r"|(?:publié dans|classé (?:dans|sous)) .{1,60}(?<! [12][0-9]{3})"
    r"|geplaatst in .{1,60}(?<! [12][0-9]{3})|pubblicato in .{1,60}(?<! [12][0-9]{3})"
    # The way to a letter of news.
    r"|(?:jetzt |hier )?(?:kostenlos |gratis )?(?:anmelden"
    r"|(?:(?:einzel|probe)?heft |ausgabe |abo )?bestellen)|je m.(?:abonne|inscris)"
    r"|s.inscrire|me suscribo|suscribirse|suscribirme|mi iscrivo|iscriviti|subscrever"
    r"|inscreva-se|(?:gratis )?(?:inschrijven|aanmelden)|abonneren|inloggen|zoeken"
    r"|(?:ihre|deine) e-?mail(?:-?adresse)?|(?:votre|ton) (?:adresse )?e-?mail"
    r"|(?:votre )?adresse (?:e-?mail|électronique)|(?:su|tu) (?:correo(?: electrónico)?|e-?mail)"
    r"|(?:la )?tua e-?mail|(?:o )?(?:seu|teu) e-?mail|(?:je|uw|jouw) e-?mail(?:adres)?"
    r"|(?:recevez|recibe|reciba|ricevi|receba|erhalten sie|ontvang) .{1,60}"
    r"\b(?:newsletter|lettre\b.{0,20}|boletín|nieuwsbrief|e-?mail|posta|correo)"
)
# What may begin with anything, but has one of a few signs.
_SIGNED = (
    r".{2,60}\s?/\s?(?:afp|ap(?: images| photo)?|epa|pa(?: wire)?|reuters|getty(?: images)?|alamy"
    r"|shutterstock|bloomberg|dpa|istock(?:photo)?|unsplash|zuma(?: press)?|redux)"
    r"|[^\s@]{1,40}@[^\s@]{1,60}\.[a-z]{2,10}"
    r"|(?!(?:texte?|texto|testo|words|story|by|von|par|por|di)\b)[^:]{3,90}[.!?] ?\(?"
    r"(?:photo(?:graph)?|illustration|foto|bild|фото)s?\s?: [^:!?]{2,50}\)?"
)
_SIGNS_INSIDE = re.compile("[/@:]")
_PAGER = (
    r"(?:[0-9]{1,4}|…|\.{3}|[«‹<»›>]{1,2}|next|previous|prev|last|first"
    r"|older|newer|weiter|zurück|suivant|précédent|siguiente|anterior)"
)
_COUNTS = (
    r"(?:comments?|kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties?"
    r"|комментари[ийев]{1,3}|просмотр(?:ов|ы)|shares?|likes?|views?|aufrufe|visitas"
    r"|visualizzazioni|visualizações|weergaven)"
    r"\s?[:([]?\s?[0-9][0-9.,]{0,8}k?\s?[)\]]?"
    r"|[0-9][0-9.,]{0,8}k?\s(?:comments?|kommentare?|commentaires?|comentarios?|comentários?"
    r"|commenti|commento|reacties?|комментари[ийевя]{1,3}|просмотр(?:ов|а)?|shares?|likes?|views?"
    r"|claps?|words|wörter|mots|palabras|parole|слов|aufrufe|visitas|weergaven|j.aime)"
    r"|(?:[0-9]{1,3}|a few)[\s-]?(?:min(?:ute)?s?\.?|minuten|minutos|minuti|мин\.?)(?:\s?(?:read"
    r"|reading(?: time)?|lesezeit|de lecture|de lectura|di lettura|de leitura|leestijd|чтения))?"
    r"|(?:reading time|lesezeit|temps de lecture|tiempo de lectura|tempo di lettura"
    r"|tempo de leitura|leestijd|время чтения)\s?:?\s?(?:ca\. ?)?[0-9]{1,3}\s?\w{0,8}\.?"
    r"|(?:lecture|lectura|lettura|audio|video)\s?:?\s?[0-9]{1,3}\s?min\w{0,5}\.?"
    r"|(?:page|seite|página|pagina|страница)\s[0-9]{1,5}(?:\s(?:of|von|de|di|sur|из"
    r"|/)\s[0-9]{1,5})?"
    r"|(?:treffer|ergebnisse|résultats|resultados|risultati|resultaten|результаты)"
    r"\s[0-9]{1,6}\s?(?:[-–]|bis|à|al?|до|tot)\s?[0-9].{0,30}"
    r"|[0-9]{1,6}\s(?:treffer|ergebnisse|résultats|resultados|risultati|resultaten|результат(?:а|ов)?)"
    r"(?:\s(?:gefunden|für|trouvés|pour|encontrados|para|trovati|per|gevonden|voor)\b.{0,40})?"
    r"|[0-9]{1,6}\s?[-–]\s?[0-9]{1,6}\s(?:of|von|sur|de|di|van|из)\s[0-9]{1,6}.{0,20}"
    r"|(?:sortieren nach|trier par|ordenar por|ordina per|sorteer op|сортировать по):?\s.{1,30}"
    r"|(?:showing|results?|displaying)\s[0-9].{0,40}|[0-9]{1,6}\s(?:results?|articles?|entries"
    r"|items|posts)(?: found)?"
    r"|(?:[0-9]{1,3}|an?|one)\s(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?)\sago"
    r"|yesterday|just now|vor [0-9]{1,3} (?:minuten?|stunden?|tagen?|wochen?|monaten?)|gestern"
    r"|il y a [0-9]{1,3} (?:minutes?|heures?|jours?|semaines?|mois)|hace [0-9]{1,3} (?:minutos?"
    r"|horas?|días?|semanas?|meses)|há [0-9]{1,3} (?:minutos?|horas?|dias?|semanas?"
    r"|m[eê]s(?:es)?|anos?)|[0-9]{1,3} (?:minuti|ore|giorni) fa"
    rf"|{_PAGER}(?:(?:\s{{1,3}}|\s?[|·]\s?){_PAGER}){{2,30}}"
    r"|(?:©|\(c\)|copyright)\s.{0,80}"
)
#: A count that may stand anywhere in a credit line.
COUNT = _COUNTS
# Of lines in lower case: without regard to case each of the alternatives would be tried at length.
_BEFORE, _BEHIND = r"\s*(?:[▶►→»›«‹←+\[<•·|–—-]\s?)?", r"\s?(?:[→»›>…\].!]|\.\.\.)*\s*\Z"
_LINE = Phrases(_BEFORE, f"{_PHRASES}|{_COUNTS}", _BEHIND, "▶►→»›«‹←+[<•·|–—-")
_SIGNED_LINE = re.compile(f"{_BEFORE}(?:{_SIGNED}){_BEHIND}")
_CRUMB = re.compile(
    r"\s*(?:(?:home|start|startseite|accueil|inicio|início|главная)(?:\s?/\s?[^/]{1,80}){1,8}\Z"
    r"|[^\s>»›][^>»›]{0,60}(?:\s[>»›→]\s[^>»›→]{1,80}){1,8}\s*\Z)",
    re.IGNORECASE,
)
# Words of the way through a site, and what parts them in a row: "Home  Latest  Regions  About".
_MENU = re.compile(
    r"(?:home|about|contact|archive?s?|search|news|menu|latest|login|subscribe|blog|sections?|topics"
    r"|start|startseite|kontakt|archiv|suche|impressum|über uns|accueil|archives?|recherche"
    r"|à propos|inicio|contacto|archivo|buscar|início|contato|arquivo|chi siamo|contatti|archivio"
    r"|главная|о нас|контакты|архив|новости|privacy|rss|imprint|legal|faq|shop|events|authors)\Z",
    re.IGNORECASE,
)
_MENU_PARTS = re.compile(r"\s*[|·•/]\s*|\s{2,}|\t")
_SIGN = re.compile(r"[|·•/>»›→]")
_MENU_SIGN = re.compile(r"[|·•/\t]|\s{2}")
_CRUMB_SIGN = re.compile(r"\s[>»›→]\s|/")
_LONGEST_MENU_WORD = 24
# "fen-review.org · 4 min": where a piece stands, as a list of links shows it.
_ADDRESS = re.compile(
    r"\s*(?:(?:https?://|www\.)\S{1,180}"
    r"|(?:[a-z0-9-]{1,40}\.){1,3}[a-z]{2,6}(?:\s?[·•|—–-]\s?.{1,20})?)\s*\Z"
)
# Who took the picture, behind its caption: "The quay at dawn. Photo: Orla Quill".
_CAPTION = re.compile(
    r"\w[.!?]\)?\s(?:photo(?:graph)?s?|pictures?|images?|foto|credit)"
    r"\s?[:©][^.!?]{2,60}\Z",
    re.IGNORECASE,
)
_BEHIND_A_CREDIT = re.compile(rf"\s*(?:{_COUNTS})\s*\Z", re.IGNORECASE)
_LONGEST = 200
# "In", "Free", "10:04", "9–11": what a page shows, and what a headline may be as well.
_MAY_BE_TITLE = re.compile(
    r"\s*(?:in|by|von|par|por|di|door|free|premium|featured|paid|pub|details|view"
    r"|abstract|permissions|references|html|epub|entrar|buscar|expediente|mais lidas"
    r"|plus|abo|teilen|merken|speichern|delen|bewaren|opslaan|luister|reacties|guardar|escuchar"
    r"|comentar|sauvegarder|écouter|salva|salvar|ascolta|ouvir|читать|слушать|обсудить"
    r"|[0-9][0-9.,]{0,5}[km](?: \w{4,12})?"
    r"|[0-9]{1,4}\s?[-–—]\s?[0-9]{1,4}|[0-9]{1,2}[.:][0-9]{2})[.!]?\s*\Z",
    re.IGNORECASE,
)
_FIGURES = re.compile("[0-9]{1,5}")
#: What was cut off, and the words that lead to it.
_CUT = re.compile(r"(?:…|\.\.\.)\]?\s+(?P<more>[^\W\d_][^…]{2,150})\Z")
_LONGEST_CUT = 170
# "It is wet. Read more →", "It is wet. | More".
_MORE = re.compile(
    r"[.!?][»”\"’')\]]?\s+(?:[|·]\s)?(?P<more>[^\W\d_][^.!?…|]{2,20}[^\W\d_](?:\s?[→»›>])?)\s*\Z"
)
_LONGEST_MORE = 35


@lru_cache(maxsize=500)
def is_furniture(text: str) -> bool:
    """Tell whether *text* as a whole is a line of the page, not of an entry."""
    if len(text) > _LONGEST:
        return False
    if is_said(text) or is_address(text):
        return True
    if (":" in text or "©" in text) and _CAPTION.search(text) is not None:
        return True
    if pages_in(text) is not None:
        return True
    if _SIGN.search(text) is None and "  " not in text and text.isprintable():
        # No sign and no wide space: nothing parts it.
        return False
    if _MENU_SIGN.search(text) is not None and _is_menu(text):
        return True
    # "« Oui » dit-il" is a quotation.
    return (
        _CRUMB_SIGN.search(text) is not None
        and "«" not in text
        and "“" not in text
        and _CRUMB.match(text) is not None
    )


def is_said(text: str) -> bool:
    """Tell whether *text* is a line of the page by its words, not by the signs in it."""
    if len(text) > _LONGEST:
        return False
    lowered = text.lower()
    return _LINE.match(lowered) or (
        _SIGNS_INSIDE.search(text) is not None and _SIGNED_LINE.match(lowered) is not None
    )


def _is_menu(text: str) -> bool:
    """Tell whether *text* is a row of short parts, two of which name places of a site."""
    parts = [part for part in _MENU_PARTS.split(text.strip()) if part]
    if len(parts) < 3 or max(map(len, parts)) > _LONGEST_MENU_WORD:
        return False
    return sum(_MENU.match(part) is not None for part in parts) >= 2


def may_be_title(text: str) -> bool:
    """Tell whether a line of the page, by its words, may as well be the title of an article: if no
    other line has the same `words_of_page`.
    """
    return len(text) <= _LONGEST_MENU_WORD and _MAY_BE_TITLE.match(text) is not None


def words_of_page(text: str) -> str:
    """Return *text* with a sign for any figures: "10:04" and "9:30" are of one kind."""
    return _FIGURES.sub("#", fold(text))


def is_count(text: str) -> bool:
    """Tell whether *text* is a reading time, a number of comments or a page."""
    return len(text) <= _LONGEST and _BEHIND_A_CREDIT.match(text) is not None


def more_behind(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where in *text*, a text from *start* to *end*, the words stand that lead to the rest
    of it: "It is wet. Read more →".
    """
    cut = _MORE.search(text, max(start, end - _LONGEST_MORE))
    if cut is None and ("…" in text or "..." in text):
        cut = _CUT.search(text, max(start, end - _LONGEST_CUT))
    if cut is None or not is_furniture(cut["more"]) or may_be_title(cut["more"]):
        return None
    return cut.span("more")


def is_address(text: str) -> bool:
    """Tell whether *text* is the address of a site: "fen-review.org", "fen-review.org · 4 min"."""
    return len(text) <= _LONGEST and _ADDRESS.match(text) is not None
