"""The vault: secrets in the hub's database, sealed by a key that stands elsewhere."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import sleep

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.clock import Clock, instant_text
from hub.errors import BusyError, ConfigError
from hub.pipeline import lease
from hub.store import secrets
from hub.store.database import Database

KEY = "HUB_VAULT_KEY"
KEY_FILE = "HUB_VAULT_KEY_FILE"
KEY_BYTES = 32
NONCE_BYTES = 12
ALONE_FOR = timedelta(minutes=10)
"""How long a process that hangs may keep the others from a name."""
PATIENCE_S = 120.0
LOOK_AGAIN_S = 0.05


def new_key() -> str:
    """Return a key for a vault, as text for the environment or a file."""
    return urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def keys_in(env: Mapping[str, str]) -> list[bytes]:
    """Return the keys of the environment or of the file it names; none where neither is set.

    Several are parted by commas: the first seals, all open, so that a key can be replaced. Raises
    ConfigError, without a word of what was found, where one is no key.
    """
    text, where = env.get(KEY, ""), KEY
    if not text and env.get(KEY_FILE):
        where = f"{KEY_FILE} ({env[KEY_FILE]})"
        try:
            text = Path(env[KEY_FILE]).read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{where}: the vault's key cannot be read: {error}") from None
    keys = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            key = urlsafe_b64decode(part.encode())
        except (Base64Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            raise ConfigError(f"{where}: holds no key of a vault; `hub vault key` makes one")
        keys.append(key)
    return keys


@dataclass(frozen=True)
class Vault:
    """Secrets by name. All of a hub's processes share them through its database."""

    database: Database
    clock: Clock
    keys: tuple[bytes, ...]

    def get(self, name: str) -> str | None:
        """Return a secret, None where there is none. Raises ConfigError where no key opens it."""
        with self.database.reading() as tx:
            sealed = secrets.load(tx, name)
        return None if sealed is None else self.opened(name, sealed)

    def put(self, name: str, value: str) -> None:
        """Store a secret; it is committed on return."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + AESGCM(self.keys[0]).encrypt(nonce, value.encode(), name.encode())
        with self.database.transaction() as tx:
            secrets.save(tx, name, sealed, instant_text(self.clock()))

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Hold a name against all threads and processes; raises BusyError after two minutes."""
        holder, lease_name = lease.process_name(), f"vault:{name}"
        waited_s = 0.0
        while True:
            with self.database.transaction() as tx:
                other = lease.acquire(tx, lease_name, holder, self.clock(), ALONE_FOR)
            if other is None:
                break
            if waited_s >= PATIENCE_S:
                raise BusyError(f"the secret {name!r} is being renewed by {other}")
            sleep(LOOK_AGAIN_S)  # a real wait: it is for another process, whatever the clock says
            waited_s += LOOK_AGAIN_S
        try:
            yield
        finally:
            with self.database.transaction() as tx:
                lease.release(tx, lease_name, holder)

    def of(self, connection: str) -> "ConnectionVault":
        """Return the part of the vault that belongs to a connection."""
        return ConnectionVault(self, connection)

    def opened(self, name: str, sealed: bytes) -> str:
        """Return what a vault sealed by this name. Raises ConfigError where no key opens it."""
        nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        for key in self.keys:
            try:
                return AESGCM(key).decrypt(nonce, text, name.encode()).decode()
            except InvalidTag:
                continue
        raise ConfigError(
            f"the vault's entry {name!r} was sealed by another key than {KEY} or {KEY_FILE} holds"
        )


@dataclass(frozen=True, slots=True)
class ConnectionVault:
    """What a connector is lent: its own names, and nobody else's."""

    vault: Vault
    connection: str

    def get(self, name: str) -> str | None:
        """Return what was put last by any process."""
        return self.vault.get(self._own(name))

    def put(self, name: str, value: str) -> None:
        """Store a secret; it is committed on return."""
        self.vault.put(self._own(name), value)

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Hold one of the connection's names."""
        return self.vault.alone(self._own(name))

    def _own(self, name: str) -> str:
        return f"connection/{self.connection}/{name}"


def open_vault(database: Database, clock: Clock, env: Mapping[str, str]) -> Vault | None:
    """Return the vault, None where the environment holds no key for one."""
    keys = keys_in(env)
    return Vault(database, clock, tuple(keys)) if keys else None


def secret(vault: Vault | None, name: str, *, where: str) -> str:
    """Return the vault's entry that the configuration names.

    Raises ConfigError naming `where` for want of a key or of the entry.
    """
    if vault is None:
        raise ConfigError(
            f"{where}: names the vault's entry {name!r}, and the vault has no key: set {KEY} or "
            f"{KEY_FILE}"
        )
    found = vault.get(name)
    if found is None:
        raise ConfigError(f"{where}: the vault holds no {name!r}: `hub vault set {name}`")
    return found


LIST_KEY = "suppression-list"


def list_key(vault: Vault | None) -> bytes | None:
    """Return the key of the list of those who were erased, None while there is none.

    Raises ConfigError where the vault is open with another key than sealed it.
    """
    found = vault.get(LIST_KEY) if vault else None
    return urlsafe_b64decode(found) if found else None


def take_list_key(vault: Vault, sealed: bytes, *, is_used: bool) -> None:
    """Let the key of a list that comes from elsewhere be this hub's.

    is_used: whether this hub has marks already. Raises ConfigError where those were made with
    another key, and where the vault's own does not open it.
    """
    text = vault.opened(LIST_KEY, sealed)
    with vault.alone(LIST_KEY):
        if is_used and vault.get(LIST_KEY) != text:
            raise ConfigError("this list was made with another key than the one of this database")
        vault.put(LIST_KEY, text)


def made_list_key(vault: Vault | None) -> bytes:
    """Return the key of the list, made now if there is none. Raises ConfigError without a vault.

    Sealed anew each time: so it follows when the vault's own key is replaced.
    """
    if vault is None:
        raise ConfigError(
            "to know again who was erased takes a secret key, and the vault has none: "
            f"`hub vault key` makes one; set {KEY} or {KEY_FILE}"
        )
    with vault.alone(LIST_KEY):
        text = vault.get(LIST_KEY) or new_key()
        vault.put(LIST_KEY, text)
    return urlsafe_b64decode(text)
