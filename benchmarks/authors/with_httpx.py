import json
import sys

import httpx

url, path = sys.argv[1:]
with (
    httpx.Client(base_url=url, headers={"Authorization": "Bearer token"}) as http,
    open(path, "w") as out,  # noqa: PTH123
):
    page, more = 1, True
    while more:
        answer = http.get("/contacts", params={"page": page, "per_page": 500}).raise_for_status()
        body = answer.json()
        out.writelines(f"{json.dumps(row)}\n" for row in body["data"])
        page, more = page + 1, body["more"]
