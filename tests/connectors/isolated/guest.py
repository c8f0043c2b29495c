"""A source of somebody else's, laid into an environment of its own by the tests."""

import os
import signal
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from connectors.sdk import (
    ConnectionBrokenError,
    Connector,
    End,
    Model,
    Page,
    Record,
    Rejected,
    RetryableError,
    SourceContractError,
    Stream,
    auth,
    contract,
    pages,
)


class Item(Model):
    id: int
    updated_at: datetime


rotating = Connector(
    "rotating",
    auth=auth.OAuth2(token_url="/token", grant="refresh_token"),
    streams=[
        Stream(
            Item,
            "/items",
            items="data",
            cursor="updated_at",
            since="updated_since",
            pages=pages.Number(size=("per_page", 3), total="meta.total"),
        )
    ],
)


class GuestConfig(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    pages: int = 3
    fault: str = ""
    at: int = 2
    token: str = ""


class Numbers:
    name = "numbers"

    def __init__(self, config: GuestConfig) -> None:
        self.config = config

    def read(self, since: str | None) -> Iterator[Page | End]:
        print("a source may print")
        for number in range(int(since or 1), self.config.pages + 1):
            if number == self.config.at:
                self.fail()
            records = [Record(f"{number}-{row}", {"page": number, "ü": None}) for row in range(2)]
            records.append(Record(f"gone-{number}", {}, deleted=True))
            rejected = [Rejected("raw\x00", "odd", f"page {number}", "9")] if number == 1 else []
            yield Page(records, rejected, str(number))
        yield End(True, 9, str(self.config.pages), "all")

    def fail(self) -> None:
        faults: dict[str, Any] = {
            "busy": RetryableError("later, please", retry_after_s=7.5),
            "broken": ConnectionBrokenError(f"refused {self.config.token}"),
            "contract": SourceContractError("cut short"),
            "bug": KeyError("anna@example.org"),
        }
        if self.config.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.config.fault in faults:
            raise faults[self.config.fault]


class GuestConnector:
    config_model = GuestConfig

    def __init__(self, name: str, config: GuestConfig, *, base_dir: Path) -> None:
        self._config = config

    def check(self) -> None:
        if self._config.fault == "check":
            raise ConnectionBrokenError(f"the token {self._config.token} is not good")

    def streams(self) -> Sequence[contract.Stream]:
        return [Numbers(self._config)]

    def close(self) -> None:
        pass
