"""Word lists of the English dialect: data for the rules in ``rules``, nothing else."""


def word_list(text: str) -> list[str]:
    """Return the words of *text* in order."""
    return text.split()


def word_set(text: str) -> frozenset[str]:
    """Return the set of the words of *text*."""
    return frozenset(text.split())


AUXILIARIES = word_set(
    "is are was were has have had will would can could must should do does did isn't aren't "
    "doesn't won't can't be been"
)
# Third-person verbs common in headlines. Some are nouns as well: the weight of a verb is small.
HEADLINE_VERBS = word_set(
    "accuses adopts agrees announces appeals approves approaches arrests arrives asks attacks "
    "authorizes authorises backs bans becomes begins betrays blames blocks breaks brings builds "
    "calls celebrates changes claims closes collapses comes condemns confirms confronts continues "
    "convicts covers cuts deepens defends defies delays demands denies denounces destroys dies "
    "discovers dismisses documents ends enters erupts escalates exposes faces fails falls fights "
    "finds forces gains gets gives glorifies goes grips grows hails halts heads hears helps hides "
    "highlights hits holds honours honors imposes increases intensifies issues jails joins keeps "
    "kills launches lays leads leaves loses makes mark marks meets moves mourns names negotiate "
    "negotiates offers opens opposes orders ousts passes pays pleads plunge plunges predicts "
    "prepares presents protests prevents promises proposes protest provokes publishes pushes puts "
    "raises reaches rears receives refuses rejects releases remains remembers replaces replies "
    "reports resigns resumes returns reveals revives rises rocks rules runs says seeks seizes "
    "sells sends sets settles shakes shifts shows shuts signs sparks speaks spreads stagnates "
    "stand stands starts stops strikes succeeds suffers supports surges takes tells threatens "
    "throws tightens tries turns unfolds urges votes walks warns wins writes wrecks meant opened "
    "began died won lost fell occupy reject threaten oppose condemn agree resume hold face "
    "continue expand prepare accuse deny denounce warn join seek defend impose expose adopt "
    "announce"
)
# Words in -ed that are no participles, or none that makes a clause of a heading.
NO_PARTICIPLES = word_set(
    "hundred united based named called armed indeed speed need seed feed deed breed bleed creed "
    "greed sacred kindred hatred shed sled limited naked wicked beloved learned related related "
    "allied advanced supposed alleged so-called unemployed untitled selected collected illustrated"
)
# A line that opens with one of these, followed by a preposition, says what kind of piece
# comes below: "Lecture on ...", "From the archives of ...", "Author of ...".
GENRES = word_set(
    "lecture interview interviews review reviews report letter letters obituary tribute essay "
    "essays speech talk discussion conversation exchange reply response comment commentary "
    "column series miniseries documentary film book exhibition exhibit concert play novel opera "
    "album podcast webinar video photo photos pictures feature profile portrait memoir excerpt "
    "extract extracts excerpts notes dispatch dispatches statement meeting perspective analysis "
    "author editor director translator editors composer photographer winner founder news new "
    "more selections documents debate forum symposium anniversary"
)
GENRE_PREPOSITIONS = word_set("about at by for from in of on to with")
# Openings of a kicker that sorts by place or time rather than by kind, and turns found inside one.
RUBRIC_OPENINGS = (
    "from the ", "from our ", "from a ", "this week", "this month", "this day", "on the ",
    "on this day", "in the ", "also in", "at the ", "around the", "inside ", "behind the",
)  # fmt: skip
RUBRIC_TURNS = ("years after", "years on", "years ago", "ago today", "ago this week")
RUBRIC_ENDINGS = word_set(
    "feature series special perspective interview review commentary exclusive supplement "
    "notebook diary column archive archives roundup digest briefing update analysis opinion "
    "obituary profile report reports letters essay"
)
MEMORIAL_OPENINGS = ("in memory of ", "in memoriam", "remembering ", "farewell to ", "obituary")
ROLE_NOUNS = word_set(
    "author editor director translator founder leader historian biographer writer composer "
    "photographer poet novelist painter filmmaker producer professor chairman president "
    "secretary journalist critic creator inventor winner curator conductor"
)
VOLUMES = word_set("volume vol vol. book chapter tome band act issue number no no. section")
MONTH_WORDS = word_set(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
# Words that open a sentence about the piece itself, as standfirsts do.
SELF_REFERENCES = word_set(
    "article articles essay interview lecture letter piece report review series speech statement "
    "text work pamphlet declaration resolution part is are was were the first second third last "
    "final a an account excerpt translation document talk column"
)
# Words with a full stop that ends no sentence.
ABBREVIATIONS = word_set(
    "jr sr inc co corp ltd vs etc st mt dr mr mrs ms no vol pp ed eds rev gen sen rep gov ave "
    "dept univ bros"
)
# Sentence openers: the second half of two sentences run together ("ministerOn January 11").
SENTENCE_OPENERS = word_list(
    "A An After Although And Around As At Before But By Despite During For From He Her His How "
    "However If In It Its Last More Most No Not Now On One Our She Since So Some That The Their "
    "Then There These They This Those Though To Today Under Until We What When Where While Who "
    "Why With You"
)
CAMEL_CASE_NAMES = word_set(
    "linkedin intuit youtube iphone ipad ipod ebay imac itunes ios macos tvos"
)
# What stands before the inner capital of such a name.
CAMEL_HEADS = word_set(
    "linked you face red pay tik what air snap word power java type git black team door micro"
)
# Words of the names of newspapers and magazines, folded.
PAPER_WORDS = word_set(
    "courier times review journal gazette zeitung magazine post news herald tribune revue revista "
    "rivista giornale blatter blatt quarterly weekly chronicle messenger courrier gazeta вестник "
    "газета журнал echo anzeiger bote kurier correo diario corriere boletin bulletin bollettino "
    "press observer mercury standard bulletins cahiers annals zeitschrift rundschau tagblatt "
    "nachrichten hefte periodico folha jornal gaceta notiziario известия ведомости правда "
    "dagblad weekblad nieuwsblad maandblad tijdschrift courant krant heraldo semanario quotidien "
    "hebdomadaire gazzetta messaggero quotidiano settimanale correio"
)
# Endings of such names in one word: "Hafenblätter".
PAPER_ENDINGS = (
    "zeitung", "zeitschrift", "blatt", "blatter", "bote", "anzeiger", "kurier", "nachrichten",
    "rundschau", "hefte", "magazin", "journal", "boten", "echo",
    "post", "presse", "merkur",
)  # fmt: skip
# Words of the names of sections, folded.
SECTION_WORDS = word_set(
    "politics culture sport sports opinion opinions letters history local food drink business "
    "news science health travel arts art books education environment economy world features "
    "obituaries obituary essay essays interview interviews reviews review comment labour labor "
    "national international society technology community people events music film theatre "
    "politik kultur meinung wirtschaft geschichte lokales gesellschaft wissenschaft feuilleton "
    "politique economie societe histoire opinions culture monde livres idees sciences "
    "politica cultura deportes opinion economia sociedad historia barrio ciencia mundo libros "
    "politica cultura sport opinioni economia societa storia scienze cronaca libri "
    "esporte opiniao sociedade historia ciencia livros cidade "
    "политика культура спорт мнения экономика история общество наука город книги"
)
# Last words of the names of kinds of publications, which are no names of persons, folded.
KINDS = word_set(
    "brief briefs briefing paper papers release releases report reports statement statements "
    "review reviews essay essays interview interviews blog article articles update updates column "
    "feature features lecture lectures podcast video gallery news analysis opinion commentary "
    "editorial obituary profile dispatch newsletter pressemitteilung meldung stellungnahme bericht "
    "communique comunicado comunicato"
)
# Words that never stand twice in a row in English ("had had" and "that that" may).
UNDOUBLED = word_list("the a an of to in and for on is with at by from as or")
