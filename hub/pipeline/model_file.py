"""Reads a model from the file it was written to."""

import json
from pathlib import Path

from hub.errors import ConfigError
from hub.resolution.model import Model, model_from


def read_model(path: Path) -> Model:
    """Return the model in a JSON file."""
    try:
        return model_from(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except KeyError as error:
        raise ConfigError(f"{path}: no model file: {error} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: no model file: {error}") from error
