"""How the hub is told of each server: the connections its users would write."""

from tests.servers.apis import BottleCrm, Redmine, RequestTracker, Roundup, Tryton
from tests.servers.hub_of_servers import Account


def roundup_account(api: Roundup, **options: str) -> Account:
    config = {
        "base_url": api.server.base_url,
        "user": api.server.said["user"],
        "password": api.server.api_key,
    }
    return Account("roundup", "ticketing", {**config, **options})


def tryton_account(api: Tryton) -> Account:
    config = {"base_url": api.server.base_url, "token": api.server.api_key}
    return Account("tryton", "accounting", config)


def redmine_account(api: Redmine) -> Account:
    config = {"base_url": api.server.base_url, "api_key": api.server.api_key}
    return Account("redmine", "projects", config)


def tracker_account(api: RequestTracker) -> Account:
    config = {"base_url": api.server.base_url, "token": api.server.api_key}
    return Account("request_tracker", "ticketing", config)


def crm_account(api: BottleCrm, **options: str) -> Account:
    config = {"base_url": api.server.base_url, "token": api.server.api_key}
    return Account("bottlecrm", "crm", {**config, **options})
