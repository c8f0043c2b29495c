VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run test check lock clean

run: .installed
	$(VENV)/bin/hub demo --serve

test: .installed-dev
	$(VENV)/bin/pytest -q -n 2 --dist loadfile

check: .installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

lock: .installed-dev
	$(VENV)/bin/pip-compile -q --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
	$(VENV)/bin/pip-compile -q --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

$(VENV)/bin/pip:
	python3 -m venv $(VENV)

.installed: requirements.lock pyproject.toml | $(VENV)/bin/pip
	$(VENV)/bin/pip install -q --require-hashes -r requirements.lock
	$(VENV)/bin/pip install -q --no-deps --no-build-isolation -e .
	touch $@

.installed-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/pip
	$(VENV)/bin/pip install -q --require-hashes -r requirements-dev.lock
	$(VENV)/bin/pip install -q --no-deps --no-build-isolation -e .
	touch $@ .installed

clean:
	rm -rf $(VENV) .installed .installed-dev build *.egg-info
