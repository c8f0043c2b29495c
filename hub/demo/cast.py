"""The customers of the planted cases: the same names and towns for every seed."""

from dataclasses import dataclass

from hub.demo.draft import Draft
from hub.demo.founding import Charter, draw_address, found, found_namesake, found_sister
from hub.demo.model import Address, Company


@dataclass(frozen=True, slots=True)
class Role:
    """A customer with a part to play."""

    core: str
    form: str
    city: str
    postcode: str
    moves: bool = False


ROLES: dict[str, Role] = {
    "R01-ticket": Role("Hallwandt Fördertechnik", "GmbH", "Augsburg", "86167"),
    "R01-complaint": Role("Möckelstedt Verpackungen", "GmbH & Co. KG", "Nürnberg", "90431"),
    "R01-near-new": Role("Ahlenmarsch Messtechnik", "GmbH", "Hamburg", "20537"),
    "R01-near-small": Role("Rautenborn Möbelwerke", "GmbH & Co. KG", "Bielefeld", "33609"),
    "R01-near-early": Role("Teichelgrund Recycling", "GmbH", "Dresden", "01139"),
    "R01-near-solved": Role("Heckelwöhr Antriebstechnik", "GmbH", "Kassel", "34123"),
    "R02-contract": Role("Wiedenquell Getränkelogistik", "GmbH", "Lübeck", "23569"),
    "R02-golive": Role("Zwirnfeld Textilwerke", "AG", "Chemnitz", "09117"),
    "R02-near": Role("Schlehenfeld Feinmechanik", "GmbH", "Freiburg im Breisgau", "79108"),
    "R03": Role("Kieselrade Glaswerke", "GmbH", "Ulm", "89079"),
    "R03-near": Role("Tannenloh Süßwaren", "GmbH", "Mainz", "55120"),
    "R04": Role("Ohlenbüttel Maschinenbau", "GmbH", "Hannover", "30419"),
    "R04-near": Role("Arnselthal Keramik", "GmbH", "Erfurt", "99086"),
    "R05": Role("Drosselhorst Chemietechnik", "KG", "Mannheim", "68219"),
    "R05-near": Role("Äschenrieth Hydraulik", "GmbH", "Münster", "48155"),
    "R06": Role("Immenrieth Milchwerke", "eG", "Passau", "94036"),
    "R06-near": Role("Bärnsiek Brauereibedarf", "GmbH", "Bamberg", "96052"),
    "R07-warning": Role("Brüggenthal Stahlbau", "AG", "Bremen", "28197"),
    "R07-critical": Role("Sassenkamp Pumpentechnik", "GmbH", "Kiel", "24145"),
    "R07-near-new": Role("Cordelbrück Formenbau", "GmbH", "Karlsruhe", "76185"),
    "R07-near-small": Role("Elsterkamp Elektrotechnik", "e.K.", "Regensburg", "93055"),
    "R07-near-project": Role("Pappelsiek Holzwerke", "GmbH", "Osnabrück", "49084"),
    "R08-completed": Role("Falkenloh Spedition", "GmbH", "Leipzig", "04347"),
    "R08-old": Role("Lerchensund Papierwerke", "GmbH", "Rostock", "18069"),
    "R08-near": Role("Uhlenwinkel Druckguss", "GmbH", "Magdeburg", "39126"),
    "R09": Role("Quarzbrink Schaltanlagen", "GmbH", "Bochum", "44793"),
    "R09-near": Role("Dornhagel Prüftechnik", "GmbH", "Trier", "54292"),
    "R10": Role("Fuchsried Lackfabrik", "GmbH", "Heilbronn", "74080"),
    "R10-near": Role("Gansleiten Mühlenbau", "GmbH", "Straubing", "94315"),
    "R11": Role("Hohensteg Kunststofftechnik", "GmbH", "Oldenburg", "26135"),
    "R11-near": Role("Ilmbusch Feuerungsbau", "GmbH", "Weimar", "99423"),
    "R12": Role("Jungfernmoor Torfwerke", "GmbH", "Emden", "26725"),
    "R12-near": Role("Kupferzell Galvanik", "GmbH", "Pforzheim", "75179"),
    "R13": Role("Lindhorst Fruchtsäfte", "GmbH", "Konstanz", "78467"),
    "R13-near": Role("Mohnbruch Saatzucht", "KG", "Göttingen", "37081"),
    "R14": Role("Nesselwang Seilbahnen", "GmbH", "Kempten", "87437"),
    "R14-near": Role("Ockerwitz Ziegelwerke", "GmbH", "Meißen", "01662"),
    "R15": Role("Sandhorn Messebau", "GmbH", "Bayreuth", "95444"),
    "R15-near": Role("Tiefenau Lederwaren", "GmbH", "Offenbach am Main", "63065"),
    "R17": Role("Ulmenrain Bootsbau", "GmbH", "Stralsund", "18439"),
    "R17-near": Role("Vierlinden Orgelbau", "GmbH", "Fulda", "36037"),
    "R16": Role("Plattenhof Natursteine", "GmbH", "Eichstätt", "85072"),
    "R16-near": Role("Rosskamp Zeltbau", "GmbH", "Paderborn", "33106"),
    "R18-address": Role("Yburgstein Feuerschutz", "GmbH", "Aalen", "73430", moves=True),
    "R18-iban": Role("Xaverhausen Tiefkühlkost", "GmbH", "Ingolstadt", "85055"),
    "R18-near": Role("Weiherfeld Kabeltechnik", "GmbH", "Kaiserslautern", "67655"),
    "R19": Role("Ginsterfels Kältetechnik", "GmbH", "Würzburg", "97080"),
    "R19-near": Role("Narzenmoor Umwelttechnik", "GmbH", "Saarbrücken", "66115"),
    "sisters": Role("Tarvenholt Logistik", "GmbH", "Köln", "51103"),
    "partner": Role("Karlenbach Baustoffe", "GmbH & Co. KG", "Braunschweig", "38112"),
    "namesakes": Role("Grünloh Metallbau", "GmbH", "Rosenheim", "83024"),
    "moved": Role("Vogelsund Medizintechnik", "GmbH", "Fürth", "90765", moves=True),
    "doubled": Role("Eichelbrandt Werkzeugbau", "GmbH", "Düsseldorf", "40599"),
    "cut": Role(
        "Wacholderwinkel Gebäudetechnik und Anlagenservice", "GmbH & Co. KG", "Landshut", "84030"
    ),
}
"""Part -> who plays it."""


def found_cast(draft: Draft) -> dict[str, Company]:
    """Found the cast, with the relatives some parts need, and return it by part."""
    cast: dict[str, Company] = {}
    for part, role in ROLES.items():
        trade = role.core.split()[1]
        street = draw_address(draft)
        address = Address(street.street, street.house_number, role.postcode, role.city)
        charter = Charter(
            role.core, role.form, trade, len(draft.companies) + 1, address, moves=role.moves
        )
        cast[part] = found(draft, charter)
    eldest = cast["sisters"]
    cast["sisters-2"] = found_sister(
        draft, eldest, core="Tarvenholt Immobilien", trade="Immobilien"
    )
    cast["partner-2"] = found_sister(
        draft, cast["partner"], core="Karlenbach Verwaltungs", trade="Beteiligungen"
    )
    street = draw_address(draft)
    elsewhere = Address(street.street, street.house_number, "24145", "Kiel")
    cast["namesakes-2"] = found_namesake(draft, cast["namesakes"], elsewhere)
    draft.legible.update(company.id for company in cast.values())
    return cast
