"""The truth that is written beside the exports: who is who, what is planted."""

import json
from pathlib import Path

from hub.demo.model import COMPANY_NAME, World


def test_the_truth(folder: Path, company: World) -> None:
    truth = json.loads((folder / "planted.json").read_text("utf-8"))
    assert list(truth) == [
        "company",
        "seed",
        "today",
        "customers",
        "planted",
        "lost_deals",
        "near_misses",
        "identities",
        "dirt",
    ]
    assert truth["company"] == COMPANY_NAME
    assert (truth["seed"], truth["today"], truth["customers"]) == (11, "2026-11-23", 90)
    for name in ("planted", "near_misses", "identities"):
        cases = getattr(company, name)
        assert truth[name] == [
            {
                "case": c.case,
                "rule": c.rule,
                "fires": c.fires,
                "customer": c.customer,
                "company": c.company,
                "refs": list(c.refs),
                "look_for": c.look_for,
            }
            for c in cases
        ]
    assert truth["dirt"] == {kind: len(refs) for kind, refs in company.dirt.items()}
    lost = {c.refs[0].rpartition(":")[2] for c in company.planted if c.rule == "R07"}
    deals = {d.id: d for d in company.deals}
    debtors = {d.company: d.number for d in company.debtors}
    assert truth["lost_deals"] == {
        key: {
            "number": deals[key].number,
            "name": deals[key].name,
            "amount_minor": deals[key].amount_minor,
            "debtor": debtors[deals[key].company],
        }
        for key in lost
    }
