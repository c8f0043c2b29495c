"""Stock of common given and family names; people are composed from it at random."""

from hub.demo.stock import words

FEMALE = words(
    """Andrea Angelika Anja Anna Annette Antje Barbara Beate Birgit Brigitte Britta Carina Carmen
    Christa Christiane Christina Claudia Daniela Diana Doris Elena Elisabeth Elke Eva Franziska
    Gabriele Gisela Hanna Heike Ines Ingrid Iris Jana Jasmin Jennifer Johanna Judith Julia Jutta
    Karin Karoline Katharina Kerstin Kristin Lara Laura Lea Lena Lisa Manuela Margit Maria Marion
    Marlene Martina Melanie Michaela Miriam Monika Nadine Nicole Nina Petra Ramona Regina Renate
    Rita Sabine Sandra Sarah Silke Simone Sonja Sophie Stefanie Susanne Svenja Tanja Teresa Ulrike
    Ursula Ute Vanessa Vera Verena"""
)
MALE = words(
    """Alexander Andreas Armin Benjamin Bernd Bernhard Björn Carsten Christian Christoph Daniel
    David Dennis Detlef Dieter Dietmar Dirk Dominik Eberhard Erik Fabian Felix Florian Frank Georg
    Gerd Gerhard Günter Hannes Harald Hartmut Heiko Heinrich Helmut Henning Hendrik Holger Horst
    Ingo Jan Jens Joachim Jochen Johannes Jonas Jörg Julian Jürgen Kai Karsten Klaus Konrad Lars
    Leon Lukas Lutz Manfred Marc Marcel Marco Mario Markus Martin Matthias Max Michael Moritz
    Norbert Olaf Oliver Patrick Paul Peter Philipp Rainer Ralf Reinhard René Robert Roland Rolf
    Rüdiger Sebastian Sören Stefan Steffen Sven Thomas Thorsten Tim Tobias Torben Udo Ulrich Uwe
    Volker Werner Wolfgang"""
)
FAMILY = words(
    """Ackermann Adam Albrecht Arnold Bach Baier Barth Bauer Baumann Beck Becker Beckmann Berger
    Bergmann Bock Böhm Brandt Braun Breuer Brückner Busch Büttner Dietrich Dietz Döring Ebert
    Eckert Engel Ernst Fiedler Fischer Förster Franke Frank Frey Friedrich Fritz Fuchs Geiger
    Gerlach Götz Graf Groß Günther Haas Hahn Hartmann Heinrich Heinz Herrmann Heß Hoffmann Hofmann
    Horn Huber Hübner Jäger Jahn Jansen Jung Kaiser Keller Kern Kirchner Klein Koch Köhler König
    Krämer Kraft Kraus Krause Krüger Kruse Kuhn Kühn Lang Lange Lehmann Lenz Lindner Lorenz Ludwig
    Maier Martin Marx Maurer Mayer Meier Meyer Möller Müller Naumann Neumann Nowak Otto Paul Peters
    Pfeiffer Pohl Reinhardt Richter Riedel Ritter Roth Sander Sauer Schäfer Scherer Schilling
    Schmid Schmidt Schmitt Schneider Scholz Schreiber Schröder Schubert Schüler Schulte Schultz
    Schulz Schumacher Schuster Schütz Schwarz Seidel Seifert Simon Sommer Stein Steiner Thiel
    Thomas Ullrich Vogel Vogt Voigt Wagner Walter Weber Weiß Wendt Werner Winkler Winter Wolf
    Wolff Zimmermann Ziegler"""
)
POSITIONS = (
    "Geschäftsführung",
    "Einkauf",
    "Technische Leitung",
    "Instandhaltung",
    "Produktionsleitung",
    "Buchhaltung",
    "IT-Leitung",
    "Projektleitung",
    "Logistik",
    "Qualitätssicherung",
)
STAFF = (
    "Quendel, Anke",
    "Raabe, Jonas",
    "Sommer, Ines",
    "Tietjen, Malte",
    "Ostler, Birgit",
    "Viehhauser, Xaver",
)
"""The demo company's own people: sellers and project managers."""
