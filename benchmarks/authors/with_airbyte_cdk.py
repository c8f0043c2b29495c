import sys

from airbyte_cdk.entrypoint import launch
from airbyte_cdk.models import ConnectorSpecification
from airbyte_cdk.sources import AbstractSource
from airbyte_cdk.sources.streams.http import HttpStream
from airbyte_cdk.sources.streams.http.requests_native_auth import TokenAuthenticator


class Contacts(HttpStream):
    primary_key = "id"
    cursor_field = "updated_at"

    def __init__(self, url):
        super().__init__(authenticator=TokenAuthenticator("token"))
        self._url = url

    @property
    def url_base(self):
        return f"{self._url}/"

    def path(self, **_):
        return "contacts"

    def next_page_token(self, response):
        body = response.json()
        return {"page": body["page"] + 1} if body["more"] else None

    def request_params(self, stream_state=None, next_page_token=None, **_):
        return {"page": 1, "per_page": 500, **(next_page_token or {})}

    def parse_response(self, response, **_):
        yield from response.json()["data"]

    def get_json_schema(self):
        return {"type": "object", "additionalProperties": True, "properties": {}}


class SourceAcme(AbstractSource):
    def spec(self, logger):
        return ConnectorSpecification(connectionSpecification={"type": "object"})

    def check_connection(self, logger, config):
        return True, None

    def streams(self, config):
        return [Contacts(config["url"])]


if __name__ == "__main__":
    launch(SourceAcme(), sys.argv[1:])
