"""Stock for company names that no register holds: invented stems, trades and legal forms."""

from hub.demo.stock import words

STEM_HEADS = words(
    """Ahlen Arnsel Bärn Birken Brack Cordel Dörn Drossel Eichel Elster Fähr Falken Gersten Ginster
    Grün Hasel Heckel Holt Ilmen Immen Karlen Kiesel Köhl Kranz Lerchen Linden Marden Möhren Mühl
    Narzen Nessel Ohlen Ostern Pappel Quer Rauten Rüden Sassen Schlehen Tannen Tarven Teichel Ulmen
    Vogel Wacholder Wessen Wieden Zander Zwirn Äschen"""
)
STEM_TAILS = words(
    """born brandt brück büttel feld fels gaard grund hagen höfer horst kamp leite loh marsch moor
    quell rade rieth siek stedt sund tann thal wandt winkel wöhr zell"""
)
TRADES = words(
    """Anlagenbau Antriebstechnik Bäckereitechnik Baustoffe Blechtechnik Brauereibedarf
    Chemietechnik Dichtungstechnik Druckguss Elektrotechnik Energietechnik Fahrzeugbau Feinmechanik
    Fördertechnik Formenbau Futtermittel Gebäudetechnik Gießerei Getränkelogistik Glaswerke
    Holzwerke Hydraulik Kabeltechnik Kältetechnik Keramik Kunststofftechnik Lebensmittel Logistik
    Maschinenbau Medizintechnik Messtechnik Metallbau Milchwerke Möbelwerke Oberflächentechnik
    Papierwerke Pumpentechnik Recycling Schaltanlagen Spedition Stahlbau Süßwaren Textilwerke
    Umwelttechnik Verpackungen Wasserwerke Werkzeugbau Zerspanungstechnik"""
)
SISTER_TRADES = ("Immobilien", "Service", "Handel", "Beteiligungen", "Transporte")
"""What the second company of a group does: same stem, same address, other business."""
FORMS = (
    ("GmbH", 55),
    ("GmbH & Co. KG", 18),
    ("AG", 6),
    ("e.K.", 6),
    ("UG (haftungsbeschränkt)", 4),
    ("KG", 4),
    ("OHG", 3),
    ("eG", 2),
    ("SE", 1),
)
"""Legal forms and how often each is drawn, in percent."""
FREEMAIL = ("t-online.de", "gmx.de", "web.de", "gmail.com")

PLACES = (
    ("Berlin", "12489"),
    ("Berlin", "13403"),
    ("Hamburg", "20537"),
    ("Hamburg", "21079"),
    ("München", "80807"),
    ("München", "81829"),
    ("Köln", "50829"),
    ("Köln", "51103"),
    ("Frankfurt am Main", "60314"),
    ("Frankfurt am Main", "65929"),
    ("Augsburg", "86153"),
    ("Augsburg", "86167"),
    ("Nürnberg", "90431"),
    ("Fürth", "90765"),
    ("Ingolstadt", "85055"),
    ("Regensburg", "93055"),
    ("Passau", "94036"),
    ("Würzburg", "97080"),
    ("Bamberg", "96052"),
    ("Landshut", "84030"),
    ("Rosenheim", "83024"),
    ("Ulm", "89079"),
    ("Stuttgart", "70565"),
    ("Karlsruhe", "76185"),
    ("Mannheim", "68219"),
    ("Freiburg im Breisgau", "79108"),
    ("Saarbrücken", "66115"),
    ("Mainz", "55120"),
    ("Düsseldorf", "40599"),
    ("Münster", "48155"),
    ("Bielefeld", "33609"),
    ("Osnabrück", "49084"),
    ("Hannover", "30419"),
    ("Braunschweig", "38112"),
    ("Bremen", "28197"),
    ("Kiel", "24145"),
    ("Lübeck", "23569"),
    ("Rostock", "18069"),
    ("Magdeburg", "39126"),
    ("Leipzig", "04347"),
    ("Dresden", "01139"),
    ("Chemnitz", "09117"),
    ("Erfurt", "99086"),
    ("Kassel", "34123"),
)
"""Towns with one of their postcodes."""
STREETS = words(
    """Industriestraße Gewerbestraße Bahnhofstraße Siemensstraße Daimlerstraße Dieselstraße
    Robert-Bosch-Straße Carl-Benz-Straße Max-Planck-Straße Werkstraße Hafenstraße Lindenstraße
    Mühlweg Schulstraße Gartenstraße Ringstraße Hauptstraße Ziegeleiweg Südring Nordring
    Gutenbergstraße Röntgenstraße Liebigstraße Messestraße Kanalstraße"""
)
