import sys

import dlt
from dlt.sources.rest_api import rest_api_source

url, path = sys.argv[1:]
source = rest_api_source(
    {
        "client": {
            "base_url": url,
            "auth": {"type": "bearer", "token": "token"},
            "paginator": {"type": "page_number", "base_page": 1, "total_path": "pages"},
        },
        "resources": [
            {
                "name": "contacts",
                "primary_key": "id",
                "write_disposition": "merge",
                "endpoint": {
                    "path": "contacts",
                    "data_selector": "data",
                    "params": {"per_page": 500},
                    "incremental": {
                        "cursor_path": "updated_at",
                        "start_param": "updated_since",
                        "initial_value": "2000-01-01T00:00:00Z",
                    },
                },
            }
        ],
    }
)
pipeline = dlt.pipeline("acme", destination=dlt.destinations.duckdb(path), dataset_name="acme")
pipeline.run(source)
