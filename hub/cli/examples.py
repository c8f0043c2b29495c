"""Examples of every command, shown below its help; a test reads each as the command line would."""

from collections.abc import Mapping
from typing import Final

import typer

_TABLE: Final = """
demo --serve
init mine
check --connect
sync
sync crm books
run crm --record recordings/crm
preview crm accounts -n 3
cancel crm
status
status crm
serve --with-scheduler
schedule
resolve firms.csv --suggest > schema.yaml
resolve firms.csv --schema schema.yaml --out clusters.csv --report report
resolve --dry-run --model new.json
why crm:accounts:A-17 books:customers:10023
why --not crm:accounts:A-17 books:customers:10023
show Hallwandt
vorgang 01JD9ZK3W4M8Q2T6V0X1Y5B7D1
review list
review same crm:accounts:A-17 books:customers:10023 --reason "same VAT id on the letterhead"
review different crm:accounts:A-17 books:customers:10023
review unsure crm:accounts:A-17 books:customers:10023
review undo 17
links list
links decisions
links accept books:orders:AU-9 crm:deals:C-7 --reason "seen the paper"
links reject books:orders:AU-9 crm:deals:C-7
links undo 17
alerts list
alerts show 333f073195dd
alerts ack 333f073195dd --for 3d
alerts done 333f073195dd --reason "invoice sent"
alerts feedback 333f073195dd useful
alerts silence 333f073195dd --for 7d --reason "migration"
alerts silences
alerts unsilence 01JD9ZK3W4M8Q2T6V0X1Y5B7D1
alerts release R07
notices list --state dead
notices replay --all
notices send
notices test sales
notices routes
train --hub --kind organization --out new.json
map suggest crm --write
map try crm accounts --limit 3
new acme-crm
contract redmine
contract --all
docs redmine
vault key
vault set crm-password
vault list
vault remove crm-password
access crm/contacts/C-17 --page answer.html
erase crm/contacts/C-17
erase crm/contacts/C-17 --yes --reason "letter of 23 November"
rules list
rules test
rules try R07
rules backtest R07 --days 90
keys create excel --scope read
keys list
keys revoke 819nair6mi
export customers -o customers.csv
export invoices --format parquet -o invoices.parquet
rebuild
"""


def _read() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _TABLE.strip().splitlines():
        first, second, *_ = [*line.split(), ""]
        name = f"{first} {second}" if first in _GROUPS else first
        found.setdefault(name, []).append(f"hub {line}")
    return found


_GROUPS: Final = frozenset(
    ["review", "links", "alerts", "notices", "map", "vault", "rules", "keys"]
)
EXAMPLES: Final[Mapping[str, list[str]]] = _read()
"""Command -> lines that call it."""


def add_examples(app: typer.Typer) -> None:
    """Put its examples below the help of each command that is loaded."""
    for command in app.registered_commands:
        command.epilog = _below(str(command.name))
    for group in app.registered_groups:
        assert group.typer_instance is not None
        for command in group.typer_instance.registered_commands:
            command.epilog = _below(f"{group.name} {command.name}")


def _below(name: str) -> str | None:
    lines = EXAMPLES.get(name)
    if not lines:
        return None
    word = "Example" if len(lines) == 1 else "Examples"
    return "\n".join(("\b", f"{word}:", *(f"  {line}" for line in lines)))  # \b: kept as it is
