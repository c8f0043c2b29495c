"""Survivorship: the best value of each field of an entity, with where it came from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.model.money import MINOR

ADDRESS = ("street", "house_number", "postcode", "city", "region", "country")
"""Fields that survive together: a street of one place and a city of another are no address."""
OF_MONEY = ("currency", "exchange_rate")
"""They survive with the amounts they belong to."""
OF_RECORD = frozenset({"updated_at", "iban_changed_on"})
"""What a record says of itself, not of whom it stands for."""
LISTED = 50
"""Values kept of a list field."""
ALTERNATIVES = 10


@dataclass(frozen=True, slots=True)
class Member:
    """One record of an entity, as survivorship sees it."""

    ref: str
    connection: str
    fetched_at: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Claim:
    """One record's value of one field. key: what makes two values one, whatever their spelling."""

    key: str
    value: Any
    member: Member


class _Newest(str):
    """Text that sorts the greater first."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    def __gt__(self, other: str) -> bool:
        return str.__lt__(self, other)


Trust = Mapping[str, int]
"""Connection -> rank, the smallest most trusted; one that is not named comes last."""


def golden_record(members: Sequence[Member], trust: Trust | None = None) -> dict[str, Any]:
    """Return field -> {value, sources, as_of, alternatives}.

    The value most connections agree on wins, then the more trusted, the freshest, the smaller ref;
    of names, only those with their legal form count where there are any.
    A list field holds every value, each with its sources under `values`. as_of: when the newest of
    the winning records was fetched.
    """
    rank = trust or {}
    members = sorted(members, key=lambda member: member.ref)
    names = sorted({name for member in members for name in member.fields} - OF_RECORD)
    at_home, in_purse = _one_address(members, rank), _one_currency(members, rank)
    golden: dict[str, Any] = {}
    for name in names:
        claims = _claims(name, members)
        if not claims:
            continue
        if any(isinstance(claim.value, list) for claim in claims):
            golden[name] = _listed(claims, rank)
            continue
        eligible = claims
        if name == "name":
            # A company's name with its legal form is the whole one; most tools drop the form.
            eligible = [
                claim for claim in claims if claim.member.fields.get("legal_form")
            ] or claims
        elif name in ADDRESS:
            eligible = [claim for claim in claims if claim.member.ref in at_home]
        elif name in OF_MONEY or name.endswith(MINOR):
            eligible = [claim for claim in claims if claim.member.ref in in_purse]
        if eligible:
            golden[name] = _best(eligible, claims, rank)
    return golden


def _claims(name: str, members: Iterable[Member]) -> list[_Claim]:
    found = []
    for member in members:
        value = member.fields.get(name)
        if value is not None and value not in ("", []):
            found.append(_Claim(_key(value), value, member))
    return found


def _key(value: Any) -> str:
    return " ".join(str(value).casefold().replace(".", " ").replace(",", " ").split())


def _groups(claims: Iterable[_Claim], rank: Trust) -> list[list[_Claim]]:
    """Return claims that agree, best supported first."""
    groups: dict[str, list[_Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.key, []).append(claim)
    return sorted(groups.values(), key=lambda group: _order(group, rank))


def _order(group: Collection[_Claim], rank: Trust) -> tuple[int, int, _Newest, str]:
    connections = {claim.member.connection for claim in group}
    return (
        -len(connections),
        min(rank.get(connection, len(rank)) for connection in connections),
        _Newest(max(claim.member.fetched_at for claim in group)),
        min(claim.member.ref for claim in group),
    )


def _best(eligible: list[_Claim], claims: list[_Claim], rank: Trust) -> dict[str, Any]:
    winner = _groups(eligible, rank)[0]
    others = [group for group in _groups(claims, rank) if group[0].key != winner[0].key]
    return {
        "value": _spelling(winner, rank),
        "sources": [_source(claim.member) for claim in winner],
        "as_of": max(claim.member.fetched_at for claim in winner),
        "alternatives": [
            {
                "value": _spelling(group, rank),
                "sources": [_source(claim.member) for claim in group],
            }
            for group in others[:ALTERNATIVES]
        ],
    }


def _spelling(group: Iterable[_Claim], rank: Trust) -> Any:
    """Return the spelling most connections use among values that are one.

    One with capitals and small letters goes before "mueller" and "MUELLER": those lost something.
    """
    exact: dict[str, list[_Claim]] = {}
    for claim in group:
        exact.setdefault(str(claim.value), []).append(claim)
    return min(
        exact.values(), key=lambda claims: (_one_case(claims[0].value), _order(claims, rank))
    )[0].value


def _one_case(value: Any) -> bool:
    """Say whether a name is written in capitals or small letters alone; addresses rightly are."""
    is_name = isinstance(value, str) and "@" not in value and "." not in value
    return is_name and value in (value.lower(), value.upper())


def _source(member: Member) -> dict[str, str]:
    return {
        "connection": member.connection,
        "ref": member.ref,
        "fetched_at": member.fetched_at,
    }


def _listed(claims: list[_Claim], rank: Trust) -> dict[str, Any]:
    each = [
        _Claim(_key(value), value, claim.member)
        for claim in claims
        for value in dict.fromkeys(claim.value if isinstance(claim.value, list) else [claim.value])
    ]
    groups = _groups(each, rank)[:LISTED]
    values = [
        {
            "value": _spelling(group, rank),
            "sources": [_source(member) for member in _members(group)],
        }
        for group in groups
    ]
    return {
        "value": [entry["value"] for entry in values],
        "sources": [_source(member) for member in _members(claims)],
        "as_of": max(claim.member.fetched_at for claim in claims),
        "alternatives": [],
        "values": values,
    }


def _members(claims: Iterable[_Claim]) -> list[Member]:
    return list({claim.member.ref: claim.member for claim in claims}.values())


def _one_currency(members: Sequence[Member], rank: Trust) -> set[str]:
    """Return the records whose amounts are in the best supported currency; all, without amounts."""
    pricing = [member for member in members if any(name.endswith(MINOR) for name in member.fields)]
    claims = [_Claim(str(one.fields.get("currency")), None, one) for one in pricing]
    if not claims:
        return {member.ref for member in members}
    return {claim.member.ref for claim in _groups(claims, rank)[0]}


def _one_address(members: Sequence[Member], rank: Trust) -> set[str]:
    """Return the records whose address fits the best supported one.

    Two addresses fit where every part that both name is the same.
    """
    places = {member.ref: _place(member) for member in members}
    homes = [member for member in members if places[member.ref]]
    if not homes:
        return set()

    def order(home: Member) -> tuple[int, int, int, _Newest, str]:
        fitting = [m for m in homes if _fits(places[m.ref], places[home.ref])]
        return (
            -len({member.connection for member in fitting}),
            -len(places[home.ref]),
            rank.get(home.connection, len(rank)),
            _Newest(home.fetched_at),
            home.ref,
        )

    best = places[min(homes[:LISTED], key=order).ref]
    return {member.ref for member in homes if _fits(places[member.ref], best)}


def _place(member: Member) -> dict[str, str]:
    return {name: _key(member.fields[name]) for name in ADDRESS if member.fields.get(name)}


def _fits(left: Mapping[str, str], right: Mapping[str, str]) -> bool:
    return all(right.get(name, value) == value for name, value in left.items())
