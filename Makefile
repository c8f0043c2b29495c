VENV := .venv
PY := $(VENV)/bin/python

# Without bytecode kept, every process started compiles the project anew: half of its start.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test test-servers check schema index lock clean

run: .installed
	$(VENV)/bin/hub demo --serve

# One more than there are cores: a quarter of the time a test waits, for a server or a process.
test: .installed-dev
	$(VENV)/bin/pytest -q -n $$(($$(nproc) + 1)) --dist loadfile --no-loadscope-reorder

# Real servers, installed and seeded once a machine (as root for the Debian packages), kept in /var/tmp.
test-servers: .installed-dev
	$(VENV)/bin/pytest -q -m "servers or light_servers"

check: .installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# After a new migration: what an empty SQLite database begins with.
schema: .installed-dev
	$(PY) -m hub.store.schema

# After a new page in docs/decisions: their index.
index: .installed-dev
	$(PY) -m tests.rooms.decision_index

# Releases must have been out for a week: a poisoned one is mostly found in its first days.
COMPILE = $(VENV)/bin/pip-compile -q --strip-extras --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	--pip-args "--uploaded-prior-to=$$(date -d '7 days ago' +%F)"

lock: .installed-dev
	$(VENV)/bin/pip install -q -U pip pip-tools
	$(COMPILE) -o requirements.lock pyproject.toml
	$(COMPILE) --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

$(VENV)/bin/pip:
	python3 -m venv $(VENV)

.installed: requirements.lock pyproject.toml | $(VENV)/bin/pip
	$(VENV)/bin/pip install -q --require-hashes -r requirements.lock
	$(VENV)/bin/pip install -q --no-deps -e .
	touch $@

.installed-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/pip
	$(VENV)/bin/pip install -q --require-hashes -r requirements-dev.lock
	$(VENV)/bin/pip install -q --no-deps -e .
	touch $@ .installed

clean:
	rm -rf $(VENV) .installed .installed-dev build *.egg-info
