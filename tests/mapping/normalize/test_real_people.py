"""People as address books, signatures and ticket headers name them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.name import person_name

Pieces = tuple[str | None, str | None, str | None, str | None]


@pytest.mark.parametrize(
    ("text", "name", "pieces"),
    [
        ("Max Mustermann", "Max Mustermann", ("Max", "Mustermann", None, None)),
        ("MAX MUSTERMANN", "MAX MUSTERMANN", ("MAX", "MUSTERMANN", None, None)),
        ("Hr. Max Mustermann", "Max Mustermann", ("Max", "Mustermann", None, "Hr")),
        ("Herrn Max Mustermann", "Max Mustermann", ("Max", "Mustermann", None, "Herrn")),
        ("Herr Max Mustermann", "Max Mustermann", ("Max", "Mustermann", None, "Herr")),
        ("Frau Dr. Erika Mustermann", "Erika Mustermann", ("Erika", "Mustermann", "Dr.", "Frau")),
        ("Fr. Mustermann", "Mustermann", (None, "Mustermann", None, "Fr")),
        ("Fräulein Anna Berg", "Anna Berg", ("Anna", "Berg", None, "Fräulein")),
        (
            "Herr Dr. Dr. h. c. mult. Hans Berg",
            "Hans Berg",
            ("Hans", "Berg", "Dr. Dr. h. c. mult.", "Herr"),
        ),
        ("Univ.-Prof. Dr. Hans Berg", "Hans Berg", ("Hans", "Berg", "Univ.-Prof. Dr.", None)),
        ("Prof. Hans Berg", "Hans Berg", ("Hans", "Berg", "Prof.", None)),
        ("Professor Hans Berg", "Hans Berg", ("Hans", "Berg", "Professor", None)),
        ("PD Dr. Hans Berg", "Hans Berg", ("Hans", "Berg", "PD Dr.", None)),
        ("Dr.med. Hans Berg", "Hans Berg", ("Hans", "Berg", "Dr.med.", None)),
        ("Dr. med. dent. Hans Berg", "Hans Berg", ("Hans", "Berg", "Dr. med. dent.", None)),
        ("Dipl.-Kfm. Hans Berg", "Hans Berg", ("Hans", "Berg", "Dipl.-Kfm.", None)),
        ("Dipl. Kffr. Anna Berg", "Anna Berg", ("Anna", "Berg", "Dipl. Kffr.", None)),
        ("Dipl.-Inf. Hans Berg", "Hans Berg", ("Hans", "Berg", "Dipl.-Inf.", None)),
        ("Mag. Hans Berg", "Hans Berg", ("Hans", "Berg", "Mag.", None)),
        ("Mag. (FH) Hans Berg", "Hans Berg", ("Hans", "Berg", "Mag. (FH)", None)),
        ("Ing. Hans Berg", "Hans Berg", ("Hans", "Berg", "Ing.", None)),
        ("DDr. Hans Berg", "Hans Berg", ("Hans", "Berg", "DDr.", None)),
        ("Dr. iur. Hans Berg, LL.M.", "Hans Berg", ("Hans", "Berg", "Dr. iur.", None)),
        ("Hans Berg, MBA", "Hans Berg", ("Hans", "Berg", None, None)),
        ("Hans Berg M.Sc.", "Hans Berg", ("Hans", "Berg", None, None)),
        ("Hans Berg B.A.", "Hans Berg", ("Hans", "Berg", None, None)),
        ("RA Hans Berg", "Hans Berg", ("Hans", "Berg", "RA", None)),
        ("StB Hans Berg", "Hans Berg", ("Hans", "Berg", "StB", None)),
        ("Hans-Peter Berg", "Hans-Peter Berg", ("Hans-Peter", "Berg", None, None)),
        ("Hans Peter Berg", "Hans Peter Berg", ("Hans Peter", "Berg", None, None)),
        (
            "Anna-Maria von der Leyen",
            "Anna-Maria von der Leyen",
            ("Anna-Maria", "von der Leyen", None, None),
        ),
        ("Leyen, Ursula von der", "Ursula von der Leyen", ("Ursula", "von der Leyen", None, None)),
        ("von der Leyen, Ursula", "Ursula von der Leyen", ("Ursula", "von der Leyen", None, None)),
        ("Otto von Bismarck", "Otto von Bismarck", ("Otto", "von Bismarck", None, None)),
        (
            "Johann Wolfgang von Goethe",
            "Johann Wolfgang von Goethe",
            ("Johann Wolfgang", "von Goethe", None, None),
        ),
        ("Vincent van Gogh", "Vincent van Gogh", ("Vincent", "van Gogh", None, None)),
        ("Anna de Boer", "Anna de Boer", ("Anna", "de Boer", None, None)),
        ("Jan ten Brink", "Jan ten Brink", ("Jan", "ten Brink", None, None)),
        ("Maria do Carmo", "Maria do Carmo", ("Maria", "do Carmo", None, None)),
        (
            "Jean-Claude Van Damme",
            "Jean-Claude Van Damme",
            ("Jean-Claude", "Van Damme", None, None),
        ),
        ("Sean O'Connor", "Sean O'Connor", ("Sean", "O'Connor", None, None)),
        ("Ali ibn Sina", "Ali ibn Sina", ("Ali", "ibn Sina", None, None)),
        ("Osama bin Laden", "Osama bin Laden", ("Osama", "bin Laden", None, None)),
        ("Björk", "Björk", (None, None, None, None)),
        ("山田 太郎", "山田 太郎", ("山田", "太郎", None, None)),
        ("Smith, John", "John Smith", ("John", "Smith", None, None)),
        ("Smith, John, Jr.", "John Smith Jr.", ("John", "Smith", None, None)),
        ("John Smith Jr.", "John Smith Jr.", ("John", "Smith", None, None)),
        ("John Smith III", "John Smith III", ("John", "Smith", None, None)),
        ("John Q. Smith", "John Q. Smith", ("John Q.", "Smith", None, None)),
        ("Dr. John Smith, PhD", "John Smith", ("John", "Smith", "Dr.", None)),
        ("Mr. John Smith", "John Smith", ("John", "Smith", None, "Mr")),
        ("Mrs Jane Smith", "Jane Smith", ("Jane", "Smith", None, "Mrs")),
        ("Ms. Jane Smith", "Jane Smith", ("Jane", "Smith", None, "Ms")),
        ("Mme Marie Dupont", "Marie Dupont", ("Marie", "Dupont", None, "Mme")),
        ("Sig. Mario Rossi", "Mario Rossi", ("Mario", "Rossi", None, "Sig")),
        ("Max und Erika Mustermann", "Max und Erika Mustermann", (None, None, None, None)),
        ("Max & Erika Mustermann", "Max & Erika Mustermann", (None, None, None, None)),
        ("Familie Mustermann", "Familie Mustermann", (None, None, None, None)),
        ("Eheleute Mustermann", "Eheleute Mustermann", (None, None, None, None)),
        ("Herr und Frau Mustermann", "Herr und Frau Mustermann", (None, None, None, None)),
        (
            "Herr Mustermann und Frau Schmidt",
            "Herr Mustermann und Frau Schmidt",
            (None, None, None, None),
        ),
        ("z. Hd. Herrn Mustermann", "Mustermann", (None, "Mustermann", None, "Herrn")),
        ("z.Hd. Max Mustermann", "Max Mustermann", ("Max", "Mustermann", None, None)),
        ("Max Mustermann (Einkauf)", "Max Mustermann", ("Max", "Mustermann", None, None)),
        ("Mustermann, Max (Einkauf)", "Max Mustermann", ("Max", "Mustermann", None, None)),
        ("Max Mustermann sen.", "Max Mustermann sen.", ("Max", "Mustermann", None, None)),
        ("Max Mustermann junior", "Max Mustermann junior", ("Max", "Mustermann", None, None)),
        ("Mustermann jun., Max", "Max Mustermann jun.", ("Max", "Mustermann", None, None)),
        ("Max M.", "Max M.", ("Max", "M.", None, None)),
        ("M. Mustermann", "M. Mustermann", ("M.", "Mustermann", None, None)),
        ("Mustermann, M.", "M. Mustermann", ("M.", "Mustermann", None, None)),
        ("Mustermann", "Mustermann", (None, None, None, None)),
        ("Mustermann,", "Mustermann", (None, None, None, None)),
        ("Li, Wei", "Wei Li", ("Wei", "Li", None, None)),
        (
            "Frau Prof. Dr.-Ing. habil. Anna Berg",
            "Anna Berg",
            ("Anna", "Berg", "Prof. Dr.-Ing. habil.", "Frau"),
        ),
        ("Anna Berg geb. Huber", "Anna Berg", ("Anna", "Berg", None, None)),
        ("Anna Berg-Huber", "Anna Berg-Huber", ("Anna", "Berg-Huber", None, None)),
        (
            "Carl von und zu Guttenberg",
            "Carl von und zu Guttenberg",
            ("Carl", "von und zu Guttenberg", None, None),
        ),
        ("Berg geb. Huber, Anna", "Anna Berg", ("Anna", "Berg", None, None)),
        ("Anna Berg, geb. Huber", "Anna Berg", ("Anna", "Berg", None, None)),
        ("Anna Berg, geborene Huber", "Anna Berg", ("Anna", "Berg", None, None)),
        ("Anna Berg (geb. Huber)", "Anna Berg", ("Anna", "Berg", None, None)),
        ("z. Hd. Frau Dr. Anna Berg", "Anna Berg", ("Anna", "Berg", "Dr.", "Frau")),
        ("Zu Händen von Herrn Hans Berg", "Hans Berg", ("Hans", "Berg", None, "Herrn")),
        ("z.Hd. v. Anna Berg", "Anna Berg", ("Anna", "Berg", None, None)),
        ("WP Hans Berg", "Hans Berg", ("Hans", "Berg", "WP", None)),
        ("Hans Berg (Geschäftsführer)", "Hans Berg", ("Hans", "Berg", None, None)),
        ("Anna (Änne) Berg", "Anna (Änne) Berg", ("Anna (Änne)", "Berg", None, None)),
        ("Berg sen., Karl", "Karl Berg sen.", ("Karl", "Berg", None, None)),
        ("Frau Berg und Herr Tal", "Frau Berg und Herr Tal", (None, None, None, None)),
    ],
)
def test_names(text: str, name: str, pieces: Pieces) -> None:
    found = person_name(text)
    assert found is not None
    assert found.name == name
    assert (found.given, found.family, found.title, found.salutation) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "Dr.",
        "Herr Dr.",
        "-",
        "12345",
        "Prof. Dr.",
        "4711",
        "?",
    ],
)
def test_no_person(text: str) -> None:
    assert person_name(text) is None


GIVEN = ("Anna", "Hans-Peter", "Änne", "Jean Luc", "Zoë", "Ma")
FAMILY = ("Berg", "Müller-Lüdenscheidt", "O'Neill", "Groß", "Ma", "Weiß")
PARTICLES = ("", "von ", "von der ", "van ", "de la ", "zu ")
TITLES = ("", "Dr. ", "Prof. Dr. ", "Dipl.-Ing. ", "Dr. med. ", "Prof. Dr.-Ing. habil. ")
SALUTATIONS = ("", "Herr ", "Frau ", "Herrn ", "Mr. ", "Mme ")


@given(
    st.sampled_from(GIVEN),
    st.sampled_from(PARTICLES),
    st.sampled_from(FAMILY),
    st.sampled_from(TITLES),
    st.sampled_from(SALUTATIONS),
)
def test_a_name_is_one_however_it_is_ordered(
    given_name: str, particle: str, family: str, title: str, salutation: str
) -> None:
    whole = f"{particle}{family}"
    for text in (
        f"{salutation}{title}{given_name} {whole}",
        f"{whole}, {title}{given_name}",
        f"{title}{whole}, {given_name}",
        f"{family}, {given_name} {particle}".strip(),
        f"{given_name} {whole} (Einkauf)",
        f"{title}{given_name} {whole} geb. Sommer",
        f"z. Hd. {salutation}{given_name} {whole}",
    ):
        found = person_name(text)
        assert found is not None
        assert (found.given, found.family) == (given_name, whole), text
        assert found.name == f"{given_name} {whole}"
    titled = person_name(f"{salutation}{title}{given_name} {whole}")
    assert titled is not None
    assert titled.title == (title.strip() or None)
    assert titled.salutation == (salutation.strip(" .") or None)


@given(st.sampled_from(GIVEN), st.sampled_from(FAMILY), st.sampled_from([" und ", " & ", " + "]))
def test_two_people_are_never_made_one(one: str, family: str, between: str) -> None:
    text = f"{one}{between}Karl {family}"
    found = person_name(text)
    assert found is not None
    assert (found.name, found.given, found.family) == (text, None, None)


@given(st.sampled_from(["jun.", "sen.", "Jr.", "III", "junior"]), st.sampled_from(FAMILY))
def test_a_generation_is_shown_but_is_no_family_name(suffix: str, family: str) -> None:
    for text in (f"Karl {family} {suffix}", f"Karl {family}, {suffix}", f"{family} {suffix}, Karl"):
        found = person_name(text)
        assert found is not None
        assert (found.given, found.family) == ("Karl", family)
        assert found.name == f"Karl {family} {suffix}"
