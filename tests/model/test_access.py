"""Who may do what: scopes that hold those before them, and tokens that look like nothing else."""

import pytest

from hub.model.access import ApiKey, Scope, covered, key_id_in, token_hash, token_of

ORDER = [Scope.READ, Scope.WRITE, Scope.ADMIN]
SECRET = "A" * 43


@pytest.mark.parametrize("held", ORDER)
@pytest.mark.parametrize("needed", ORDER)
def test_each_scope_holds_those_before_it(held: Scope, needed: Scope) -> None:
    enough = ORDER.index(held) >= ORDER.index(needed)
    assert held.covers(needed) is enough
    assert covered([held], needed) is enough
    assert covered([Scope.READ, held], needed) is (enough or needed is Scope.READ)
    assert not covered([], needed)


def test_access_holds_nothing_else_and_only_admin_holds_it() -> None:
    assert [one for one in Scope if one.covers(Scope.ACCESS)] == [Scope.ADMIN, Scope.ACCESS]
    assert [one for one in Scope if Scope.ACCESS.covers(one)] == [Scope.ACCESS]


@pytest.mark.parametrize("needed", ORDER)
def test_a_revoked_key_may_nothing(needed: Scope) -> None:
    alive = ApiKey("k", "excel", (Scope.WRITE,), "t")
    assert alive.may(needed) is (needed is not Scope.ADMIN)
    assert not ApiKey("k", "excel", (Scope.ADMIN,), "t", revoked_at="u").may(needed)


@pytest.mark.parametrize(
    ("token", "key_id"),
    [
        (token_of("abcdefghi0", SECRET), "abcdefghi0"),
        (token_of("abcdefghi0", "-_" + "z" * 41), "abcdefghi0"),
        (token_of("abcdefghi", SECRET), None),
        (token_of("abcdefghi0", SECRET[:-1]), None),
        (token_of("abcdefghi0", SECRET + "A"), None),
        (token_of("ABCDEFGHI0", SECRET), None),
        (token_of("abcdefghi0", SECRET) + "\n", None),
        (" " + token_of("abcdefghi0", SECRET), None),
        (token_of("abcdefghi0", "ä" * 43), None),
        ("vbd__", None),
        ("", None),
    ],
)
def test_the_id_a_token_claims(token: str, key_id: str | None) -> None:
    assert key_id_in(token) == key_id


def test_the_hash_of_a_token() -> None:
    one = token_of("abcdefghi0", SECRET)
    assert len(token_hash(one)) == 32
    assert token_hash(one) != token_hash(token_of("abcdefghi1", SECRET))
    assert one.encode() not in token_hash(one)
