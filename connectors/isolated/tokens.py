"""The hub's side of TOKEN: a source in another process asks the vault, and never sees its key."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from connectors.sdk.errors import ConnectionBrokenError, SourceContractError
from connectors.sdk.isolation.masking import Mask
from connectors.sdk.isolation.messages import Answer, Token, encode, read_token
from connectors.sdk.surroundings import Vault


def without_tokens(
    lines: Iterable[bytes],
    answer: Callable[[bytes], None],
    *,
    vault: Vault | None,
    mask: Mask,
    label: str,
) -> Iterator[bytes]:
    """Yield the lines that are no TOKEN; those are met and answered, and what they hold is masked.

    A secret is in the vault before its answer is sent. Raises ConnectionBrokenError where the hub
    has no vault, SourceContractError for a TOKEN that cannot be read, which nobody quotes.
    """
    with ExitStack() as held:
        holds: dict[str, ExitStack] = {}
        for line in lines:
            try:
                token = read_token(line)
            except ValueError as error:
                raise SourceContractError(f"{label}: it wrote {error}") from None
            if token is None:
                yield line
                continue
            if vault is None:
                raise ConnectionBrokenError(
                    f"{label}: it has tokens that must be stored, and the hub has no key for its "
                    "vault (HUB_VAULT_KEY or HUB_VAULT_KEY_FILE)"
                )
            answer(encode(_met(token, vault, mask, holds, held)))


def _met(
    token: Token, vault: Vault, mask: Mask, holds: dict[str, ExitStack], held: ExitStack
) -> Answer:
    match token.work:
        case "get":
            found = vault.get(token.name)
            mask.add(found or "")
            return Answer(found)
        case "put":
            mask.add(token.value or "")
            vault.put(token.name, token.value or "")
        case "hold" if token.name not in holds:
            holds[token.name] = held.enter_context(ExitStack())
            holds[token.name].enter_context(vault.alone(token.name))
        case "free" if token.name in holds:
            holds.pop(token.name).close()
    return Answer()
