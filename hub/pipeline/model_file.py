"""Writes models to files, and reads them again."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from hub.errors import ConfigError
from hub.pipeline.new_file import new_file
from hub.resolution.model import Model, model_data, model_from


def read_model(path: Path) -> Model:
    """Return the model in a JSON file."""
    try:
        return model_from(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except KeyError as error:
        raise ConfigError(f"{path}: no model file: {error} is missing; {_ANEW}") from error
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ConfigError(f"{path}: no model file, or a spoiled one ({error}); {_ANEW}") from error


_ANEW = "`hub train` writes one"


def model_text(model: Model) -> bytes:
    """Return what stands in the file of a model."""
    return json.dumps(model_data(model), indent=1).encode()


def marked(model: Model, text: bytes) -> Model:
    """Return a model as the hub calls it: its name tells what its file holds, so that another
    content is noticed."""
    return replace(model, name=f"{model.name}#{content_mark(text)}")


def content_mark(text: bytes) -> str:
    """Return eight letters that stand for the content of a model's file."""
    return sha256(text).hexdigest()[:8]


def write_model(path: Path, text: bytes) -> None:
    """Write a model's file whole or not at all: others may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_file(path) as file:
        file.write(text)
