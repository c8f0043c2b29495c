"""The `isolated` source: asks `connectors.serve` in another environment, and reads its lines."""

import shutil
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from connectors.isolated.config import IsolatedConfig
from connectors.isolated.pages import failure, pages
from connectors.isolated.tokens import without_tokens
from connectors.sdk.contract import Stream
from connectors.sdk.errors import ConnectionBrokenError, SourceContractError
from connectors.sdk.isolation.environment import clean_environment, environment
from connectors.sdk.isolation.masking import Mask
from connectors.sdk.isolation.messages import Error, Request, Streams, encode, read_message
from connectors.sdk.isolation.process import Child, Program
from connectors.sdk.isolation.scratch import scratch_folder
from connectors.sdk.record import End, Page
from connectors.sdk.surroundings import Surroundings

LINE_FACTOR = 16


class IsolatedConnector:
    """One account, read by a source in another process."""

    config_model = IsolatedConfig

    def __init__(
        self,
        name: str,
        config: IsolatedConfig,
        *,
        base_dir: Path,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.name = name
        self._vault = surroundings.vault if surroundings else None
        self._config = config
        self._base_dir = base_dir
        self._mask = Mask(secret.get_secret_value() for secret in config.secrets.values())
        self._names: list[str] | None = None

    def check(self) -> None:
        """Have the source check itself."""
        self._names = self._ask("check")

    def streams(self) -> Sequence[Stream]:
        """Return the source's streams; the first call starts it to ask."""
        if self._names is None:
            self._names = self._ask("streams")
        return [IsolatedStream(name, self) for name in self._names]

    def close(self) -> None:
        """Nothing to give back: the source runs only while it is asked."""

    @property
    def label(self) -> str:
        """How the source is called in messages."""
        return f"connection {self.name}: source {self._config.called}"

    def _ask(self, work: Literal["check", "streams"]) -> list[str]:
        with self.run(work) as child:
            for line in self._lines(child):
                try:
                    message = read_message(line)
                except ValueError as error:
                    text = f"{self.label}: it wrote a line that is no message: {error}"
                    raise SourceContractError(text) from error
                if isinstance(message, Error):
                    raise failure(message, self.label, self._mask)
                if isinstance(message, Streams):
                    return message.names
        raise SourceContractError(f"{self.label}: it ended without an answer")

    def _lines(self, child: Child) -> Iterator[bytes]:
        return without_tokens(
            child.lines(), child.send, vault=self._vault, mask=self._mask, label=self.label
        )

    @contextmanager
    def run(
        self,
        work: Literal["check", "streams", "read"],
        stream: str = "",
        positions: Mapping[str, str] = MappingProxyType({}),
    ) -> Iterator[Child]:
        """Start the source and hand it one request; its secrets go through the pipe alone."""
        request = Request(
            work,
            source=self._config.called,
            connection=self.name,
            options=self._config.all_options(),
            base_dir=str(self._base_dir.absolute()),
            stream=stream,
            since=positions.get(""),
            positions=dict(positions),
            vault=self._vault is not None,
        )
        with scratch_folder() as folder:
            program = Program(
                label=self.label,
                argv=self._argv(),
                env=clean_environment(folder),
                folder=folder,
                mask=self._mask,
                silence_s=self._config.silence_s,
                max_line_bytes=LINE_FACTOR * self._config.max_record_bytes,
            )
            with Child(program) as child:
                child.send(encode(request))
                yield child

    def _argv(self) -> list[str]:
        """Return what to run; files in a command are meant from the hub's home."""
        if not self._config.command:
            return [str(self._python()), "-m", "connectors.serve"]
        home = self._base_dir.absolute()
        words = [str(home / one) if (home / one).is_file() else one for one in self._config.command]
        if shutil.which(words[0]) is None:
            raise ConnectionBrokenError(f"{self.label}: there is no program {words[0]}")
        return words

    def _python(self) -> Path:
        if self._config.python is not None:
            python = self._base_dir / self._config.python
            if not python.exists():
                raise ConnectionBrokenError(f"{self.label}: there is no interpreter {python}")
            return python
        folder = self._base_dir / self._config.environments
        return environment(folder, self._config.install, base_dir=self._base_dir) / "python"

    def pages(self, stream: str, positions: Mapping[str, str]) -> Generator[Page | End, None, None]:
        """Yield what the source reads of one stream."""
        with self.run("read", stream, positions) as child:
            label = f"{self.label}: stream {stream}"
            yield from pages(self._lines(child), label, self._mask, self._config.max_record_bytes)


class IsolatedStream:
    """One stream of the source."""

    def __init__(self, name: str, source: IsolatedConnector) -> None:
        self.name = name
        self._source = source

    def read(self, since: str | None) -> Generator[Page | End, None, None]:
        """Yield the source's own pages and its own end."""
        return self.read_from({} if since is None else {"": since})

    def read_from(self, positions: Mapping[str, str]) -> Generator[Page | End, None, None]:
        """Yield them from all the source's own positions on."""
        return self._source.pages(self.name, positions)
