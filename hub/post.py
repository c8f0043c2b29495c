"""Builds from the configuration where notices go and who hears of what."""

from collections.abc import Mapping, Sequence

from hub.alerts.rules import CompiledRule
from hub.config import Loaded
from hub.config.notify import FromEnv, Notify
from hub.errors import ConfigError
from hub.model.notice import Pace, Quiet, Route, Routing
from hub.model.setting import ConnectionInfo
from hub.notify.address import networks
from hub.notify.send import Post
from hub.notify.target import MailServer, MailTarget, Target, WebhookTarget
from hub.notify.webhook import key_of


def build_post(loaded: Loaded, env: Mapping[str, str]) -> Post:
    """Return the targets with their secrets. Raises ConfigError for one that is missing or bad."""
    said = loaded.config.notify
    language = loaded.config.company.language
    targets: dict[str, Target] = {}
    for name, one in said.targets.items():
        where = f"notify.targets.{name}"
        if one.webhook is not None:
            secret = _secret(one.secret, env, f"{where}.secret") or ""
            try:
                key_of(secret)
            except ValueError as error:
                raise ConfigError(f"{where}.secret: {error}") from None
            targets[name] = WebhookTarget(one.webhook, secret)
        else:
            targets[name] = MailTarget(
                tuple(one.mail), one.language or language, _server(said, loaded, env)
            )
    return Post(targets, networks(said.allow))


def _server(said: Notify, loaded: Loaded, env: Mapping[str, str]) -> MailServer:
    assert said.mail is not None
    return MailServer(
        host=said.mail.host,
        port=said.mail.port,
        sender=said.mail.sender,
        tls=said.mail.tls,
        user=said.mail.user,
        password=_secret(said.mail.password, env, "notify.mail.password"),
        ca_file=str(loaded.beside(said.mail.ca_file)) if said.mail.ca_file else None,
    )


def _secret(named: FromEnv | None, env: Mapping[str, str], where: str) -> str | None:
    if named is None:
        return None
    if named.env not in env:
        raise ConfigError(f"{where}: the environment variable {named.env} is not set")
    return env[named.env]


def build_routing(
    loaded: Loaded, rules: Sequence[CompiledRule], connections: Sequence[ConnectionInfo]
) -> Routing:
    """Return who hears of what, by which rules read what."""
    said = loaded.config.notify
    quiet = said.quiet
    return Routing(
        routes=tuple(
            Route(tuple(one.to), frozenset(one.departments), frozenset(one.rules), one.severity)
            for one in said.routes
        ),
        targets=frozenset(said.targets),
        digests={name: one.digest for name, one in said.targets.items() if one.digest},
        pace=Pace(
            said.pace.group_wait,
            said.pace.group_interval,
            said.pace.repeat_days,
            Quiet(quiet.start, quiet.end, quiet.weekends, quiet.holidays, frozenset(quiet.urgent)),
        ),
        departments={rule.id: rule.department for rule in rules},
        systems={rule.id: frozenset(rule.rule.fresh) for rule in rules},
        connections={one.name: one.systems for one in connections},
        inhibits={rule.id: frozenset(rule.rule.inhibits) for rule in rules if rule.rule.inhibits},
        fresh={rule.id: min(rule.rule.fresh.values()) for rule in rules if rule.rule.fresh},
        owners=said.owners,
        time_zone=loaded.config.company.time_zone,
        base_url=said.base_url.rstrip("/"),
    )
