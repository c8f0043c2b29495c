"""What hub.yaml says of notices, and how it is told what is wrong with it."""

import base64
from datetime import time, timedelta
from pathlib import Path

import pytest

from hub.config import load_config
from hub.errors import ConfigError
from hub.model.alert import Severity
from hub.model.notice import Route
from hub.notify.target import MailTarget, WebhookTarget
from hub.post import build_post, build_routing

SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()
WHOLE = """\
company: {language: en}
notify:
  base_url: https://hub.example.org/
  mail: {host: mail.example.org, sender: hub@example.org, user: hub, password: {env: PASSWORD}}
  targets:
    sales: {mail: [a@example.org, b@example.org]}
    boss: {mail: [c@example.org], language: de, digest: "08:00"}
    erp: {webhook: "https://erp.example.org/hooks", secret: {env: SECRET}}
  routes:
    - {departments: [sales], to: [sales, boss]}
    - {severity: critical, rules: [R07], to: [erp]}
  allow: [10.20.0.0/16]
  pace: {group_wait: 5m}
  quiet: {from: "18:00", to: "07:30", urgent: []}
"""
ENV = {"PASSWORD": "p", "SECRET": SECRET}


def _write(folder: Path, text: str) -> Path:
    path = folder / "hub.yaml"
    path.write_text(text)
    return path


def test_targets_and_routes(tmp_path: Path) -> None:
    loaded = load_config(_write(tmp_path, WHOLE), {})
    post, routing = build_post(loaded, ENV), build_routing(loaded, [], [])
    sales, boss, erp = (post.targets[name] for name in ("sales", "boss", "erp"))
    assert isinstance(sales, MailTarget)
    assert isinstance(boss, MailTarget)
    assert (sales.to, sales.language) == (("a@example.org", "b@example.org"), "en")
    assert (sales.server.password, sales.server.port, sales.server.tls) == ("p", 587, "starttls")
    assert boss.language == "de"
    assert erp == WebhookTarget("https://erp.example.org/hooks", SECRET)
    assert [str(one) for one in post.allowed] == ["10.20.0.0/16"]
    assert routing.routes[1] == Route(("erp",), frozenset(), frozenset({"R07"}), Severity.CRITICAL)
    assert routing.digests == {"boss": time(8)}
    assert routing.pace.group_wait == timedelta(minutes=5)
    assert (routing.pace.quiet.start, routing.pace.quiet.urgent) == (time(18), frozenset())
    assert routing.base_url == "https://hub.example.org"
    assert not any(secret in repr(post) for secret in (SECRET, "password='p'"))


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("to: [erp]", "to: [epr]", "leads to 'epr'; the targets are: sales, boss, erp"),
        ("mail: {host", "mial: {host", "mial"),
        ("[a@example.org, b@example.org]", "[nobody]", "'nobody' is no mail address"),
        (", secret: {env: SECRET}", "", "a webhook needs 'secret: {env: NAME}'"),
        ('webhook: "https://erp', 'webhook: "file:///etc', "webhook"),
        ('webhook: "https://', 'webhook: "https://user:pw@', "webhook"),
        ("secret: {env: SECRET}", f"secret: {SECRET}", "expected {env: NAME}"),
        ("10.20.0.0/16", "10.20.x", "'10.20.x' is no network"),
        ('digest: "08:00"', "digest: 8am", "expected a time of day such as 07:30"),
        ("severity: critical", "severity: fatal", "severity"),
    ],
)
def test_what_is_wrong(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert before in WHOLE
    with pytest.raises(ConfigError) as error:
        load_config(_write(tmp_path, WHOLE.replace(before, after)), {})
    assert problem in str(error.value)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("env", "problem"),
    [
        ({"PASSWORD": "p"}, "notify.targets.erp.secret: the environment variable SECRET is not"),
        ({"SECRET": SECRET}, "notify.mail.password: the environment variable PASSWORD is not set"),
        ({**ENV, "SECRET": "whsec_c2hvcnQ="}, "holds 24 to 64 bytes, not 5"),
    ],
)
def test_a_secret_that_is_missing_or_weak(
    tmp_path: Path, env: dict[str, str], problem: str
) -> None:
    loaded = load_config(_write(tmp_path, WHOLE), {})
    with pytest.raises(ConfigError, match=problem):
        build_post(loaded, env)
