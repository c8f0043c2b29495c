"""A file that is written appears whole or not at all."""

import os
from pathlib import Path

import pytest

from hub.pipeline.new_file import new_file


def test_what_stops_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before")

    def half() -> None:
        with new_file(out) as file:
            file.write(b"half")
            file.flush()
            assert out.read_text() == "before"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    assert out.read_text() == "before"


def test_what_a_link_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "out.csv").symlink_to(tmp_path / "there" / "real.csv")
    with new_file(tmp_path / "out.csv") as file:
        file.write(b"whole")
    assert (tmp_path / "there" / "real.csv").read_text() == "whole"
    assert (tmp_path / "out.csv").is_symlink()


def test_who_could_not_read_a_file_cannot_read_what_takes_its_place(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before")
    out.chmod(0o600)
    with new_file(out) as file:
        file.write(b"whole")
    assert (out.stat().st_mode & 0o777, out.read_text()) == (0o600, "whole")


def test_an_error_of_what_was_to_be_written_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no such column"), new_file(tmp_path / "out.csv"):
        raise OSError("no such column")


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    read, write = os.pipe()
    with new_file(Path(f"/proc/self/fd/{write}")) as file:
        file.write(b"whole")
    os.close(write)
    with os.fdopen(read, "rb") as file:
        assert file.read() == b"whole"


@pytest.mark.parametrize(
    ("path", "said"), [("/dev/full", "No space left"), ("nowhere/out.csv", "No such file")]
)
def test_an_error_names_the_file(path: str, said: str) -> None:
    with pytest.raises(OSError, match=said) as caught, new_file(Path(path)) as file:
        file.write(b"x" * 100_000)
    assert caught.value.filename == path
