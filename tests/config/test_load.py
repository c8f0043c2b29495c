"""Reading hub.yaml: what it may say, and how it says what is wrong, all of it at once."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.config import find_config, load_config, read_config
from hub.errors import ConfigError

WHOLE = """\
home: ..
company: {name: Muster GmbH, time_zone: Europe/Berlin, country: DE, state: BY, language: de}
database: {url: "sqlite:///data/hub.db"}
connections:
  crm:
    source: files
    system: crm
    mapping: mappings/crm.yaml
    schedule: {every: 15m}
    config: {path: exports/crm, password: {env: CRM_PASSWORD}}
  books:
    source: sql
    system: accounting
    mapping: mappings/books.yaml
    schedule: {cron: "*/5 6-20 * * 1-5"}
    expected_every: 4h
    max_delete_share: 0.5
    enabled: false
rules: {folder: rules, params: {R01: {min_amount: 300000}}}
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "configs" / "hub.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_whole_configuration(tmp_path: Path) -> None:
    loaded = load_config(_write(tmp_path, WHOLE), {})
    crm, books = loaded.config.connections["crm"], loaded.config.connections["books"]
    assert loaded.home == tmp_path
    assert loaded.database_url({}) == f"sqlite:///{tmp_path}/data/hub.db"
    assert crm.expected_every == timedelta(minutes=15)
    assert crm.max_delete_share == 0.2
    assert crm.config["password"] == {"env": "CRM_PASSWORD"}
    assert books.expected_every == timedelta(hours=4)
    assert not books.enabled
    assert loaded.config.rules.params == {"R01": {"min_amount": 300000}}


def test_a_connection_without_a_schedule_is_never_late(tmp_path: Path) -> None:
    text = "connections: {crm: {source: files, system: crm, mapping: m.yaml}}"
    assert load_config(_write(tmp_path, text), {}).config.connections["crm"].expected_every is None


def test_home_is_the_files_folder_unless_it_or_the_environment_says_otherwise(
    tmp_path: Path,
) -> None:
    elsewhere = load_config(_write(tmp_path, WHOLE), {"HUB_HOME": "/srv/hub"})
    assert elsewhere.home == Path("/srv/hub")
    assert elsewhere.beside("rules") == tmp_path / "configs" / "rules"
    assert load_config(_write(tmp_path, "company: {name: A}"), {}).home == tmp_path / "configs"


@pytest.mark.parametrize(
    ("place", "env", "url"),
    [
        ("url: sqlite:////var/hub.db", {}, "sqlite:////var/hub.db"),
        ("url: postgresql://u@h/db", {}, "postgresql://u@h/db"),
        ("url: postgresql://u@h/db", {"HUB_DATABASE_URL": "postgresql://x/y"}, "postgresql://x/y"),
        ("url_env: DB", {"DB": "postgresql://z/w"}, "postgresql://z/w"),
    ],
)
def test_where_the_database_is(tmp_path: Path, place: str, env: dict[str, str], url: str) -> None:
    assert load_config(_write(tmp_path, f"database: {{{place}}}"), {}).database_url(env) == url


def test_a_database_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    loaded = load_config(_write(tmp_path, "database: {url_env: DB}"), {})
    with pytest.raises(ConfigError, match=r"hub\.yaml: database\.url_env: .* DB is not set"):
        loaded.database_url({})


