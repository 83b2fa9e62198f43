"""The words that each language keeps together; Serbian is written in Latin letters, for both scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from impressum.core.transliteration import tables

CYRILLIC = re.compile("[ЂЈЉЊЋЏА-ИК-Шђјљњћџа-ик-ш]+")
UNITS = frozenset(
    "mm cm dm m km mm² cm² m² km² m³ km³ ha a l dl ml hl mg g kg t kt Mt Gt s min h d Hz kHz MHz GHz kB MB GB TB "
    "W kW MW GW TW Wh kWh MWh GWh TWh J kJ MJ V kV A Pa hPa kPa bar K km/h м км цм мм кг г т ха л х".split()
)
"""Signs of units, which follow their number in every language."""


class Spaces:
    """The words of a language that stay with a neighbour, in small letters (`narrow` as they are written).

    `short`: words of one letter that end no line. `before_number`: abbreviations and nouns that stay with the
    number behind them; `pages`: those of them before a page. `counted`: nouns that stay with the number before
    them. `months`: with the day before them. `titles`: with the name behind them. `narrow`: abbreviations whose
    parts, divided here by `_`, have a narrow space between them. `french`: narrow spaces before `; ! ?` and within
    guillemets, `:` apart.
    """

    def __init__(
        self,
        *,
        short: str = "",
        before_number: str = "",
        pages: str = "",
        counted: str = "",
        months: str = "",
        titles: str = "",
        narrow: str = "",
        french: bool = False,
    ) -> None:
        abbreviations = [tuple(one.replace("_", " ").split()) for one in narrow.split()]
        self.short, self.french = frozenset(short), french
        self.before_number = frozenset(f"{before_number} {pages}".split())
        self.pages, self.counted = frozenset(pages.split()), frozenset(counted.split())
        self.months, self.titles = frozenset(months.split()), frozenset(titles.split())
        self.narrow = frozenset(pair for parts in abbreviations for pair in pairwise(parts))
        self.narrow_inside = {"".join(parts): parts for parts in abbreviations}


_SERBIAN = Spaces(
    short="aiuosk",
    before_number="br. čl. st. tač. al. sv. knj. god. t. gl. pogl. sl. slika tab. tabela poglavlje član stav broj oko "
    "odelj. nap. pas. pril. tom",
    pages="str. s.",
    counted="hiljada hiljade hiljadu milion miliona milioni milijarda milijarde milijardi bilion biliona evra evro "
    "dinara dinar dolara dolar juana jen odsto posto procenat procenta procenata god. godine godina godini godinu "
    "vek veka veku v. stepeni kilometara kilometra metara metra hektara tona mil. mlrd. din. eur",
    months="januar januara februar februara mart marta april aprila maj maja jun juna jul jula avgust avgusta "
    "septembar septembra oktobar oktobra novembar novembra decembar decembra",
    titles="dr mr prof. akad. doc. g. gđa gđe gospodin ing. inž. sv.",
)
_CROATIAN = Spaces(
    short="aiuosk",
    before_number="br. čl. st. toč. sv. knj. god. gl. pogl. sl. slika tab. tablica poglavlje članak stavak broj oko "
    "odj. bilj. odl. pril.",
    pages="str. s.",
    counted="tisuća tisuće tisuću milijun milijuna milijuni milijarda milijarde milijardi bilijun bilijuna eura euro "
    "dolara dolar kuna posto postotak postotaka god. godine godina godini godinu stoljeće stoljeća st. stupnjeva "
    "kilometara kilometra metara metra hektara tona mil. mlrd.",
    months="siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga studenog prosinca",
    titles="dr. mr. prof. akad. doc. g. gđa gđe ing. sv.",
)
LANGUAGES: Mapping[str, Spaces] = {
    "en": Spaces(
        before_number="no. nos. vol. vols. ch. chap. fig. figs. sec. art. arts. par. para. ed. col. n. nn. eq. v. "
        "figure table chapter section equation part appendix article volume page note",
        pages="p. pp.",
        counted="thousand million billion trillion percent per cent euros euro dollars dollar pounds yuan dinars "
        "kilometres metres hectares tonnes am pm a.m. p.m. bn mn",
        months="january february march april may june july august september october november december",
        titles="mr. mrs. ms. dr. prof. st. sr. jr. rev. gen. col. mr mrs ms dr prof st",
    ),
    "de": Spaces(
        before_number="nr. bd. bde. abb. tab. kap. art. abs. abschn. ziff. fn. anm. aufl. ca. rn. rz. kapitel "
        "abbildung tabelle abschnitt artikel absatz band nummer seite",
        pages="s. seite seiten sp.",
        counted="tausend million millionen milliarde milliarden billion billionen mio. mrd. tsd. prozent euro dollar "
        "franken dinar yuan uhr jahre jahren kilometer kilometern meter metern hektar tonnen",
        months="januar jänner februar märz april mai juni juli august september oktober november dezember "
        "jahrhundert jahrhunderts jh.",
        titles="dr. prof. hr. fr. st. dipl.-ing. herr frau",
        narrow="z._B. d._h. u._a. i._d._R. u._U. o._Ä. o._ä. u._Ä. u._ä. s._o. s._u. v._a. i._e._S. i._w._S. z._T. "
        "z._Zt. z._Z. u._v._m. m._E. n._Chr. v._Chr. d._i. e._V. a._a._O. o._J. o._O. i._A. i._V.",
    ),
    "fr": Spaces(
        before_number="n° nº no nos vol. t. chap. fig. tab. art. al. col. sect. éd. figure tableau chapitre section "
        "article page note",
        pages="p. pp.",
        counted="mille million millions milliard milliards euro euros dollar dollars francs pour kilomètres mètres "
        "hectares tonnes ans",
        months="janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        titles="m. mm. mme mmes mlle dr pr me mgr st ste",
        french=True,
    ),
    "sr": _SERBIAN,
    "bs": _SERBIAN,
    "cnr": _SERBIAN,
    "hr": _CROATIAN,
    "cs": Spaces(
        short="aikosuvz",
        before_number="č. čl. odst. obr. tab. kap. sv. cca",
        pages="s. str.",
        counted="tisíc milion milionu miliony milionů miliarda miliardy miliard korun eur procent kč let roku",
        months="ledna února března dubna května června července srpna září října listopadu prosince",
        titles="dr. prof. doc. ing. mgr. p.",
    ),
    "sk": Spaces(short="aikosuvz", before_number="č. čl. ods. obr. tab. kap. zv.", pages="s. str."),
    "sl": Spaces(short="aihkosvz", before_number="št. čl. odst. sl. tab. pogl.", pages="str. s."),
    "pl": Spaces(
        short="aiouwz",
        before_number="nr nry art. ust. pkt rys. tab. rozdz. cz. t. wyd. ok. rysunek tabela rozdział tom część około",
        pages="s. str. strona strony",
        counted="tys. mln mld tysiąc tysiące tysięcy milion miliony milionów miliard miliardy miliardów zł złotych "
        "euro dolarów juanów procent procenta r. roku lat w. wieku km metrów kilometrów hektarów ton",
        months="stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        titles="dr prof. mgr inż. hab. św. ks. p. pan pani",
    ),
    "mk": Spaces(
        short="аивосу",
        before_number="бр. чл. ст. сл. таб. гл. т. кн. год. прил. слика табела глава член оддел прилог том број околу",
        pages="стр. с.",
        counted="илјада илјади милион милиони милијарда милијарди билион билиони евро евра денар денари долар долари "
        "јуан јуани отсто процент проценти год. година години век километри метри хектари тони мил. млрд. ден.",
        months="јануари февруари март април мај јуни јули август септември октомври ноември декември",
        titles="д-р м-р проф. доц. акад. инж. г. г-ѓа г-дин св.",
    ),
    "sq": Spaces(
        before_number="nr. neni art. fig. tab. kap. vëll. v. bot. viti shek. figura tabela kapitulli shtojca rreth",
        pages="f. ff. fq. faqe faqja faqet",
        counted="mijë milion milionë miliard miliardë bilion euro lekë dollarë juanë denarë përqind qind vjet vite "
        "kilometra metra hektarë tonë mln mld",
        months="janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor janarit shkurtit marsit "
        "prillit majit qershorit korrikut gushtit shtatorit tetorit nëntorit dhjetorit",
        titles="dr. prof. z. znj. zj. ing. shën",
    ),
    "bg": Spaces(short="авиоску", before_number="бр. чл. ал. фиг. табл. №", pages="с. стр."),
    "ru": Spaces(short="авикосуя", before_number="№ ст. гл. рис. табл. т.", pages="с. стр."),
    "uk": Spaces(short="авзіийоуя", before_number="№ ст. гл. рис. табл. т.", pages="с."),
    "it": Spaces(
        before_number="n. nn. art. artt. cap. capp. fig. figg. tab. tabb. vol. voll. sez. par. ed. col. c. cc. figura "
        "tabella capitolo sezione articolo equazione nota circa",
        pages="p. pp. pagina pagine",
        counted="mila milione milioni miliardo miliardi euro dollari dollaro yuan franchi per percento anni secolo "
        "chilometri metri ettari tonnellate mln mld",
        months="gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        titles="dott. dott.ssa prof. prof.ssa sig. sig.ra ing. avv. on. san santa",
    ),
    "es": Spaces(
        before_number="n.º núm. núms. art. arts. cap. caps. fig. figs. vol. vols. t. sec. párr. ed. col. tabla figura "
        "capítulo sección artículo ecuación nota anexo página siglo",
        pages="p. pp. pág. págs.",
        counted="mil millón millones billón billones euro euros dólares dólar pesos yuanes por años kilómetros metros "
        "hectáreas toneladas",
        months="de enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre",
        titles="dr. dra. sr. sra. d. dña. prof. profa. ing. lic. san santa",
    ),
}


def in_latin(text: str) -> str:
    """`text` with its Serbian Cyrillic letters in Latin; `Љ` is `Lj` before a small letter, else `LJ`."""
    letters = _letters()

    def word(match: re.Match[str]) -> str:
        found = match.group()
        written = "".join(letters[one.lower()].capitalize() if one.isupper() else letters[one] for one in found)
        return written.upper() if found.isupper() and len(found) > 1 else written

    return CYRILLIC.sub(word, text)


@cache
def _letters() -> Mapping[str, str]:
    known = tables("sr-Cyrl", "sr-Latn")
    assert known is not None
    return known.letters
