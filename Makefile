# The commands of the platform. `make` alone lists them.
# A fresh machine needs Python 3.11 or newer and make; everything else is set up here.

SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
# Demo data has an instance of its own, so that it never mixes with real data by accident.
demo: CIVIC_INSTANCE_PATH ?= $(CURDIR)/instance/demo
CIVIC_INSTANCE_PATH ?= $(CURDIR)/instance
export CIVIC_INSTANCE_PATH
# Where this is set, every process that starts compiles all modules anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi

.DEFAULT_GOAL := help
.PHONY: help install run demo test check bench axe screens lock clean translations

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

install: $(VENV)/app.stamp translations ## set up everything and start nothing

run: $(VENV)/app.stamp translations ## set up everything and serve the site with its worker (PORT=8000)
	@$(BIN)/python -m civic.serve --port $(PORT)

demo: $(VENV)/app.stamp translations ## like run, with marked sample residents, cases and progress, and sample log-ins
	@CIVIC_DEMO=1 $(BIN)/python -m civic.serve --port $(PORT)

# Three at a time, on two processors as well: a test that drives a browser or starts a site waits for a third of its time.
test: $(VENV)/test.stamp translations ## every test: rules, both databases, access, architecture, browser journeys
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(TESTS)

axe: $(VENV)/test.stamp translations ## every page in every language, light, dark and large print, read by axe
	@CIVIC_AXE=all $(BIN)/python -m pytest -n 2 --dist worksteal tests/e2e/test_pages.py tests/e2e/test_access_states.py

check: $(VENV)/test.stamp ## lint, types, import contracts, translations, templates, known vulnerabilities of shape
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.catalog check
	@$(BIN)/djlint --lint --quiet templates

bench: $(VENV)/test.stamp ## measure what README states about speed, as ratios within one run
	@$(BIN)/python -m benchmarks

screens: $(VENV)/test.stamp ## take the screenshots in docs/screens from demo data
	@$(BIN)/python -m tools.screens

lock: ## resolve the dependencies anew into requirements/*.lock (needs uv)
	@uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml -o requirements/app.lock
	@uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra test -c requirements/app.lock pyproject.toml -o requirements/test.lock

clean: ## remove what was set up; data in instance/ stays
	rm -rf $(VENV)

translations: $(patsubst %.po,%.mo,$(wildcard civic/translations/*/LC_MESSAGES/messages.po))

%.mo: %.po | $(VENV)/app.stamp
	@$(BIN)/python -m tools.catalog compile

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/app.stamp: requirements/app.lock | $(BIN)/python
	@echo "Installing what the platform needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/app.lock
	@touch $@

$(VENV)/test.stamp: requirements/test.lock | $(BIN)/python
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.lock
	@touch $@ $(VENV)/app.stamp
