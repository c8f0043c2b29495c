"""The hub's configuration: YAML for meaning, the environment for secrets and addresses."""

from hub.config.load import Loaded, find_config, load_config, read_config
from hub.config.model import (
    Company,
    Connection,
    DatabasePlace,
    HubConfig,
    RulesPlace,
    Schedule,
)
from hub.config.secrets import missing_variables, with_secrets

__all__ = [
    "Company",
    "Connection",
    "DatabasePlace",
    "HubConfig",
    "Loaded",
    "RulesPlace",
    "Schedule",
    "find_config",
    "load_config",
    "missing_variables",
    "read_config",
    "with_secrets",
]
