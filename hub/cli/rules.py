"""`hub rules`: list them, test them by their fixtures, try them on what is known now or was."""

import os
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from hub.alerts.blind import Blind, blind
from hub.alerts.rule_files import failed_fixtures, load_rules
from hub.alerts.rules import CompiledRule
from hub.assembly import kinds_given
from hub.cli.counting import counted
from hub.cli.ending import Exit
from hub.cli.opening import Config, config_path, runtime_of
from hub.config import Loaded, load_config
from hub.errors import ConfigError, NotFoundError
from hub.pipeline.rule_trial import backtest, try_rule
from hub.pipeline.watch import Watch
from hub.rule_files import read_rules

Shown = Annotated[int, typer.Option(min=0, help="Subjects to list at most.")]
RuleId = Annotated[str, typer.Argument(help="The rule's id, e.g. R01.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="List, test and try rules.")
    group.command("list")(list_rules)
    group.command("test")(check_fixtures)
    group.command("try")(try_)
    group.command("backtest")(replay)
    app.add_typer(group, name="rules")


def list_rules(config: Config = None) -> None:
    """Show the rules in use, with the company's own parameters, and what they can't see here."""
    loaded = load_config(config_path(config))
    language = loaded.config.company.language
    rules = _read(loaded)
    given = kinds_given(loaded, os.environ)
    for rule in rules:
        mode = " [shadow]" if rule.rule.mode == "shadow" else ""
        params = ", ".join(f"{name}={value}" for name, value in rule.params.items())
        name = _name(rule, language)
        print(f"{rule.id}  {rule.rule.subject:<10} {rule.rule.severity:<8} {name}{mode}")
        if params:
            print(f"     {params}")
        if given is not None:
            _say_what_is_missing(blind(rule, given))


def _say_what_is_missing(missing: Blind) -> None:
    """Say what a rule can't see here, the kinds of records with the facts of each."""
    if not missing.kinds:
        return
    print("     " + ("sees less here:" if missing.fires else "cannot fire here:"))
    for kind, facts in missing.kinds.items():
        shown = ", ".join(fact for fact in facts if "." in fact)
        print(f"       no connection gives records of kind {kind}: {shown}")


def check_fixtures(
    file: Annotated[Path | None, typer.Argument(help="A file of rules; else those in use.")] = None,
    config: Config = None,
) -> None:
    """Run the facts that rules bring as their tests."""
    if file is None:
        rules = _configured(config)
    else:
        try:
            rules = load_rules({str(file): file.read_text("utf-8-sig")})
        except UnicodeDecodeError as error:
            raise ConfigError(f"{file}: is not UTF-8 text: {error.reason}") from error
    failed = [sentence for rule in rules for sentence in failed_fixtures(rule)]
    for sentence in failed:
        print(sentence)
    tests = 3 * len(rules)
    print(f"{counted(len(rules), 'rule')}, {tests - len(failed)} of {tests} tests passed")
    if failed:
        raise typer.Exit(Exit.FAILED)


def try_(rule: RuleId, shown: Shown = 20, config: Config = None) -> None:
    """Show what a rule would say now, with what it read; nobody is told."""
    with runtime_of(config) as runtime:
        chosen = _chosen(runtime.watch, rule)
        trial = try_rule(runtime.database, runtime.watch, chosen, runtime.clock())
        name = _name(chosen, runtime.loaded.config.company.language)
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(trial.verdicts.items()))
    print(f"{chosen.id} {name}: {verdicts or f'no {chosen.rule.subject} is known'}")
    if trial.stale:
        print(f"unknown for all in use: {trial.stale}")
    if trial.error:
        print(f"error: {trial.error}")
    for name, count in trial.missing.most_common(5):
        print(f"unknown for {count}: the fact {name} is not known")
    for found in sorted(trial.found, key=lambda one: one.subject)[:shown]:
        print(f"{found.severity}  {found.subject.item}  {found.name or ''}".rstrip())
        for variable, values in found.read.items():
            if isinstance(values, list):
                print(f"     {variable}: {len(values)}")
            elif values:
                said = ", ".join(f"{name}={value}" for name, value in values.items())
                print(f"     {variable}: {said}")
    if len(trial.found) > shown:
        print(f"... and {len(trial.found) - shown} more")


def replay(
    rule: RuleId,
    days: Annotated[int, typer.Option(min=1, max=1_000, help="Days to look back.")] = 90,
    shown: Shown = 20,
    config: Config = None,
) -> None:
    """Run a rule over the history of facts, a day at a time; nobody is told."""
    with runtime_of(config) as runtime:
        chosen = _chosen(runtime.watch, rule)
        done = backtest(runtime.database, runtime.watch, chosen, runtime.clock(), days)
        name = _name(chosen, runtime.loaded.config.company.language)
    if done.since is None:
        print(f"{chosen.id}: nothing is known of the last {counted(days, 'day')}")
        return
    ended = sum(done.resolved.values())
    print(f"{chosen.id} {name}, from {done.since[:10]}:")
    print(
        f"{len(done.opened)} would have fired, {ended} of them ended, {done.firing} would fire now"
    )
    for day, count in sorted(Counter(day for day, _, _ in done.opened).items()):
        print(f"{day}  {count} new, {done.resolved[day]} ended")
    for day, subject, severity in done.opened[:shown]:
        print(f"{day}  {severity}  {subject.item}")


def _configured(config: Path | None) -> list[CompiledRule]:
    return _read(load_config(config_path(config)))


def _read(loaded: Loaded) -> list[CompiledRule]:
    rules, problems = read_rules(loaded)
    if problems:
        raise ConfigError("\n".join(map(str, problems)))
    return rules


def _chosen(watch: Watch, wanted: str) -> CompiledRule:
    for rule in watch.rules:
        if rule.id == wanted:
            return rule
    known = ", ".join(rule.id for rule in watch.rules) or "none"
    raise NotFoundError(f"there is no rule {wanted!r}; there are: {known}")


def _name(rule: CompiledRule, language: str) -> str:
    return str(rule.texts["name"][language])
