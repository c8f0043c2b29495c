"""The vault: sealed by a key that is not in the database, closed without it, one at a time."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.errors import ConfigError
from hub.store.database import Database
from hub.store.tables import secrets
from hub.vault import KEY, KEY_FILE, Vault, keys_in, new_key, open_vault, secret
from tests.conftest import HandClock

SECRET = "canary-4711-s3cret"


@pytest.fixture
def vault(database: Database, clock: HandClock) -> Vault:
    found = open_vault(database, clock, {KEY: new_key()})
    assert found is not None
    return found


def test_a_secret_comes_back_and_stands_nowhere_in_the_database(vault: Vault) -> None:
    assert vault.get("crm-token") is None
    vault.put("crm-token", "old")
    vault.put("crm-token", SECRET)
    assert vault.get("crm-token") == SECRET
    with vault.database.reading() as tx:
        rows = tx.execute(sa.select(secrets)).all()
    assert len(rows) == 1
    assert SECRET.encode() not in bytes(rows[0].sealed)


def test_another_key_opens_nothing_and_says_so(vault: Vault) -> None:
    vault.put("crm-token", SECRET)
    other = replace(vault, keys=tuple(keys_in({KEY: new_key()})))
    with pytest.raises(ConfigError, match="sealed by another key") as caught:
        other.get("crm-token")
    assert SECRET not in str(caught.value)


def test_a_key_is_replaced_step_by_step(database: Database, clock: HandClock) -> None:
    old, new = new_key(), new_key()
    before = open_vault(database, clock, {KEY: old})
    both = open_vault(database, clock, {KEY: f"{new},{old}"})
    after = open_vault(database, clock, {KEY: new})
    assert before is not None
    assert both is not None
    assert after is not None
    before.put("a", "1")
    assert both.get("a") == "1"
    both.put("a", "1")
    assert after.get("a") == "1"


def test_a_row_put_in_anothers_place_does_not_open(vault: Vault) -> None:
    vault.put("a", SECRET)
    with vault.database.transaction() as tx:
        tx.execute(sa.update(secrets).values(name="b"))
    with pytest.raises(ConfigError):
        vault.get("b")


def test_a_connection_sees_its_own_names_only(vault: Vault) -> None:
    vault.of("crm").put("oauth", SECRET)
    assert vault.of("crm").get("oauth") == SECRET
    assert vault.of("erp").get("oauth") is None
    assert vault.get("oauth") is None


def test_one_at_a_time(vault: Vault) -> None:
    inside, most = [0], [0]

    def count() -> None:
        for _ in range(3):
            with vault.of("crm").alone("oauth"):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                vault.of("crm").put("n", str(int(vault.of("crm").get("n") or 0) + 1))
                inside[0] -= 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, vault.of("crm").get("n")) == ([1], "12")


def test_without_a_key_it_stays_closed(database: Database, clock: HandClock) -> None:
    assert open_vault(database, clock, {}) is None
    with pytest.raises(ConfigError, match=r"connection crm: .*crm-token.* no key"):
        secret(None, "crm-token", where="connection crm")


def test_an_entry_that_is_missing_names_the_command(vault: Vault) -> None:
    with pytest.raises(ConfigError, match="hub vault set crm-token"):
        secret(vault, "crm-token", where="connection crm")


def test_a_key_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    path.write_text(new_key() + "\n")
    assert len(keys_in({KEY_FILE: str(path)})[0]) == 32
    with pytest.raises(ConfigError, match="cannot be read"):
        keys_in({KEY_FILE: str(tmp_path / "none")})


@pytest.mark.parametrize("text", ["short", "ä" * 44, "A" * 43 + "!", "QUJD"])
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigError, match="no key of a vault") as caught:
        keys_in({KEY: text})
    assert text not in str(caught.value)
