"""Which records of which servers mean the same: the key that the seed wrote into each of them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from tests.servers.apis import BottleCrm, Redmine, RequestTracker, Roundup, Tryton

EVERYBODY = '[{"field": "id", "operator": ">", "value": "0"}]'
_KEY = re.compile(r"[cpj]\d{4}", re.IGNORECASE)


@dataclass(frozen=True)
class Truth:
    """Refs by what they stand for: C0001 a company, P0001 a person, J0001 a project."""

    organizations: dict[str, str]
    persons: dict[str, str]
    projects: dict[str, str]


def company_of(person: str) -> str:
    """Return the company of a person: two persons to each."""
    return f"C{(int(person[1:]) + 1) // 2:04}"


def roundup_truth(api: Roundup, connection: str) -> Truth:
    keys = {
        f"{connection}:users:{key}": row["username"].upper()
        for key, row in api.all("user", "username").items()
        if _KEY.fullmatch(row["username"])
    }
    return _people_with_companies(keys)


def tracker_truth(api: RequestTracker, connection: str) -> Truth:
    keys = {
        f"{connection}:users:{key}": row["Name"].upper()
        for key, row in api.all("users", EVERYBODY, "Name").items()
        if _KEY.fullmatch(row["Name"])
    }
    return _people_with_companies(keys)


def _people_with_companies(persons: dict[str, str]) -> Truth:
    return Truth({f"{ref}#company": company_of(key) for ref, key in persons.items()}, persons, {})


def tryton_truth(api: Tryton, connection: str) -> Truth:
    codes = {
        f"{connection}:parties:{key}": row["code"]
        for key, row in api.all("party.party", "code").items()
        if _KEY.fullmatch(row["code"] or "")
    }
    parties = {ref.rpartition(":")[2]: code for ref, code in codes.items()}
    projects = {
        f"{connection}:projects:{key}": f"J{parties[str(row['party'])][1:]}"
        for key, row in api.all("project.work", "party").items()
        if str(row["party"]) in parties
    }
    return Truth(_those("C", codes), _those("P", codes), projects)


def crm_truth(api: BottleCrm, connection: str) -> Truth:
    accounts = api.all(
        "accounts", "active_accounts.open_accounts", "closed_accounts.close_accounts"
    )
    keys = {  # other tests make accounts of their own
        key: row["description"].removeprefix("hub-key ")
        for key, row in accounts.items()
        if (row["description"] or "").startswith("hub-key ")
    }
    contacts = api.all("contacts", "results")
    projects = api.all("projects", "projects")
    leads = api.all("leads", "open_leads.open_leads", "close_leads.close_leads")
    organizations = {f"{connection}:accounts:{key}": known for key, known in keys.items()}
    persons = {
        f"{connection}:contacts:{key}": row["source_ref"]
        for key, row in contacts.items()
        if row["source_ref"]
    }
    for key, row in leads.items():
        if not row["source_ref"]:
            continue
        organizations[f"{connection}:leads:{key}#company"] = company_of(row["source_ref"])
        persons[f"{connection}:leads:{key}#person"] = row["source_ref"]
    return Truth(
        organizations,
        persons,
        {
            f"{connection}:projects:{key}": f"J{keys[row['account']['id']][1:]}"
            for key, row in projects.items()
            if row["account"]["id"] in keys
        },
    )


def redmine_truth(api: Redmine, connection: str) -> Truth:
    organizations, projects = {}, {}
    for key, row in api.all("projects").items():
        values = {one["name"]: one for one in row["custom_fields"]}
        known = values["Hub-Key"]["value"]
        projects[f"{connection}:projects:{key}"] = known
        client = values["Kunde"]["id"]
        organizations[f"{connection}:projects:{key}#client.{client}"] = f"C{known[1:]}"
    return Truth(organizations, {}, projects)


def _those(letter: str, codes: Mapping[str, str]) -> dict[str, str]:
    return {ref: code for ref, code in codes.items() if code.startswith(letter)}


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float


def score(truth: Mapping[str, str], found: Mapping[str, str]) -> Score:
    """Compare pairs of records: those that mean the same with those in one entity."""
    meant, told = _pairs(truth), _pairs({ref: found[ref] for ref in truth})
    hits = len(meant & told)
    return Score(hits / len(told) if told else 1.0, hits / len(meant) if meant else 1.0)


def _pairs(groups: Mapping[str, str]) -> set[tuple[str, str]]:
    members: dict[str, list[str]] = defaultdict(list)
    for ref, group in groups.items():
        members[group].append(ref)
    return {pair for refs in members.values() for pair in combinations(sorted(refs), 2)}


def merged(truths: Iterable[Truth]) -> Truth:
    """Return several truths as one."""
    one = Truth({}, {}, {})
    for truth in truths:
        one.organizations.update(truth.organizations)
        one.persons.update(truth.persons)
        one.projects.update(truth.projects)
    return one
