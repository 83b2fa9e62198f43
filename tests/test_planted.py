"""Planted defects in four languages, each of which must be told, and correct variants, none of which may be.

All of a language stand in one chapter, each in a section of its own, so that pandoc reads two chapters a language.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import pytest
from parity_chapters import chapter, compared, found

from impressum.checks.parity import check_twin
from impressum.checks.prose import abbreviations, check_prose
from impressum.core.errors import Faults

NUMBERS, LEFT, LETTERS, BLOCKS = (
    "parity-numbers",
    "parity-untranslated",
    "letters-mixed",
    "parity-blocks",
)
TYPED, UNPAIRED = "quote-typed", "quote-unpaired"
CIT, LINK, FORM = "parity-citations", "parity-links", "parity-formulas"


class Case(NamedTuple):
    """A passage of the source, its right translations, and wrong ones, each with the rule that tells it."""

    source: str
    right: tuple[str, ...]
    wrong: tuple[tuple[str, str], ...] = ()


CASES = {
    "sr-Latn": (
        Case(
            "The loan of $622 million covers 85% of the costs.",
            (
                "Zajam od 622 miliona dolara pokriva 85 odsto troškova.",
                "Zajam vredan 622 miliona USD pokriva 85% troškova.",
                "Osamdeset pet odsto troškova pokriva zajam od 622 miliona dolara.",
            ),
            (
                ("Zajam od 622 miliona evra pokriva 85 odsto troškova.", NUMBERS),
                ("Zajam od 622 milijarde dolara pokriva 85 odsto troškova.", NUMBERS),
                ("Zajam od 622 miliona dolara pokriva 58 odsto troškova.", NUMBERS),
            ),
        ),
        Case(
            "The map is free, under CC BY-SA 4.0, in 4.5 copies a reader.",
            ("Karta je slobodna, pod CC BY-SA 4.0, u 4,5 primerka po čitaocu.",),
            (("Karta je slobodna, pod CC BY-SA 4.0, u 4.5 primerka po čitaocu.", NUMBERS),),
        ),
        Case(
            "Two of the five bridges are 40 m wide.",
            ("Dva od pet mostova široka su 40 m.", "Od pet mostova dva su široka 40 metara."),
            (("Tri od pet mostova široka su 40 m.", NUMBERS), ("Dva od pet mostova široka su 40 km.", NUMBERS)),
        ),
        Case(
            "Since 2009 they have met twice a year.",
            ("Od 2009. sastaju se dvaput godišnje.",),
            (("Od 2019. sastaju se dvaput godišnje.", NUMBERS),),
        ),
        Case(
            "About a third of the debt is in yuan.",
            ("Oko trećine duga je u juanima.", "Otprilike trećina duga je u juanima."),
            (("Oko četvrtine duga je u juanima.", NUMBERS),),
        ),
        Case(
            "The 2,850 km of it cross ten countries.",
            ("Njegovih 2.850 km prelazi kroz deset zemalja.", "Dug je 2850 kilometara i prelazi deset zemalja."),
            (
                ("Njegovih 2.580 km prelazi kroz deset zemalja.", NUMBERS),
                ("Njegovih 2,850 km prelazi kroz deset zemalja.", NUMBERS),
            ),
        ),
        Case(
            "Prices rose from 1.5% to 2.25% in May 2024.",
            ("Cene su u maju 2024. porasle sa 1,5 na 2,25 odsto.",),
            (
                ("Cene su u maju 2024. porasle sa 2,25 na 1,5 odsto.", NUMBERS),
                ("Cene su u junu 2024. porasle sa 1,5 na 2,25 odsto.", NUMBERS),
            ),
        ),
        Case(
            "Nobody answered. The council never met again in that year.",
            ("Niko nije odgovorio. Savet se te godine više nije sastao.",),
            (("Niko nije odgovorio. The council never met again in that year.", LEFT),),
        ),
        Case(
            "The minister of finance signed it.",
            ("Potpisao ga je ministar finansija.",),
            (("Potpisao ga je министар finansija.", LETTERS), ("Potpisao ga je ministаr finansija.", LETTERS)),
        ),
        Case(
            'They call it "soft power" today.',
            ("Danas to zovu „mekom moći“.", 'Danas to zovu "mekom moći".'),
            (("Danas to zovu “mekom moći”.", TYPED), ("Danas to zovu „mekom moći.", UNPAIRED)),
        ),
        Case(
            "It employs 1,200 people, 300 of them women.",
            (
                "Zapošljava 1.200 ljudi, od toga 300 žena.",
                "Zapošljava hiljadu dvesta ljudi, od toga 300 žena.",
                "Ima 1200 zaposlenih, od kojih su 300 žene.",
            ),
            (("Zapošljava 300 ljudi, od toga 1.200 žena.", NUMBERS),),
        ),
        Case(
            "The 19th century saw 12 wars.",
            ("U XIX veku bilo je dvanaest ratova.", "Devetnaesti vek video je 12 ratova."),
            (("U XIX veku bilo je trinaest ratova.", NUMBERS),),
        ),
        Case(
            "Output is 350 MW.",
            ("Snaga je 350 MW.", "Snaga je 0,35 GW."),
            (("Snaga je 350 kW.", NUMBERS), ("Snaga je 350 MWh.", NUMBERS)),
        ),
        Case(
            "China lent €900 million in 2019.",
            ("Kina je 2019. pozajmila 900 miliona evra.", "Kina je pozajmila €900 miliona u 2019. godini."),
            (
                ("Kina je 2019. pozajmila 900 miliona dolara.", NUMBERS),
                ("Kina je 2019. pozajmila 900 miliona RSD.", NUMBERS),
            ),
        ),
        Case(
            "A plant of 1.2 GW opened.",
            (
                "Otvorena je elektrana od 1.200 MW.",
                "Otvorena je elektrana od 1,2 GW.",
                "Otvorena je elektrana od 1,2 gigavata.",
            ),
            (("Otvorena je elektrana od 1,2 MW.", NUMBERS), ("Otvorena je elektrana od 1,2 megavata.", NUMBERS)),
        ),
        Case(
            "It rose by 8%.",
            ("Porasla je 8%.", "Porasla je osam odsto.", "Porasla je za osam procenata.", "Porasla je 8 odsto."),
            (
                ("Porasla je 8 ‰.", NUMBERS),
                ("Porasla je 8 procentnih poena.", NUMBERS),
                ("Porasla je devet odsto.", NUMBERS),
            ),
        ),
        Case(
            "Some $1 billion was lent.",
            (
                "Pozajmljena je milijarda dolara.",
                "Pozajmljeno je milijardu dolara.",
                "Pozajmljeno je 1 milijardu dolara.",
            ),
            (("Pozajmljeno je 1 milion dolara.", NUMBERS), ("Pozajmljena je milijarda evra i pozajmljena.", NUMBERS)),
        ),
        Case(
            "In all 16 states signed it.",
            ("Potpisalo ga je šesnaest država.", "Potpisalo ga je ukupno 16 država."),
            (("Potpisalo ga je sedamnaest država.", NUMBERS), ("Potpisalo ga je 61 država.", NUMBERS)),
        ),
        Case(
            "Some 90% of it is debt.",
            ("Devet desetina toga je dug.", "Oko 90 odsto toga je dug.", "Dug je devedeset odsto toga."),
            (("Devet petnaestina toga je dug.", NUMBERS), ("Osam desetina toga je dug.", NUMBERS)),
        ),
        Case(
            "Half of the three contracts were signed in 23 towns.",
            (
                "Polovina od tri ugovora potpisana je u 23 grada.",
                "Polovina od tri ugovora potpisana je u dvadeset tri grada.",
            ),
            (
                ("Polovina od četiri ugovora potpisana je u 23 grada.", NUMBERS),
                ("Trećina od tri ugovora potpisana je u 23 grada.", NUMBERS),
            ),
        ),
        Case(
            "The congress no. 23 was held.",
            ("Održan je XXIII kongres.", "Održan je kongres br. 23."),
            (("Održan je XXII kongres.", NUMBERS),),
        ),
        Case(
            "Exports took 22% and imports 35% of it.",
            ("Izvoz je činio 22%, a uvoz 35% toga.", "Na izvoz je otpalo 22 odsto, a na uvoz 35 odsto."),
            (("Izvoz je činio 35%, a uvoz 22% toga.", NUMBERS),),
        ),
        Case(
            "In 2012 it was 415, in 2013 it was 516.",
            ("Bilo je 415 u 2012, a 516 u 2013. godini.", "U 2012. bilo je 415, u 2013. bilo je 516."),
            (("Bilo je 516 u 2012, a 415 u 2013. godini.", NUMBERS),),
        ),
        Case(
            "The river is the largest of all that flow here. It was a clear failure. "
            "We have said why the banks did not ask.",
            ("Reka je najveća od svih. Bio je to jasan neuspeh. Rekli smo zašto banke nisu pitale.",),
            (
                ("Reka je najveća od svih. It was a clear failure. Rekli smo zašto banke nisu pitale.", LEFT),
                ("Reka je najveća od svih. Bio je to neuspeh. We have said why the banks did not ask.", LEFT),
                ("Reka je najveća of all that flow here. It was a neuspeh. Rekli smo zašto banke nisu pitale.", LEFT),
            ),
        ),
        Case(
            "He works for the Bank of China and the New York Times.",
            ("Radi za Bank of China i za New York Times.", "Radi za [Bank of China]{lang=en} i New York Times."),
            (("Radi za Банка Кине i New York Times.", LETTERS), ("Radi za Bank of China i New York Timеs.", LETTERS)),
        ),
        Case(
            'He said "yes" and left.',
            ('Rekao je "da" i otišao.', "Rekao je „da“ i otišao.", "Rekao je „da” i otišao."),
            (
                ("Rekao je “da” i otišao.", TYPED),
                ("Rekao je „da i otišao.", UNPAIRED),
                ('Rekao je "da i otišao.', UNPAIRED),
            ),
        ),
        Case(
            "There are two reasons:\n\n- The loans were cheap for a while.\n- The banks did not ask.\n- The state did.",
            (
                "Dva su razloga:\n\n- Zajmovi su neko vreme bili jeftini.\n- Banke nisu pitale.\n- Država jeste.",
                "Dva su razloga:\n\n- Zajmovi su neko vreme bili jeftini, a banke nisu pitale.\n- Država jeste.",
            ),
            (("Dva su razloga:\n\n- Zajmovi su neko vreme bili jeftini.\n- Država jeste.", BLOCKS),),
        ),
        Case(
            "It has 8,000 cameras.",
            ("Ima 8 hiljada kamera.", "Ima osam hiljada kamera."),
            (("Ima osam miliona kamera.", NUMBERS),),
        ),
        Case(
            "The road is 125 km long.",
            ("Put je dug 125 kilometara.", "Put je dug 125 km."),
            (("Put je dug 125 m.", NUMBERS),),
        ),
        Case("They met on one of the 2 days.", ("Sreli su se jednog od ta dva dana.", "Sreli su se jednog od 2 dana.")),
    ),
    "de": (
        Case(
            "The loan of $622 million covers 85% of the costs.",
            (
                "Das Darlehen über 622 Millionen Dollar deckt 85 Prozent der Kosten.",
                "Das Darlehen von 622 Mio. USD deckt 85 % der Kosten.",
            ),
            (
                ("Das Darlehen über 622 Millionen Euro deckt 85 Prozent der Kosten.", NUMBERS),
                ("Das Darlehen über 622 Millionen Dollar deckt 85 Prozentpunkte der Kosten.", NUMBERS),
            ),
        ),
        Case(
            "Half of the 24 judges agreed.",
            ("Die Hälfte der 24 Richter stimmte zu.", "Die Hälfte der vierundzwanzig Richter stimmte zu."),
            (("Ein Drittel der 24 Richter stimmte zu.", NUMBERS), ("Die Hälfte der 42 Richter stimmte zu.", NUMBERS)),
        ),
        Case(
            "It took three days and 15 minutes.",
            ("Es dauerte drei Tage und 15 Minuten.", "Es dauerte drei Tage und fünfzehn Minuten."),
            (("Es dauerte vier Tage und 15 Minuten.", NUMBERS), ("Es dauerte drei Tage und fünfzig Minuten.", NUMBERS)),
        ),
        Case(
            "Trade fell by a fifth, to €3.4 billion.",
            (
                "Der Handel fiel um ein Fünftel auf 3,4 Milliarden Euro.",
                "Der Handel fiel um 20 Prozent auf 3,4 Mrd. €.",
            ),
            (
                ("Der Handel fiel um ein Viertel auf 3,4 Milliarden Euro.", NUMBERS),
                ("Der Handel fiel um ein Fünftel auf 3,4 Milliarden Franken.", NUMBERS),
            ),
        ),
        Case(
            "Nothing was said. The report was kept secret for years.",
            ("Gesagt wurde nichts. Der Bericht blieb jahrelang geheim.",),
            (("Gesagt wurde nichts. The report was kept secret for years.", LEFT),),
        ),
        Case(
            'He calls it "a gift" in jest.',
            ("Er nennt es im Scherz „ein Geschenk“.",),
            (("Er nennt es im Scherz “ein Geschenk”.", TYPED), ("Er nennt es im Scherz „ein Geschenk.", UNPAIRED)),
        ),
        Case(
            "Between 8 and 12 people came.",
            ("Zwischen acht und zwölf Leute kamen.", "8 bis 12 Leute kamen."),
            (("Zwischen acht und elf Leute kamen.", NUMBERS),),
        ),
        Case(
            "Pope John no. 23 called it.",
            ("Papst Johannes XXIII. berief es ein.",),
            (("Papst Johannes XXII. berief es ein.", NUMBERS),),
        ),
        Case(
            "They own 51% and we own 49%.",
            ("Ihnen gehören 51 %, uns 49 %.",),
            (("Ihnen gehören 49 %, uns 51 %.", NUMBERS),),
        ),
        Case(
            "A million people left.",
            ("Eine Million Menschen ging fort.", "1 Million Menschen ging fort."),
            (("Eine Milliarde Menschen ging fort.", NUMBERS),),
        ),
        Case(
            "The road was built in 2 years, the bridge in 7.",
            ("Die Straße wurde in zwei Jahren gebaut, die Brücke in sieben.",),
            (("Die Straße wurde in zwei Jahren gebaut, die Brücke in acht.", NUMBERS),),
        ),
        Case(
            "China lent €900 million in 2019.",
            ("China lieh 2019 900 Millionen Euro.", "China lieh 2019 900 Mio. €."),
            (("China lieh 2019 900 Millionen Dollar.", NUMBERS), ("China lieh 2019 900 Milliarden Euro.", NUMBERS)),
        ),
        Case(
            "It grew by 8%, the loans by 250 million.",
            ("Es wuchs um acht Prozent, die Darlehen um 250 Millionen.", "Es wuchs um 8 %, die Darlehen um 250 Mio."),
            (
                ("Es wuchs um 8 Prozentpunkte, die Darlehen um 250 Millionen.", NUMBERS),
                ("Es wuchs um neun Prozent, die Darlehen um 250 Millionen.", NUMBERS),
            ),
        ),
        Case(
            "Two thirds of the 28 members agreed.",
            ("Zwei Drittel der achtundzwanzig Mitglieder stimmten zu.", "Zwei Drittel der 28 Mitglieder stimmten zu."),
            (
                ("Drei Viertel der 28 Mitglieder stimmten zu.", NUMBERS),
                ("Zwei Drittel der 38 Mitglieder stimmten zu.", NUMBERS),
            ),
        ),
        Case(
            "About a billion was spent.",
            ("Etwa eine Milliarde wurde ausgegeben.", "Etwa 1 Milliarde wurde ausgegeben."),
        ),
        Case(
            "It took 12 years and five months.",
            ("Es dauerte zwölf Jahre und fünf Monate.",),
            (("Es dauerte zwölf Jahre und sechs Monate.", NUMBERS),),
        ),
        Case(
            "Between $5.5 billion and $7.5 billion was lost.",
            (
                "Zwischen 5,5 und 7,5 Milliarden Dollar gingen verloren.",
                "5,5 Milliarden bis 7,5 Milliarden Dollar gingen verloren.",
            ),
            (("Zwischen 7,5 Milliarden Dollar und 5,5 Milliarden Dollar gingen verloren.", NUMBERS),),
        ),
        Case(
            "It needs 3 t of coal and 40 kWh.",
            ("Es braucht 3 t Kohle und 40 kWh.", "Es braucht 3.000 kg Kohle und 40 kWh."),
            (("Es braucht 3 kg Kohle und 40 kWh.", NUMBERS), ("Es braucht 3 t Kohle und 40 MWh.", NUMBERS)),
        ),
        Case(
            "Nobody knows how the money was spent by the ministry in those years. It is gone.",
            ("Niemand weiß, wie das Ministerium das Geld ausgab. Es ist weg.",),
            (("Niemand weiß, how the money was spent by the ministry in those years. Es ist weg.", LEFT),),
        ),
        Case(
            'He said "yes" and left.',
            ("Er sagte „ja“ und ging.", 'Er sagte "ja" und ging.', "Er sagte »ja« und ging."),
            (("Er sagte “ja” und ging.", TYPED), ("Er sagte „ja und ging.", UNPAIRED)),
        ),
        Case(
            "The firm Gazprom agreed.",
            ("Die Firma Gazprom willigte ein.", "Die Firma [Газпром]{lang=ru} willigte ein."),
            (("Die Firma Газпром willigte ein.", LETTERS),),
        ),
        Case(
            "The first paragraph says little of it.\n\nThe second one says more.",
            (
                "Der erste Absatz sagt wenig davon.\n\nDer zweite sagt mehr.",
                "Der erste Absatz sagt wenig davon. Der zweite sagt mehr.",
            ),
            (("Der erste Absatz sagt wenig davon.", BLOCKS),),
        ),
    ),
    "fr": (
        Case(
            "The loan of $622 million covers 85% of the costs.",
            (
                "Le prêt de 622 millions de dollars couvre 85 % des coûts.",
                "Le prêt de 622 M$ couvre 85 pour cent des coûts.",
            ),
            (
                ("Le prêt de 622 millions d’euros couvre 85 % des coûts.", NUMBERS),
                ("Le prêt de 622 millions de dollars couvre 58 % des coûts.", NUMBERS),
            ),
        ),
        Case(
            "A third of 60 members left.",
            ("Un tiers des soixante membres est parti.", "Un tiers des 60 membres est parti."),
            (("Un quart des 60 membres est parti.", NUMBERS), ("Un tiers des seize membres est parti.", NUMBERS)),
        ),
        Case(
            "It lasted 17 years.",
            ("Cela dura dix-sept ans.", "Cela dura 17 ans."),
            (("Cela dura dix-huit ans.", NUMBERS),),
        ),
        Case(
            "There were 99 of them, and 80 remain.",
            ("Il y en avait quatre-vingt-dix-neuf, et quatre-vingts restent.",),
            (("Il y en avait quatre-vingt-dix-huit, et quatre-vingts restent.", NUMBERS),),
        ),
        Case("Output is 350 MW.", ("La puissance est de 350 MW.",), (("La puissance est de 350 GW.", NUMBERS),)),
        Case(
            "They never paid. The bank closed the account at once.",
            ("Ils n’ont jamais payé. La banque ferma aussitôt le compte.",),
            (("Ils n’ont jamais payé. The bank closed the account at once.", LEFT),),
        ),
        Case(
            "China lent €900 million in 2019.",
            ("La Chine a prêté 900 millions d’euros en 2019.", "La Chine a prêté 900 M€ en 2019."),
            (
                ("La Chine a prêté 900 millions de dollars en 2019.", NUMBERS),
                ("La Chine a prêté 900 milliards d’euros en 2019.", NUMBERS),
            ),
        ),
        Case(
            "It rose by 8%.",
            ("Il a augmenté de huit pour cent.", "Il a augmenté de 8 %."),
            (
                ("Il a augmenté de 8 ‰.", NUMBERS),
                ("Il a augmenté de 8 points de pourcentage.", NUMBERS),
                ("Il a augmenté de dix pour cent.", NUMBERS),
            ),
        ),
        Case(
            "In 71 of 92 towns.",
            ("Dans soixante et onze des quatre-vingt-douze villes.", "Dans 71 des 92 villes."),
            (("Dans 92 des 71 villes.", NUMBERS),),
        ),
        Case("Three quarters of it.", ("Les trois quarts.", "75 % de cela."), (("Les deux tiers.", NUMBERS),)),
        Case(
            "The plant gives 1,200 MW.",
            ("La centrale fournit 1 200 MW.", "La centrale fournit 1,2 GW."),
            (("La centrale fournit 1 200 kW.", NUMBERS),),
        ),
        Case(
            "They did not answer the letter. The ministry was closed for a week.",
            ("Ils n’ont pas répondu à la lettre. Le ministère était fermé.",),
            (("Ils n’ont pas répondu à la lettre. The ministry was closed for a week.", LEFT),),
        ),
        Case("The house of Dostoevsky.", ("La maison de Dostoïevski.",), (("La maison de Достоевский.", LETTERS),)),
        Case(
            "Louis no. 14 ruled for 72 years.",
            ("Louis XIV régna soixante-douze ans.",),
            (("Louis XV régna soixante-douze ans.", NUMBERS),),
        ),
    ),
    "sr-Cyrl": (
        Case(
            "China lent €900 million in 2019.",
            ("Кина је 2019. позајмила 900 милиона евра.",),
            (("Кина је 2019. позајмила 900 милиона долара.", NUMBERS),),
        ),
        Case(
            "It rose by 8% in 16 states.",
            ("Порасла је осам одсто у шеснаест држава.",),
            (("Порасла је осам одсто у седамнаест држава.", NUMBERS),),
        ),
        Case("Some $1 billion was lent.", ("Позајмљено је милијарду долара.",)),
        Case("The bank asked nobody.", ("Банка никога није питала.",), (("Бaнка никога није питала.", LETTERS),)),
        Case('He said "yes".', ("Рекао је „да“.",), (("Рекао је “да”.", TYPED),)),
    ),
}

LATER = {
    "sr-Latn": (
        Case(
            "Talks lasted from 2014 to 2018 and cost $1.5 million.",
            (
                "Pregovori su trajali od 2014. do 2018. i koštali 1,5 miliona dolara.",
                "Pregovori su trajali od 2014. do 2018. godine i stajali milion i po dolara.",
            ),
            (
                ("Pregovori su trajali od 2014. do 2019. i koštali 1,5 miliona dolara.", NUMBERS),
                ("Pregovori su trajali od 2014. do 2018. i koštali 15 miliona dolara.", NUMBERS),
            ),
        ),
        Case(
            "It was signed on 5 July 2016 by 11 banks.",
            ("Potpisalo ga je 11 banaka 5. jula 2016.", "Potpisalo ga je jedanaest banaka 5. 7. 2016."),
            (
                ("Potpisalo ga je 11 banaka 5. juna 2016.", NUMBERS),
                ("Potpisalo ga je 11 banaka 6. jula 2016.", NUMBERS),
            ),
        ),
        Case(
            "Imports doubled, and exports fell by 12.5%.",
            ("Uvoz se udvostručio, a izvoz je pao za 12,5 odsto.", "Uvoz je udvostručen, a izvoz manji za 12,5%."),
            (("Uvoz se udvostručio, a izvoz je pao za 1,25 odsto.", NUMBERS),),
        ),
        Case(
            "The field of 450 hectares yields 3.2 tonnes each.",
            ("Polje od 450 hektara daje po 3,2 tone.", "Polje od 450 ha daje po 3,2 t."),
            (("Polje od 450 km² daje po 3,2 tone.", NUMBERS), ("Polje od 540 hektara daje po 3,2 tone.", NUMBERS)),
        ),
        Case(
            "Every fifth citizen, or 1.3 million people, agrees.",
            (
                "Svaki peti građanin, odnosno 1,3 miliona ljudi, slaže se.",
                "Slaže se svaki peti građanin, to jest 1,3 miliona ljudi.",
            ),
            (("Svaki peti građanin, odnosno 1,3 hiljade ljudi, slaže se.", NUMBERS),),
        ),
        Case(
            "The report [@doe, pp. 12-14] gives a rate of 2.9%.",
            ("Izveštaj [@doe, str. 12-14] daje stopu od 2,9 odsto.",),
            (
                ("Izveštaj [@doe, str. 12-15] daje stopu od 2,9 odsto.", CIT),
                ("Izveštaj [@roe, str. 12-14] daje stopu od 2,9 odsto.", CIT),
                ("Izveštaj daje stopu od 2,9 odsto.", CIT),
            ),
        ),
        Case(
            "See [the office](https://example.org/data/2020) for the 27 states.",
            ("Vidi [kancelariju](https://example.org/data/2020) za 27 država.",),
            (
                ("Vidi [kancelariju](https://example.org/data/2021) za 27 država.", LINK),
                ("Vidi kancelariju za 27 država.", LINK),
            ),
        ),
        Case(
            "The mean is $x = 3$, and the rest is noise.",
            ("Srednja vrednost je $x = 3$, a ostalo je šum.",),
            (("Srednja vrednost je $x = 8$, a ostalo je šum.", FORM),),
        ),
        Case(
            "It is a matter of trust. Nobody has ever asked the bank about the terms of the loan.",
            ("To je pitanje poverenja. Niko banku nikad nije pitao za uslove zajma.",),
            (
                ("To je pitanje poverenja. Nobody has ever asked the bank about the terms of the loan.", LEFT),
                ("It is a matter of trust. Niko banku nikad nije pitao za uslove zajma.", LEFT),
            ),
        ),
        Case(
            "Six of nine judges, 66% of them, were against.",
            (
                "Šestoro od devet sudija, njih 66 odsto, bilo je protiv.",
                "Protiv je bilo šest od devet sudija, ili 66%.",
            ),
            (("Šestoro od osam sudija, njih 66 odsto, bilo je protiv.", NUMBERS),),
        ),
        Case(
            "The second railway costs £40 million less.",
            ("Druga pruga košta 40 miliona funti manje.",),
            (("Druga pruga košta 40 miliona evra manje.", NUMBERS),),
        ),
        Case(
            "Between 10:30 and 12:15 they voted.",
            ("Glasali su između 10.30 i 12.15.", "Glasali su između 10:30 i 12:15."),
            (("Glasali su između 10.30 i 12.45.", NUMBERS),),
        ),
    ),
    "de": (
        Case(
            "Talks lasted from 2014 to 2018 and cost $1.5 million.",
            (
                "Die Gespräche dauerten von 2014 bis 2018 und kosteten 1,5 Millionen Dollar.",
                "Die Gespräche dauerten von 2014 bis 2018 und kosteten anderthalb Millionen Dollar.",
            ),
            (
                ("Die Gespräche dauerten von 2014 bis 2017 und kosteten 1,5 Millionen Dollar.", NUMBERS),
                ("Die Gespräche dauerten von 2014 bis 2018 und kosteten 1,5 Milliarden Dollar.", NUMBERS),
            ),
        ),
        Case(
            "It was signed on 5 July 2016 by 11 banks.",
            ("Es wurde am 5. Juli 2016 von elf Banken unterzeichnet.", "Am 05.07.2016 unterzeichneten es 11 Banken."),
            (
                ("Es wurde am 5. Juni 2016 von elf Banken unterzeichnet.", NUMBERS),
                ("Es wurde am 5. Juli 2016 von zwölf Banken unterzeichnet.", NUMBERS),
            ),
        ),
        Case(
            "Imports doubled, and exports fell by 12.5%.",
            (
                "Die Importe verdoppelten sich, die Exporte fielen um 12,5 Prozent.",
                "Die Einfuhr hat sich verdoppelt, die Ausfuhr sank um 12,5 %.",
            ),
            (
                ("Die Importe verdoppelten sich, die Exporte fielen um 12,5 Prozentpunkte.", NUMBERS),
                ("Die Importe verdoppelten sich, die Exporte fielen um 21,5 Prozent.", NUMBERS),
            ),
        ),
        Case(
            "The field of 450 hectares yields 3.2 tonnes each.",
            ("Das Feld von 450 Hektar bringt je 3,2 Tonnen.", "Das 450 ha große Feld bringt je 3,2 t."),
            (
                ("Das Feld von 450 Quadratkilometern bringt je 3,2 Tonnen.", NUMBERS),
                ("Das Feld von 450 Hektar bringt je 3,2 Kilogramm.", NUMBERS),
            ),
        ),
        Case(
            "The report [@doe, pp. 12-14] gives a rate of 2.9%.",
            ("Der Bericht [@doe, S. 12-14] nennt 2,9 Prozent.",),
            (("Der Bericht [@doe, S. 21-14] nennt 2,9 Prozent.", CIT), ("Der Bericht [@doe] nennt 2,9 Prozent.", CIT)),
        ),
        Case(
            "About 70% of 800 firms exported before the war.",
            (
                "Rund 70 Prozent von 800 Firmen exportierten vor dem Krieg.",
                "Vor dem Krieg exportierten etwa sieben Zehntel von 800 Firmen.",
            ),
            (("Rund 17 Prozent von 800 Firmen exportierten vor dem Krieg.", NUMBERS),),
        ),
        Case(
            "The mean is $x = 3$, and the rest is noise.",
            ("Das Mittel ist $x = 3$, der Rest Rauschen.",),
            (("Das Mittel ist, der Rest Rauschen.", FORM),),
        ),
        Case(
            "It is a matter of trust. Nobody has ever asked the bank about the terms of the loan.",
            ("Es ist eine Sache des Vertrauens. Nie hat jemand die Bank nach den Bedingungen gefragt.",),
            (("Es ist eine Sache des Vertrauens. Nobody has ever asked the bank about the terms of the loan.", LEFT),),
        ),
        Case(
            "The second railway costs £40 million less.",
            ("Die zweite Bahn kostet 40 Millionen Pfund weniger.",),
            (
                ("Die zweite Bahn kostet 40 Millionen Euro weniger.", NUMBERS),
                ("Die zweite Bahn kostet 14 Millionen Pfund weniger.", NUMBERS),
            ),
        ),
        Case(
            "Between 10:30 and 12:15 they voted.",
            ("Zwischen 10.30 und 12.15 Uhr stimmten sie ab.", "Abgestimmt wurde von 10:30 bis 12:15 Uhr."),
            (("Zwischen 10.30 und 12.51 Uhr stimmten sie ab.", NUMBERS),),
        ),
        Case(
            "He was born in the 1970s and wrote 35 books.",
            (
                "Er wurde in den 1970er Jahren geboren und schrieb 35 Bücher.",
                "Er wurde in den Siebzigerjahren geboren und schrieb fünfunddreißig Bücher.",
            ),
            (("Er wurde in den 1970er Jahren geboren und schrieb dreiundfünfzig Bücher.", NUMBERS),),
        ),
        Case(
            "A loss of 0.4% in three quarters is small.",
            (
                "Ein Verlust von 0,4 Prozent in drei Quartalen ist klein.",
                "Ein Verlust von 0,4 % in drei Vierteljahren ist gering.",
            ),
            (("Ein Verlust von 0,4 Promille in drei Quartalen ist klein.", NUMBERS),),
        ),
    ),
    "hr": (
        Case(
            "Talks lasted from 2014 to 2018 and cost $1.5 million.",
            ("Pregovori su trajali od 2014. do 2018. i stajali 1,5 milijuna dolara.",),
            (
                ("Pregovori su trajali od 2014. do 2018. i stajali 1,5 tisuća dolara.", NUMBERS),
                ("Pregovori su trajali od 2004. do 2018. i stajali 1,5 milijuna dolara.", NUMBERS),
            ),
        ),
        Case(
            "It was signed on 5 July 2016 by 11 banks.",
            ("Potpisalo ga je 11 banaka 5. srpnja 2016.", "Potpisalo ga je jedanaest banaka 5. 7. 2016."),
            (
                ("Potpisalo ga je 11 banaka 5. lipnja 2016.", NUMBERS),
                ("Potpisalo ga je 11 banaka 15. srpnja 2016.", NUMBERS),
            ),
        ),
        Case(
            "The field of 450 hectares yields 3.2 tonnes each.",
            ("Polje od 450 hektara daje po 3,2 tone.", "Polje od 450 ha daje po 3,2 t."),
            (("Polje od 450 hektara daje po 2,3 tone.", NUMBERS),),
        ),
        Case(
            "The loan of €85 million covers 8% of it.",
            ("Zajam od 85 milijuna eura pokriva 8 posto.", "Zajam od 85 mil. € pokriva osam posto."),
            (
                ("Zajam od 85 milijuna dolara pokriva 8 posto.", NUMBERS),
                ("Zajam od 85 milijardi eura pokriva 8 posto.", NUMBERS),
                ("Zajam od 85 milijuna eura pokriva 8 postotnih bodova.", NUMBERS),
            ),
        ),
        Case(
            "A third of 2,000 people, or 667, left.",
            ("Trećina od 2.000 ljudi, njih 667, otišla je.", "Otišla je trećina od dvije tisuće ljudi, njih 667."),
            (
                ("Trećina od 2.000 ljudi, njih 676, otišla je.", NUMBERS),
                ("Četvrtina od 2.000 ljudi, njih 667, otišla je.", NUMBERS),
            ),
        ),
        Case(
            "It is a matter of trust. Nobody has ever asked the bank about the terms of the loan.",
            ("To je pitanje povjerenja. Nitko nikad nije pitao banku za uvjete.",),
            (("To je pitanje povjerenja. Nobody has ever asked the bank about the terms of the loan.", LEFT),),
        ),
        Case(
            "The minister of finance signed it at last.",
            ("Napokon ga je potpisao ministar financija.",),
            (
                ("Napokon ga je potpisao министар financija.", LETTERS),
                ("Napokon ga je potpisaо ministar financija.", LETTERS),
            ),
        ),
        Case(
            'They call it "soft power" again.',
            ("Opet to zovu „mekom moći”.", 'Opet to zovu "mekom moći".'),
            (("Opet to zovu “mekom moći”.", TYPED), ("Opet to zovu „mekom moći.", UNPAIRED)),
        ),
        Case(
            "Output is 350 MW in five plants.",
            ("Snaga je 350 MW u pet elektrana.", "Snaga pet elektrana je 350 megavata."),
            (("Snaga je 350 GW u pet elektrana.", NUMBERS), ("Snaga je 350 MW u šest elektrana.", NUMBERS)),
        ),
        Case(
            "The 21st century began with 9 crises.",
            (
                "U XXI. stoljeću bilo je devet kriza.",
                "Dvadeset prvo stoljeće počelo je s 9 kriza.",
                "U 21. stoljeću bilo je devet kriza.",
            ),
        ),
        Case(
            "The report [@doe, pp. 12-14] gives a rate of 2.9%.",
            ("Izvješće [@doe, str. 12-14] navodi 2,9 posto.",),
            (("Izvješće [@doe, str. 12-14] navodi 9,2 posto.", NUMBERS),),
        ),
    ),
}
"""Planted afterwards, and measured before anything was mended."""
CASES |= {tag: (*CASES.get(tag, ()), *LATER[tag]) for tag in LATER}

PICTURE = '![{}](images/canon.svg){{#fig-{} alt="{}"}}'
CODE = "```python\nrate = joined / all  # {}\n```"
AT_LAST = {
    "sr-Latn": (
        Case(
            "It opened in September 2024 and killed 16 people.",
            ("Otvoreno je u septembru 2024. i usmrtilo šesnaestoro ljudi.",),
            (("Otvoreno je u novembru 2024. i usmrtilo 16 ljudi.", NUMBERS),),
        ),
        Case("A third of the 12 bridges broke.", ("Od tuceta mostova srušilo se oko 33%.",)),
        Case(
            CODE.format("by month"),
            (CODE.format("po mesecima"),),
            ((CODE.format("po mesecima").replace("joined / all", "all / joined"), BLOCKS),),
        ),
        Case(
            PICTURE.format("The plan", "plan", "Three bars, of which the first is long."),
            (PICTURE.format("Plan", "plan", "Tri stupca, od kojih je prvi dug."),),
            ((PICTURE.format("Plan", "plan", "Three bars, of which the first is long."), LEFT),),
        ),
    ),
    "de": (
        Case(
            "It kept 5,000 people in work, 12 of them twice.",
            ("Es erhielt fünftausend Menschen die Arbeit, einem Dutzend davon zweimal.",),
            (("Es erhielt sechstausend Menschen die Arbeit, zwölf davon zweimal.", NUMBERS),),
        ),
        Case(
            "1. both agree on a plan;\n2. a bank lends what it costs;\n3. a company does the work.",
            ("1. beide einigen sich;\n2. eine Bank leiht, was er kostet, und eine Firma tut die Arbeit.",),
            (("1. beide einigen sich auf einen Plan;\n2. eine Firma arbeitet.", BLOCKS),),
        ),
    ),
    "fr": (
        Case(
            "On 1 July 2024 it gave 2.5 t of ore to 12 men.",
            ("Le premier juillet 2024, elle a donné deux tonnes et demie de minerai à une douzaine d’hommes.",),
            (("Le 1er juillet 2024, elle a donné deux tonnes de minerai à douze hommes.", NUMBERS),),
        ),
    ),
}
"""Of defects that a program planted, and of free translations: what was missed or reported at first."""
CASES |= {tag: (*CASES.get(tag, ()), *AT_LAST[tag]) for tag in AT_LAST}


@cache
def told(tag: str) -> dict[str, tuple[str, ...]]:
    """The rules of the faults that are found, by translation."""
    pairs = [(case.source, text) for case in CASES[tag] for text in (*case.right, *(text for text, _ in case.wrong))]
    ours, theirs = (_chapter([pair[side] for pair in pairs]) for side in (1, 0))
    document = chapter(ours, tag)
    faults = Faults()
    check_prose(document, {document.path: ours.split("\n")}, abbreviations(document), faults)
    every = [*compared(document, chapter(theirs)), *faults.all()]
    begins = [number for number, line in enumerate(ours.split("\n"), 1) if line.startswith("## ")]
    rules: dict[str, tuple[str, ...]] = {}
    for (_, text), begin, end in zip(pairs, begins, [*begins[1:], 10**6], strict=True):
        rules[text] = tuple(fault.rule for fault in every if begin <= fault.place.line < end)
    return rules


def _chapter(texts: list[str]) -> str:
    sections = [f"## {number} {{#sec-{number}}}\n\n{text}\n" for number, text in enumerate(texts)]
    return "# Title {#sec-title}\n\n" + "\n".join(sections)


RIGHT = [(tag, text) for tag, cases in CASES.items() for case in cases for text in case.right]
WRONG = [(tag, text, rule) for tag, cases in CASES.items() for case in cases for text, rule in case.wrong]


@pytest.mark.parametrize(("tag", "text"), RIGHT)
def test_a_correct_translation_is_not_told(tag: str, text: str) -> None:
    expected = (BLOCKS,) if _is_joined(tag, text) else ()
    assert told(tag)[text] == expected


def _is_joined(tag: str, text: str) -> bool:
    """Whether two blocks are one in it: that is a warning, and no error."""
    case = next(case for case in CASES[tag] if text in case.right)
    theirs, ours = (len(re.findall(r"\n(?:\n|- |\d\. )", one)) for one in (case.source, text))
    return ours < theirs


@pytest.mark.parametrize(("tag", "text", "rule"), WRONG)
def test_a_planted_defect_is_told(tag: str, text: str, rule: str) -> None:
    assert rule in told(tag)[text]


SOURCE = (
    "# Of loans\n\nIt is long.[^a] It is wide.[^b]\n\n## Foreign loans\n\nMost loans are foreign.[^c]\n\n## Huawei\n"
)
TEXT = "# O zajmovima\n\nDuga je.[^a] Široka je.[^b]\n\n## Strani zajmovi\n\nVećina je strana.[^c]\n\n## Huawei\n"
DEFINED = "\n[^a]: Aha.\n\n[^b]: Baš tako.\n\n[^c]: Cela priča.\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("x", "x", ""),
        ("[^a] Široka je.[^b]", "[^b] Široka je.[^a]", "the note `[^b]` stands before another one, and does not"),
        ("Široka je.[^b]", "Široka je.", "the note `[^b]` (`Just so.`) of the source"),
        ("Strani zajmovi", "Foreign loans", "the heading is word for word that of the source (chapters/en/…:5:4)"),
        ("O zajmovima", "Of loans", "the heading is word for word that of the source"),
        (
            "Široka je.[^b]\n\n## Strani zajmovi\n\nVećina je strana.[^c]",
            "Široka je.[^c]\n\n## Strani zajmovi\n\nVećina je strana.[^b]",
            "the note",
        ),
    ],
)
def test_notes_in_a_wrong_place_and_short_headings_are_told(old: str, new: str, said: str) -> None:
    told = found(SOURCE + "\n[^a]: Aha.\n\n[^b]: Just so.\n\n[^c]: All of it.\n", TEXT.replace(old, new) + DEFINED)
    assert (told == "") == (said == "")
    assert said in told


def test_a_note_in_another_paragraph_of_its_section_is_told() -> None:
    source = "# Of loans\n\nIt is long.[^a]\n\nIt is wide.\n\n[^a]: Aha.\n"
    told = found(source, "# O zajmovima\n\nDuga je.\n\nŠiroka je.[^a]\n\n[^a]: Aha.\n")
    assert "the note `[^a]` stands in this paragraph, and does not in the source" in told


TWINS = [
    ("Радила је Deutsche Банк.", "Deutsche Банк"),
    ("Радио је у New York Тимес.", "York Тимес"),
    ("Банк оф China то зна.", "оф China"),
    ("Остаје статус quo.", "статус quo"),
    ("Фирма Huawei ради у граду Linglong.", ""),
    ("Остаје status quo, и Deutsche Bank.", ""),
]


@pytest.mark.parametrize(("text", "shown"), TWINS)
def test_a_name_that_a_twin_has_half_put_into_its_script_is_told(text: str, shown: str) -> None:
    source = (
        "# T\n\nDeutsche Bank, the New York Times and the Bank of China keep the status quo; the firm Huawei works.\n"
    )
    faults = Faults()
    check_twin(chapter(f"# T\n\n{text}\n", "sr-Cyrl"), chapter(source), faults)
    said = [f"`{shown}` is half in Cyrillic and half in Latin letters, and one name in the source"] if shown else []
    assert [fault.message for fault in faults.all()] == said
