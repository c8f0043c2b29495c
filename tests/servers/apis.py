"""The servers' own APIs as a person would use them, apart from any connector."""

import json
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.servers.starting import Server

Row = dict[str, Any]
TIMEOUT_S = 60.0


class Api:
    """Asks one server; whatever is not well answered fails the test."""

    def __init__(self, server: Server, base: str = "", **headers: str) -> None:
        self._base = server.base_url + base
        self._headers = {**server.headers, **headers}

    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **how: Any
    ) -> Any:
        with httpx.Client(headers=self._headers, timeout=TIMEOUT_S, verify=False) as http:
            answer = http.request(method, self._base + path, headers=headers, **how)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def etag(self, path: str) -> str:
        return str(self.ask("GET", path)["data"]["@etag"])


@dataclass
class Roundup:
    server: Server

    def __post_init__(self) -> None:
        base = self.server.base_url
        origin = base.rsplit("/", 1)[0]
        self.api = Api(
            self.server,
            "/rest/data",
            **{"X-Requested-With": "rest", "Referer": base + "/", "Origin": origin},
        )

    def all(self, kind: str, fields: str) -> dict[str, Row]:
        said = self.api.ask("GET", f"/{kind}", params={"@fields": fields, "@verbose": "2"})
        return {row["id"]: row for row in said["data"]["collection"]}

    def create(self, kind: str, **values: Any) -> str:
        return str(self.api.ask("POST", f"/{kind}", json=values)["data"]["id"])

    def change(self, kind: str, key: str, **values: Any) -> None:
        path = f"/{kind}/{key}"
        self.api.ask("PUT", path, json=values, headers={"If-Match": self.api.etag(path)})

    def delete(self, kind: str, key: str) -> None:
        path = f"/{kind}/{key}"
        self.api.ask("DELETE", path, headers={"If-Match": self.api.etag(path)})


def decimal(text: str) -> Row:
    """Return an amount as Tryton takes it."""
    return {"__class__": "Decimal", "decimal": text}


@dataclass
class Tryton:
    server: Server

    def __post_init__(self) -> None:
        self.api = Api(self.server, "/rest/model")

    def all(self, model: str, *fields: str, domain: Iterable[Any] = ()) -> dict[str, Row]:
        asked = urlsafe_b64encode(json.dumps(list(domain)).encode()).decode()
        rows = self.api.ask("GET", f"/{model}", params={"f": list(fields), "d": asked})
        return {str(row["id"]): row for row in rows}

    def item(self, model: str, key: str, *fields: str) -> Row:
        found: Row = self.api.ask("GET", f"/{model}/{key}", params={"f": list(fields)})
        return found

    def create(self, model: str, **values: Any) -> str:
        return str(self.api.ask("POST", f"/{model}", json=values)["id"])

    def change(self, model: str, key: str, **values: Any) -> None:
        self.api.ask("PUT", f"/{model}/{key}", json=values)

    def delete(self, model: str, key: str) -> None:
        self.api.ask("DELETE", f"/{model}/{key}")


@dataclass
class Redmine:
    server: Server

    def __post_init__(self) -> None:
        self.api = Api(self.server)

    def all(self, name: str, **params: str) -> dict[str, Row]:
        found: dict[str, Row] = {}
        while True:
            asked = {"limit": "100", "offset": str(len(found)), **params}
            said = self.api.ask("GET", f"/{name}.json", params=asked)
            found |= {str(row["id"]): row for row in said[name]}
            if len(found) >= said["total_count"]:
                return found

    def create(self, name: str, **values: Any) -> str:
        said = self.api.ask("POST", f"/{name}.json", json={_singular(name): values})
        return str(said[_singular(name)]["id"])

    def change(self, name: str, key: str, **values: Any) -> None:
        self.api.ask("PUT", f"/{name}/{key}.json", json={_singular(name): values})

    def delete(self, name: str, key: str) -> None:
        self.api.ask("DELETE", f"/{name}/{key}.json")


def _singular(name: str) -> str:
    return "time_entry" if name == "time_entries" else name.removesuffix("s")


@dataclass
class RequestTracker:
    server: Server

    def __post_init__(self) -> None:
        self.api = Api(self.server, "/REST/2.0")

    def all(self, name: str, query: str, fields: str, **params: str) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for page in range(1, 100):
            asked = {"query": query, "fields": fields, "per_page": "100", "page": str(page)}
            said = self.api.ask("GET", f"/{name}", params={**asked, **params})
            found |= {str(row["id"]): row for row in said["items"]}
            if "next_page" not in said:
                break
        return found

    def create(self, **values: Any) -> str:
        return str(self.api.ask("POST", "/ticket", json=values)["id"])

    def change(self, key: str, **values: Any) -> None:
        said = self.api.ask("PUT", f"/ticket/{key}", json=values)
        assert not any("isn't" in line for line in said), said  # a refusal is a 200, too


@dataclass
class BottleCrm:
    server: Server

    def __post_init__(self) -> None:
        self.api = Api(self.server, "/api")

    def all(self, name: str, *paths: str) -> dict[str, Row]:
        said = self.api.ask("GET", f"/{name}/", params={"limit": "100000"})
        found: dict[str, Row] = {}
        for path in paths:
            rows = said
            for step in path.split("."):
                rows = rows[step]
            found |= {row["id"]: row for row in rows}
        return found

    def create(self, name: str, /, **values: Any) -> None:
        self.api.ask("POST", f"/{name}/", json=values)

    def change(self, name: str, key: str, /, **values: Any) -> None:
        self.api.ask("PATCH", f"/{name}/{key}/", json=values)

    def delete(self, name: str, key: str) -> None:
        self.api.ask("DELETE", f"/{name}/{key}/")

    def inside(self, word: str) -> Any:
        """Run bottlecrm_webhooks.py in the server's own environment, and return what it prints."""
        process = Path("/proc") / str(self.server.said["pid"])
        python = process.joinpath("cmdline").read_bytes().split(b"\0")[0].decode()
        texts = process.joinpath("environ").read_bytes().decode().split("\0")
        script = Path(__file__).with_name("bottlecrm_webhooks.py")
        done = subprocess.run(
            [python, "-P", str(script), word],  # our own accounts.py is not the product's
            env=dict(text.split("=", 1) for text in texts if "=" in text),
            cwd=process.joinpath("cwd").resolve(),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])
