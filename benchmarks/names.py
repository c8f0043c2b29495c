"""The words that invented companies and people are called by."""

# Names are put together from two stocks that share no beginning, so that a model trained on the
# one is measured on names it has never seen.
STOCKS = {
    "train": {
        "heads": "Ahl Bach Brand Dorn Eich Falk Grün Hohen Kalt Linden Mühl Neu Ober Rosen Schön"
        " Stein Tann Ulm Wald Win Zell Birk Horn Kreuz",
        "fantasy": "Alva Borea Cento Dyna Elmo Fino Gala Hexa Inno Juno Kora Lumi Meta Nova Opti"
        " Primo Quanta Rota Sano Tecno",
        "towns": "Köln Bonn Hamburg Stuttgart Würzburg Düsseldorf Münster Kassel Lübeck Gießen"
        " Nürnberg Göttingen Mühldorf Trier Hof Passau",
        "streets": "Haupt Bahnhof Garten Linden Schul Berg Kirch Ring Industrie Goethe Mozart"
        " Siemens Rosen Mühlen",
    },
    "test": {
        "heads": "Adler Buch Diet Erlen Fried Gers Heiden Im Jäger Klein Lauter Morgen Nieder Ostr"
        " Pfaff Quell Reh Sonnen Teich Unter Vögel Weiß Ziegen Höll",
        "fantasy": "Argo Bravo Cyra Delta Ergo Flexi Gamma Helio Isar Jovi Kappa Lexa Mira Neo"
        " Orbi Pola Rhein Sigma Terra Vario",
        "towns": "Mainz Aachen Bremen Karlsruhe Fürth Dortmund Osnabrück Fulda Kiel Marburg"
        " Tübingen Hameln Saarbrücken Cottbus Zwickau Görlitz",
        "streets": "Markt Post Wiesen Eichen Hafen Tal Schloss Brücken Gewerbe Schiller Beethoven"
        " Daimler Tulpen Kapellen",
    },
}
TAILS = [
    "mann", "berg", "bach", "hauer", "stein", "meier", "hof", "brink", "kamp", "ner", "ler",
    "heim", "feld", "wald", "müller", "hausen", "rich",
]  # fmt: skip
JOINTS = ("", "er", "en", "s")
FANTASY_TAILS = (
    "", "tec", "plan", "werk", "line", "form", "soft", "med", "dent", "pak", "log", "net", "san",
    "therm", "flex", "con", "mar", "via", "lux", "gen", "trans", "chem", "color", "sys",
)  # fmt: skip
COMMON = [
    "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz",
    "Hoffmann", "Schäfer", "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann",
    "Krüger", "Braun",
]  # fmt: skip
GIVEN = [
    "Hans", "Peter", "Klaus", "Michael", "Thomas", "Andreas", "Sabine", "Petra", "Jürgen",
    "Karin", "Stefan", "Monika", "Uwe", "Heike", "Jörg", "Claudia", "Ralf", "Birgit", "Frank",
    "Anja", "Maria", "Julia", "Katrin", "Tobias", "Lukas", "Felix", "Laura", "Sofia",
]  # fmt: skip
TRADES = [
    "Maschinenbau", "Logistik", "Immobilien", "Elektrotechnik", "Bau", "Metallbau",
    "Transporte", "Verwaltungs", "Handels", "Systeme", "Technik", "Software", "Druck", "Verlag",
    "Sanitär", "Werkzeugbau", "Kunststofftechnik", "Service", "Holzbau", "Anlagenbau",
    "Consulting", "Medien", "Gebäudetechnik", "Spedition", "Vertriebs", "Holding", "Autohaus",
    "Gartenbau", "Catering", "Labor", "Messtechnik", "Feinkost", "Solar", "Textil", "Möbel",
    "Stahlhandel",
]  # fmt: skip
FORMS = ("GmbH", "GmbH & Co. KG", "AG", "KG", "e.K.", "OHG", "UG (haftungsbeschränkt)", "eG")
SHORT = {
    "Maschinenbau": "Masch.-Bau",
    "Elektrotechnik": "E-Technik",
    "Logistik": "Log.",
    "Verwaltungs": "Verw.",
    "Immobilien": "Immo",
    "Transporte": "Transp.",
    "Kunststofftechnik": "Kunststofft.",
    "Gebäudetechnik": "Geb.-Technik",
    "Vertriebs": "Vertr.",
    "Anlagenbau": "Anl.bau",
    "Werkzeugbau": "Wzb.",
}
OFFSHOOTS = (
    "Verwaltungs", "Beteiligungs", "Holding", "Service", "Vertriebs", "Immobilien", "Nord", "Süd",
    "International", "Management", "Besitz",
)  # fmt: skip
"""What is put behind the name of a house that another company of it bears."""
FREE = ("gmx.de", "web.de", "t-online.de", "gmail.com")
"""Hosts of mailboxes that anybody may have."""
