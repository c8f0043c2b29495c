"""The legal forms of companies and how people write them: an own table, German forms first.

Libraries read "Gesellschaft mit beschränkter Haftung & Co KG" as two forms; here a form and its
general partner ("GmbH & Co. KG") are one, for the GmbH is most often another company.
"""

from typing import Final, TypeAlias

Words: TypeAlias = tuple[str, ...]

# One line per form: canonical spelling, then every other spelling as the words that remain when
# dots are dropped and letters folded. A leading * marks what counts as a form only in the last
# words of a name, a leading ! what must also look like an abbreviation ("S.p.A.", not "Spa").
_TABLE = """
GmbH: gmbh | gesellschaft mit beschraenkter haftung | mit beschraenkter haftung
   | ges mit beschraenkter haftung | ges mbh | gesmbh | mbh | gesellschaft mbh
gGmbH: ggmbh | gemeinnuetzige gmbh | gemeinnuetzige gesellschaft mit beschraenkter haftung
   | gemeinnuetzige gesellschaft mbh
UG (haftungsbeschränkt): *ug | ug haftungsbeschraenkt | ug haftungsbeschr | ug hb
   | unternehmergesellschaft haftungsbeschraenkt | unternehmergesellschaft
gUG (haftungsbeschränkt): *gug | gug haftungsbeschraenkt | gug hb
   | gemeinnuetzige ug haftungsbeschraenkt
AG: *ag | aktiengesellschaft
gAG: *gag | gemeinnuetzige ag
InvAG: invag | investmentaktiengesellschaft
REIT-AG: reit ag
KGaA: kgaa | kommanditgesellschaft auf aktien
SE: !se | societas europaea
SCE: *sce | societas cooperativa europaea
EWIV: ewiv | eeig | europaeische wirtschaftliche interessenvereinigung
KG: *kg | kommanditgesellschaft
OHG: ohg | offene handelsgesellschaft
OG: !og | offene gesellschaft
KEG: *keg | kommandit erwerbsgesellschaft
GbR: gbr | gesellschaft buergerlichen rechts | bgb gesellschaft
eGbR: egbr | eingetragene gesellschaft buergerlichen rechts
PartG: partg | *partnerschaft | partnerschaftsgesellschaft
PartG mbB: partg mbb | partgmbb | partnerschaft mbb | partnerschaftsgesellschaft mbb | mbb
   | partnerschaftsgesellschaft mit beschraenkter berufshaftung
   | partnerschaft mit beschraenkter berufshaftung
e.K.: *ek | *ekfm | *ekfr | *ekffr | e kfm | e kfr | eingetragener kaufmann
   | eingetragene kauffrau
e.U.: !eu | eingetragenes unternehmen | eingetragener unternehmer
Einzelunternehmen: einzelunternehmen | einzelfirma
e.V.: !ev | eingetragener verein
eG: !eg | eingetragene genossenschaft
VVaG: vvag | versicherungsverein auf gegenseitigkeit
AöR: aoer | anstalt des oeffentlichen rechts
KdöR: kdoer | koerperschaft des oeffentlichen rechts
Stiftung: stiftung buergerlichen rechts | rechtsfaehige stiftung
Ltd.: *ltd | *limited | private limited company
Co. Ltd.: co ltd | co limited | company limited
Pty Ltd: pty ltd | proprietary limited
Pte Ltd: pte ltd
Pvt Ltd: pvt ltd | private limited
PLC: plc | public limited company
LLP: llp | limited liability partnership
LLC: llc | limited liability company
LP: !lp | limited partnership
Inc.: *inc | *incorporated
Corp.: *corp | *corporation
S.A.: !sa | societe anonyme | sociedad anonima | sociedade anonima | spolka akcyjna
S.A. de C.V.: sa de cv | sociedad anonima de capital variable
S. de R.L. de C.V.: s de rl de cv
SAS: !sas | sasu | societe par actions simplifiee
SARL: sarl | sa rl | societe a responsabilite limitee
EURL: eurl
SNC: !snc
SCI: !sci
S.p.A.: !spa | societa per azioni
S.r.l.: srl | srls | societa a responsabilita limitata
S.L.: !sl | *slu | !slp | sociedad limitada | sociedad de responsabilidad limitada
S.A.U.: !sau
Lda.: *lda | ltda | *limitada
B.V.: *bv | besloten vennootschap
N.V.: *nv | naamloze vennootschap
V.O.F.: *vof | vennootschap onder firma
C.V.: !cv | commanditaire vennootschap
BVBA: bvba | sprl
A/S: *a/s | aktieselskab
ApS: *aps | anpartsselskab
I/S: *i/s
AB: !ab | aktiebolag | aktiebolaget
HB: !hb | handelsbolag
AS: !as | aksjeselskap
ASA: !asa | allmennaksjeselskap
Oy: *oy | osakeyhtio
Oyj: oyj | julkinen osakeyhtio
Sp. z o.o.: sp zoo | sp z oo | spzoo | spolka zoo | spolka z oo
   | spolka z ograniczona odpowiedzialnoscia
Sp. k.: sp k | spk | spolka komandytowa
Sp. j.: sp j | spj | spolka jawna
s.r.o.: sro | s ro | spol sro | spol s ro | spolecnost s rucenim omezenym
Kft.: kft
Zrt.: zrt
Nyrt.: nyrt
Bt.: *bt
d.o.o.: *doo
d.d.: !dd
OOD: *ood
EOOD: eood
AD: !ad
SIA: !sia
UAB: *uab
OÜ: *oue
JSC: jsc
OOO: !ooo
A.E.: !ae
Sdn. Bhd.: sdn bhd
K.K.: !kk | kabushiki kaisha
GK: !gk
"""

