"""Secrets come from the environment, at the moment they are needed."""

import pytest

from hub.config import missing_variables, with_secrets
from hub.errors import ConfigError

SAID = {"url": "https://a", "token": {"env": "TOKEN"}, "hosts": [{"password": {"env": "PW"}}]}


def test_variables_are_put_in_their_places() -> None:
    assert with_secrets(SAID, {"TOKEN": "t", "PW": ""}, where="connection crm") == {
        "url": "https://a",
        "token": "t",
        "hosts": [{"password": ""}],
    }


def test_what_only_looks_like_a_variable_is_left() -> None:
    said = {"a": {"env": "X", "other": 1}, "b": {"env": 5}}
    assert with_secrets(said, {}, where="") == said


def test_a_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(ConfigError, match="connection crm: the environment variable PW is not set"):
        with_secrets(SAID, {"TOKEN": "t"}, where="connection crm")


def test_all_that_are_missing_are_found_with_their_place() -> None:
    assert list(missing_variables(SAID, {})) == [
        (("token",), "TOKEN"),
        (("hosts", 0, "password"), "PW"),
    ]
