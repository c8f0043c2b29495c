"""What a holding paid waits at the debtor, and no longer than it is true."""

from dataclasses import replace
from itertools import permutations

from hub.store import link_candidates
from hub.store.database import Database
from tests.pipeline.one_case import run
from tests.pipeline.test_thread import ends
from tests.pipeline.test_vorgang import decide
from tests.street_rows import Row, drop, lay

DEBTOR = Row("erp:customers:1", "organization", {"name": "Bau Krause"}, entity="01D")
HOLDING = Row("crm:accounts:2", "organization", {"name": "Krause Holding"}, entity="01H")
BILLED = {"net_minor": 1_000, "gross_minor": 1_190, "currency": "EUR", "issued_on": "2026-10-01"}
INVOICE = Row(
    "erp:invoices:1",
    "invoice",
    {**BILLED, "number": "91000602"},
    [("organization", DEBTOR.ref)],
)
PAID = Row(
    "bank:payments:1",
    "payment",
    {
        "reference": "RG 91000602DANKE",
        "amount_minor": 1_190,
        "currency": "EUR",
        "booked_on": "2026-10-20",
    },
    [("organization", HOLDING.ref)],
)
WAITS = [(PAID.ref, "invoice", INVOICE.ref, "01D", "amount", 0.8)]


def waiting(db: Database) -> list[tuple[str, str, str, str, str, float]]:
    run(db)
    with db.reading() as tx:
        found = link_candidates.page(tx)
    return [(c.from_ref, c.role, c.target, c.party, c.method, c.score) for c in found]


def test_it_waits_whatever_came_first(database: Database) -> None:
    lay(database, [DEBTOR, HOLDING])
    for order in permutations([INVOICE, PAID]):
        for row in order:
            assert waiting(database) == []
            lay(database, [row])
        assert waiting(database) == WAITS
        drop(database, [row.ref for row in order])
        assert waiting(database) == []


def test_it_waits_while_it_is_true(database: Database) -> None:
    lay(database, [DEBTOR, HOLDING, INVOICE, PAID])
    other_text = replace(PAID, fields={**PAID.fields, "reference": "Miete"})
    other_sum = replace(INVOICE, fields={**INVOICE.fields, "gross_minor": 2_380})
    unknown_payer = replace(PAID, refs=[])
    assert waiting(database) == WAITS
    for change, back in ((other_text, PAID), (other_sum, INVOICE)):
        lay(database, [change])
        assert waiting(database) == []
        lay(database, [back])
        assert waiting(database) == WAITS
    lay(database, [unknown_payer])
    assert waiting(database) == WAITS


def test_a_number_of_two_invoices_means_none(database: Database) -> None:
    stranger = Row("crm:accounts:3", "organization", {"name": "Adler"}, entity="01A")
    lay(database, [DEBTOR, HOLDING, stranger, INVOICE, PAID])
    assert waiting(database) == WAITS
    twin = replace(INVOICE, ref="books:invoices:1", refs=[("organization", stranger.ref)])
    lay(database, [twin])
    assert waiting(database) == []
    drop(database, [twin.ref])
    assert waiting(database) == WAITS


def test_a_word_settles_it(database: Database) -> None:
    lay(database, [DEBTOR, HOLDING, INVOICE, PAID])
    assert waiting(database) == WAITS
    decide(database, PAID.ref, INVOICE.ref, "no_link")
    assert waiting(database) == []
    decide(database, PAID.ref, INVOICE.ref, "link")
    assert waiting(database) == []


def test_where_both_turn_out_one_customer_the_number_links(database: Database) -> None:
    lay(database, [DEBTOR, HOLDING, INVOICE, PAID])
    assert waiting(database) == WAITS
    lay(database, [replace(HOLDING, entity="01D")])
    assert waiting(database) == []
    assert ends(database, PAID.ref)["invoice", INVOICE.ref] == "number"