WITH_PARTNER: Final = frozenset({"KG", "OHG", "KGaA", "OG"})
"""Forms that may name their general partner's form before "& Co."."""

PARTNERS: Final = frozenset(
    {"GmbH", "gGmbH", "UG (haftungsbeschränkt)", "AG", "SE", "Ltd.", "B.V.", "S.A.", "SARL", "Inc."}
    | {"e.K.", "KGaA", "LLC", "PLC", "eG", "S.r.l.", "A/S", "ApS"}
)

PARTNER_WORDS: Final = frozenset({"co", "cie", "comp", "compagnie", "company"})
AND_WORDS: Final = frozenset({"&", "+", "und", "u", "and"})
CARE_OF: Final = "c/o"

TRAILERS: Final = frozenset(
    {
        ("il",),
        ("i", "l"),
        ("igr",),
        ("ig",),
        ("i", "gr"),
        ("in", "liquidation"),
        ("in", "liqu"),
        ("in", "gruendung"),
        ("in", "insolvenz"),
        ("iinso",),
    }
)
"""What may stand behind the form: in liquidation, being founded."""


_SPACED_LETTERS = 4


def _parsed() -> tuple[dict[Words, str], frozenset[Words], frozenset[Words]]:
    spellings: dict[Words, str] = {}
    marked: dict[str, set[Words]] = {"*": set(), "!": set()}
    for row in _TABLE.strip().replace("\n   |", " |").splitlines():
        form, _, variants = row.partition(": ")
        for variant in variants.split(" | "):
            words = tuple(variant.lstrip("*!").split())
            # "e. V." and "G m b H" as well, but only where a name ends.
            spaced = (*words[:-1], *words[-1]) if len(words[-1]) <= _SPACED_LETTERS else words
            spellings.setdefault(spaced, form)
            spellings[words] = form
            if spaced != words:
                marked["*"].add(spaced)
            if variant[0] in marked:
                marked[variant[0]].add(words)
    return spellings, frozenset(marked["*"] | marked["!"]), frozenset(marked["!"])


SPELLINGS, LAST_ONLY, ABBREVIATED_ONLY = _parsed()
FORMS: Final = frozenset(SPELLINGS.values())
LAST_WORDS: Final = frozenset(words[-1] for words in SPELLINGS)
LONGEST: Final = max(map(len, SPELLINGS))
