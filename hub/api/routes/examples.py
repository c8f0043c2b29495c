"""How views may look, for the OpenAPI document."""

CUSTOMER: dict[str, object] = {"id": "01JD9ZK3W4M8Q2T6V0X1Y5B7C9"}
PERSON: dict[str, object] = {"id": "01JD9ZK3W4M8Q2T6V0X1Y5B7CA"}
PROJECT: dict[str, object] = {"id": "01JD9ZK3W4M8Q2T6V0X1Y5B7CB"}
