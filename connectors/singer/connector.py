"""The `singer` source: each stream is one run of the tap, with that stream alone selected."""

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from connectors.sdk.contract import Stream
from connectors.sdk.errors import ConnectionBrokenError, SourceContractError
from connectors.sdk.isolation.environment import clean_environment, environment
from connectors.sdk.isolation.masking import Mask
from connectors.sdk.isolation.process import Child, Program
from connectors.sdk.isolation.scratch import scratch_folder, write_private
from connectors.sdk.record import End, Page
from connectors.singer.catalog import Entry, entries_of, selected
from connectors.singer.config import SingerConfig, SingerStreamConfig
from connectors.singer.pages import TapStream, pages

MAX_CATALOG_BYTES = 64 * 1024 * 1024
LINE_FACTOR = 16
"""A line may be this much longer than a record may be; beyond that it is not even quarantined."""


class SingerConnector:
    """One account that a tap reads."""

    config_model = SingerConfig

    def __init__(self, name: str, config: SingerConfig, *, base_dir: Path) -> None:
        self.name = name
        self._config = config
        self._base_dir = base_dir
        self._mask = Mask(secret.get_secret_value() for secret in config.secrets.values())
        self._entries: dict[str, Entry] | None = None
        self._streams = [SingerStream(one, part, self) for one, part in config.streams.items()]

    def check(self) -> None:
        """Install the tap where needed, ask it what it has, and find every stream there."""
        for stream in self._streams:
            selected(self.entries(), stream.tap_name, stream.options, self.label)

    def streams(self) -> Sequence[Stream]:
        return self._streams

    def close(self) -> None:
        """Nothing to give back: the tap runs only while a stream is read."""

    @property
    def label(self) -> str:
        """How the tap is called in messages."""
        return f"connection {self.name}: tap {Path(self._config.command).name}"

    def entries(self) -> dict[str, Entry]:
        """Return the tap's catalog, asked for once."""
        if self._entries is None:
            self._entries = entries_of(self._catalog(), self.label)
        return self._entries

    def _catalog(self) -> Any:
        if self._config.catalog is not None:
            path = self._base_dir / self._config.catalog
            try:
                text = path.read_bytes()
            except OSError as error:
                raise ConnectionBrokenError(f"{path} cannot be read: {error.strerror}") from error
        else:
            with scratch_folder() as folder:
                program = self._program(folder, ["--discover"], MAX_CATALOG_BYTES)
                with Child(program) as child:
                    text = _joined(child.lines(), self.label)
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceContractError(f"{self.label}: its catalog is no JSON: {error}") from error

    @contextmanager
    def run(self, stream: "SingerStream", since: str | None) -> Iterator[Child]:
        """Start the tap with one stream selected, from the state `since` on."""
        catalog = selected(self.entries(), stream.tap_name, stream.options, self.label)
        with scratch_folder() as folder:
            options = [
                self._config.catalog_option,
                str(write_private(folder / "catalog.json", msgspec.json.encode(catalog))),
            ]
            if since is not None:
                state = write_private(folder / "state.json", since.encode())
                options += ["--state", str(state)]
            longest = LINE_FACTOR * self._config.max_record_bytes
            with Child(self._program(folder, options, longest)) as child:
                yield child

    def _program(self, folder: Path, options: Sequence[str], max_line_bytes: int) -> Program:
        config = msgspec.json.encode(self._config.tap_config())
        command = [self._command(), "--config", str(write_private(folder / "config.json", config))]
        return Program(
            label=self.label,
            argv=[*command, *options],
            env=clean_environment(folder),
            folder=self._base_dir,
            mask=self._mask,
            silence_s=self._config.silence_s,
            max_line_bytes=max_line_bytes,
        )

    def _command(self) -> str:
        config = self._config
        if not config.install:
            local = self._base_dir / config.command
            return str(local) if os.sep in config.command else config.command
        folder = self._base_dir / config.environments
        found = environment(folder, config.install, base_dir=self._base_dir) / config.command
        if not found.exists():
            there = ", ".join(one.name for one in found.parent.glob("tap*")) or "none named tap*"
            raise ConnectionBrokenError(
                f"{self.label}: {', '.join(config.install)} brings no command "
                f"{config.command!r}; it has: {there}"
            )
        return str(found)

    def tap_stream(self, name: str, options: SingerStreamConfig) -> TapStream:
        """Return how a stream's lines are to be read."""
        entry = self.entries().get(name, {})
        names = {str(value) for value in (name, entry.get("stream")) if value}
        label = f"{self.label}: stream {name}"
        return TapStream(label, frozenset(names), options.key, self._config.max_record_bytes)


def _joined(lines: Iterator[bytes], label: str) -> bytes:
    parts, size = [], 0
    for line in lines:
        parts.append(line)
        size += len(line)
        if size > MAX_CATALOG_BYTES:
            raise SourceContractError(
                f"{label}: its catalog has more than {MAX_CATALOG_BYTES} bytes"
            )
    return b"\n".join(parts)


class SingerStream:
    """One stream of the tap; its cursor is the tap's whole state after reading this stream."""

    def __init__(self, name: str, options: SingerStreamConfig, tap: SingerConnector) -> None:
        self.name = name
        self.options = options
        self.tap_name = options.stream or name
        self._tap = tap

    def read(self, since: str | None) -> Generator[Page | End, None, None]:
        """Yield what the tap sends from its state `since` on; the end is never complete."""
        with self._tap.run(self, since) as child:
            yield from pages(child.lines(), self._tap.tap_stream(self.tap_name, self.options))
