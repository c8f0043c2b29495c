"""Stock of texts: what the demo company sells, and what its customers write to its help desk."""

WORKS = (
    "Retrofit Abfüllanlage",
    "Steuerung Förderband",
    "Roboterzelle Palettierung",
    "Schaltschrankbau Halle 2",
    "Visualisierung Leitwarte",
    "Umstellung SPS-Steuerung",
    "Sicherheitsumbau Presse",
    "Energiemonitoring",
    "Anbindung Lagerverwaltung",
    "Antriebstechnik Linie 3",
    "Prüfstand Endkontrolle",
    "Bildverarbeitung Etikettierung",
    "Erweiterung Kühlanlage",
    "Fernwartung Außenstellen",
    "Modernisierung Rührwerk",
    "Datenerfassung Produktion",
)
CONTRACTS = ("Wartung Steuerungen", "Servicevertrag Anlagen", "Fernwartung", "Softwarepflege")
INCIDENTS = (
    "Steuerung startet nicht nach Stromausfall",
    "Förderband bleibt sporadisch stehen",
    "Roboter verliert Referenzpunkt",
    "Keine Verbindung zur Leitwarte",
    "Fehlermeldung F0732 am Umrichter",
    "Sensor liefert unplausible Werte",
    "Bedienpanel bleibt schwarz",
    "Not-Halt löst ohne Grund aus",
)
REQUESTS = (
    "Bitte um Schulungstermin",
    "Zugang für neuen Mitarbeiter",
    "Frage zu Ersatzteilliste",
    "Dokumentation wird benötigt",
    "Terminverschiebung Wartung",
    "Passwort Fernwartung zurücksetzen",
)
CHANGES = ("Rezepturverwaltung erweitern", "Zusätzlicher Bericht Schichtende")
BILLING = ("Rückfrage zur Rechnung", "Rechnungskopie benötigt")
COMPLAINTS = (
    "Beschwerde: Techniker zum zweiten Mal nicht erschienen",
    "Reklamation: Anlage läuft nach Umbau langsamer",
    "Beschwerde über lange Reaktionszeit",
)
SUBJECTS: dict[str, tuple[str, ...]] = {
    "incident": INCIDENTS,
    "request": REQUESTS,
    "change": CHANGES,
    "billing": BILLING,
    "complaint": COMPLAINTS,
}
"""Ticket subjects by the kind of ticket."""
REPLIES = (
    "Vielen Dank für Ihre Meldung, wir kümmern uns darum.",
    "Können Sie uns bitte ein Foto der Anzeige senden?",
    "Der Techniker ist eingeplant.",
    "Das Problem ist behoben, bitte prüfen Sie.",
)
