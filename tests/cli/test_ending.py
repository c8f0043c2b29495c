"""How a command ends that a person stops."""

import pytest

from hub import cli
from hub.cli.ending import Exit
from hub.cli.root import ended


def test_a_command_that_is_stopped_while_it_loads_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def stopped(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "import_module", stopped)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.INTERRUPTED
    assert capfd.readouterr() == ("", "")


def test_too_little_memory_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    def greedy() -> None:
        raise MemoryError

    with pytest.raises(SystemExit) as stopped:
        ended(greedy)
    assert stopped.value.code == Exit.FAILED
    assert capsys.readouterr().err.startswith("there is not enough memory")
