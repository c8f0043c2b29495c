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
from hub.config.secrets import (
    FromVault,
    missing_variables,
    unopened,
    vault_entries,
    with_secrets,
)

__all__ = [
    "Company",
    "Connection",
    "DatabasePlace",
    "FromVault",
    "HubConfig",
    "Loaded",
    "RulesPlace",
    "Schedule",
    "find_config",
    "load_config",
    "missing_variables",
    "read_config",
    "unopened",
    "vault_entries",
    "with_secrets",
]
