"""The demo's mappings: every record of every export comes out as the truth says."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from connectors.registry import open_connector
from connectors.sdk.record import End, RecordKey, parse_ref
from hub.config import load_config
from hub.demo import truth
from hub.demo.model import World
from hub.demo.repair import repair
from hub.demo.world import world
from hub.demo.write import write
from mapping.apply import apply
from mapping.canonical import CanonicalRecord
from mapping.compile import compile_spec
from mapping.load import load_spec

CONFIGS = Path(__file__).resolve().parents[2] / "configs/demo"
NOW = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def company() -> World:
    return world(7, date(2026, 11, 23), 80)


@pytest.fixture(scope="module")
def canonical(
    company: World, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, CanonicalRecord]:
    """Every canonical record of the five connections by its ref; the newsletter is repaired."""
    base = tmp_path_factory.mktemp("demo")
    write(company, base / "data/demo")
    repair(base / "data/demo", "R20", NOW)
    found: dict[str, CanonicalRecord] = {}
    for name, connection in load_config(CONFIGS / "hub.yaml").config.connections.items():
        path = CONFIGS / connection.mapping
        connector = open_connector(
            connection.source, name=name, config=connection.config, base_dir=base
        )
        streams = [stream.name for stream in connector.streams()]
        text = path.read_text("utf-8")
        mapping = compile_spec(load_spec(text, file=path.name, streams=streams))
        for stream in connector.streams():
            for page in stream.read(None):
                if isinstance(page, End):
                    continue
                for record in page.records:
                    key = RecordKey(name, stream.name, record.key)
                    found |= {made.ref: made for made in apply(mapping, key, record)}
        connector.close()
    return found


def test_nothing_is_misunderstood_but_the_one_unmapped_status(
    canonical: dict[str, CanonicalRecord], company: World
) -> None:
    reported = {
        (ref, issue.field, issue.value) for ref, made in canonical.items() for issue in made.issues
    }
    (parked,) = company.dirt["status without a mapping"]
    assert reported == {(parked, "status", "zurückgestellt")}
    assert canonical[parked].fields["status"] == "unknown"


def test_every_reference_leads_to_a_record(canonical: dict[str, CanonicalRecord]) -> None:
    for made in canonical.values():
        for reference in made.refs:
            assert reference.target in canonical, (made.ref, reference)


def test_organisations_and_persons_are_those_of_the_truth(
    canonical: dict[str, CanonicalRecord], company: World
) -> None:
    kinds = {ref: made.kind for ref, made in canonical.items()}
    assert {ref for ref, kind in kinds.items() if kind == "organization"} == {
        ref for ref, _ in truth.organizations(company)
    }
    assert {ref for ref, kind in kinds.items() if kind == "person"} == {
        ref for ref, _ in truth.persons(company)
    }


def test_deals(canonical: dict[str, CanonicalRecord], company: World) -> None:
    statuses = {"Offen": "open", "Gewonnen": "won", "Verloren": "lost"}
    for deal in company.deals:
        fields = canonical[f"crm:deals:{deal.id}"].fields
        assert fields["amount_minor"] == deal.amount_minor
        assert fields["stage_order"] == deal.stage
        assert fields["status"] == statuses[deal.status]
        assert fields["number"] == deal.number
        assert fields["probability"] == deal.probability
        assert fields["expected_close"] == deal.expected_close.isoformat()
        assert fields.get("closed_on") == (deal.closed_on.isoformat() if deal.closed_on else None)
        assert datetime.fromisoformat(fields["last_activity_at"]) == deal.last_activity_at


def test_tickets(canonical: dict[str, CanonicalRecord], company: World) -> None:
    for ticket in company.tickets:
        made = canonical[f"helpdesk:tickets:{ticket.id}"]
        assert made.fields["kind"] == ticket.kind
        assert made.fields["priority"] == ticket.priority
        assert (made.fields["status"] in ("solved", "closed")) == bool(ticket.closed_at)
        assert datetime.fromisoformat(made.fields["opened_at"]) == ticket.opened_at
        roles = {reference.role for reference in made.refs}
        assert ("person" in roles) == bool(ticket.requester_name)
        assert "organization" in roles


def test_invoices_and_orders_and_payments(
    canonical: dict[str, CanonicalRecord], company: World
) -> None:
    for invoice in company.invoices:
        made = canonical[f"books:invoices:{invoice.number}"]
        assert made.fields["gross_minor"] == invoice.gross_minor
        assert made.fields["balance_minor"] == invoice.open_minor
        assert made.fields["disputed"] is invoice.disputed
        assert made.fields["due_on"] == invoice.due_on.isoformat()
        assert {r.role for r in made.refs} >= (
            {"organization", "order"} if invoice.order else set()
        )
    for order in company.orders:
        fields = canonical[f"books:orders:{order.number}"].fields
        assert fields["net_minor"] == order.net_minor
        assert fields.get("reference") == (order.reference or None)
    for payment in company.payments:
        fields = canonical[f"books:payments:{payment.number}"].fields
        assert fields["amount_minor"] == payment.amount_minor


def test_contracts_and_projects(canonical: dict[str, CanonicalRecord], company: World) -> None:
    for contract in company.contracts:
        fields = canonical[f"books:contracts:{contract.number}"].fields
        assert fields["annual_value_minor"] == contract.annual_value_minor
        assert fields.get("sla_priority_floor") == (contract.sla_floor or None)
    for project in company.projects:
        fields = canonical[f"projects:projects:{project.number}"].fields
        assert fields["budget_minor"] == project.budget_minor
        assert fields["progress_pct"] == project.progress_pct
        assert fields["planned_end"] == project.planned_end.isoformat()
        ended = project.ended_on
        assert fields.get("ended_on") == (ended.isoformat() if ended else None)
        assert fields["status"] == ("completed" if ended else "active")


def test_master_data(canonical: dict[str, CanonicalRecord], company: World) -> None:
    members = {member.id: member for member in company.companies}
    for debtor in company.debtors:
        fields = canonical[f"books:customers:{debtor.number}"].fields
        assert fields["vat_id"] == members[debtor.company].vat_id
        assert fields["house_number"] == debtor.address.house_number
        assert fields["postcode"] == debtor.address.postcode
        assert fields.get("iban") == (debtor.iban or None)
    for contact in company.contacts:
        fields = canonical[f"crm:contacts:{contact.id}"].fields
        person = company.people[contact.person - 1]
        assert fields["given_name"] == person.given_name
        assert fields["family_name"] == person.family_name
        assert fields["is_primary"] is contact.is_primary
        assert len(fields.get("phones", ())) == bool(contact.phone) + bool(contact.mobile)


def test_the_cases_name_canonical_records(
    canonical: dict[str, CanonicalRecord], company: World
) -> None:
    for case in (*company.planted, *company.near_misses, *company.identities):
        for ref in case.refs if case.rule != "R20" else ():
            assert parse_ref(ref)[0].ref() in canonical
