from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th
from singer_sdk.authenticators import BearerTokenAuthenticator


class Contacts(RESTStream):
    name = "contacts"
    path = "/contacts"
    primary_keys = ("id",)
    replication_key = "updated_at"
    records_jsonpath = "$.data[*]"
    schema = th.PropertiesList(
        th.Property("id", th.IntegerType),
        th.Property("name", th.StringType),
        th.Property("email", th.StringType),
        th.Property("phone", th.StringType),
        th.Property("city", th.StringType),
        th.Property("street", th.StringType),
        th.Property("amount", th.NumberType),
        th.Property("active", th.BooleanType),
        th.Property("tags", th.ArrayType(th.StringType)),
        th.Property("updated_at", th.DateTimeType),
    ).to_dict()

    @property
    def url_base(self):
        return self.config["url"]

    @property
    def authenticator(self):
        return BearerTokenAuthenticator(token="token")

    def get_next_page_token(self, response, previous_token):
        return (previous_token or 1) + 1 if response.json()["more"] else None

    def get_url_params(self, context, next_page_token):
        since = self.get_starting_replication_key_value(context)
        return {"page": next_page_token or 1, "per_page": 500, "updated_since": since}


class TapAcme(Tap):
    name = "tap-acme"
    config_jsonschema = th.PropertiesList(th.Property("url", th.StringType)).to_dict()

    def discover_streams(self):
        return [Contacts(self)]


if __name__ == "__main__":
    TapAcme.cli()