CRM = "connections:\n  crm:\n    source: files\n    system: crm\n    mapping: m.yaml\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "hub.yaml:1: is empty: take it away, and `hub init` writes one to start from"),
        ("- a\n", "hub.yaml:1: expected keys with values, as `key: value`, got a list"),
        ("company: {\n", "hub.yaml:2: is not valid YAML: expected the node content"),
        ("a: 1\na: 2\n", "hub.yaml:2: a: stands twice, first in line 1"),
        ("compny: {}\n", ":1: compny: there is no such key (did you mean company?)"),
        (
            CRM + "    schedul: {every: 5m}\n",
            ":6: connections.crm.schedul: there is no such key (did you mean schedule?)",
        ),
        (
            CRM + "    zzz: 1\n",
            ":6: connections.crm.zzz: there is no such key (known: access_ends_on, config,",
        ),
        (
            CRM + "    schedule: {evry: 5m}\n",
            ":6: connections.crm.schedule.evry: there is no such key (did you mean every?)",
        ),
        (
            CRM + "    schedule: {}\n",
            ":6: connections.crm.schedule: expected either 'every: 15m' or 'cron:",
        ),
        (
            CRM + "    schedule: {every: 15 minutes}\n",
            ":6: connections.crm.schedule.every: expected a duration such as 30s, 15m, 24h or "
            "7d, not '15 minutes'",
        ),
        (CRM + "    schedule: {every: 0m}\n", "expected a duration"),
        (CRM + "    schedule: {cron: '* *'}\n", "expected five fields"),
        (
            CRM + "    max_delete_share: 20\n",
            ":6: connections.crm.max_delete_share: expected less than or equal to 1, not 20",
        ),
        (
            "connections: {crm: {source: files}}",
            ":1: connections.crm.mapping: this key is missing",
        ),
        (
            "connections:\n  CRM: {source: files, system: crm, mapping: m}",
            ":2: connections.CRM: 'CRM' is no name: expected small letters",
        ),
        ("company: {time_zone: Europe/Berln}", "'Europe/Berln' is no time zone"),
        ("company: {time_zone: ../../etc/passwd}", "is no time zone"),
        ("company: {currency: euro}", ":1: company.currency: String should match"),
        ("company: {state: XX}", "no calendar of public holidays is known for DE, state XX"),
        ("company: {country: ZZ}", "no calendar of public holidays is known for ZZ"),
        ("company: {language: fr}", "company.language: expected 'de' or 'en', not 'fr'"),
        ("a: &x {b: *x}\n", "is not valid YAML"),
    ],
)
def test_what_is_wrong_is_said_with_line_and_key(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(_write(tmp_path, text), {})
    assert problem in str(caught.value)


def test_everything_wrong_is_said_at_once_in_order_of_lines(tmp_path: Path) -> None:
    text = "company: {nam: A}\ndatabase: {ur: x}\nrules: {folder: [1]}\n"
    loaded, problems = read_config(_write(tmp_path, text), {})
    assert loaded is None
    assert [(p.line, p.key) for p in problems] == [
        (1, "company.nam"),
        (2, "database.ur"),
        (3, "rules.folder"),
    ]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a: \xff\xfe", "is not UTF-8 text"),
        (None, "cannot be read: No such file"),
        (b"a: \x00", "is not valid YAML"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, text: str) -> None:
    path = tmp_path / "hub.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=text):
        load_config(path, {})


def test_aliases_that_unfold_without_end_are_refused(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(ConfigError, match="holds more than"):
        load_config(_write(tmp_path, "\n".join(rows)), {})


def test_norway_is_a_country_and_a_postcode_keeps_its_zero(tmp_path: Path) -> None:
    text = (
        CRM + "    config: {country: NO, postcode: 01067, at: 12:30, day: 2026-11-23, on: true}\n"
    )
    assert load_config(_write(tmp_path, text), {}).config.connections["crm"].config == {
        "country": "NO",
        "postcode": "01067",
        "at": "12:30",
        "day": "2026-11-23",
        "on": True,
    }


def test_where_the_configuration_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="make one with `hub init`"):
        find_config(None, {}, tmp_path)
    (tmp_path / "hub.yaml").touch()
    assert find_config(None, {}, tmp_path) == tmp_path / "hub.yaml"
    usual = _write(tmp_path, WHOLE)
    assert find_config(None, {}, tmp_path) == usual
    assert find_config(None, {"HUB_CONFIG": "/x/y.yaml"}, tmp_path) == Path("/x/y.yaml")
    assert find_config(Path("z.yaml"), {"HUB_CONFIG": "/x/y.yaml"}, tmp_path) == Path("z.yaml")
