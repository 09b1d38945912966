# Two commands for a newcomer: `make demo` and `make test`. `make help` lists the rest.
# Everything is installed into .venv from requirements.lock, hash by hash; nothing else of the machine is changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PEOPLE ?= 20000
SEED ?= 2025
SERVE ?= 1

BIN := .venv/bin
INSTALLED := .venv/installed
CHECKS := check-format check-lint check-shell check-types check-imports check-structure

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(INSTALLED) ## install everything into .venv (quick when nothing changed)

$(INSTALLED): requirements-installer.lock requirements.lock pyproject.toml tools/create_environment
	@tools/create_environment .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-installer.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "Installed into .venv; the command line is $(BIN)/ansinh"

.PHONY: demo
demo: setup ## invent a nation, live its months, print the report, then serve it (PEOPLE=20000 SEED=2025 SERVE=1)
	@$(BIN)/ansinh demo --people $(PEOPLE) --seed $(SEED) $(if $(filter 0 no,$(SERVE)),--no-serve,--serve)

.PHONY: serve
serve: setup ## run the screens (port 8000) and the gateway (port 8001) on what was loaded
	@$(BIN)/ansinh serve

.PHONY: test
test: setup test-packages ## install what the tests need and run them all, on all cores
	@$(BIN)/python -m pytest -n logical --dist loadgroup $(TESTS)

.PHONY: test-packages
test-packages: setup ## install what tests use besides: Debian packages (as root; otherwise says what to ask for), clients others wrote
	@tools/install_debian_packages wrk chromium
	@tools/install_node_packages || true

.PHONY: check
check: setup ## format, lint, types, import rules, budgets, migrations, docs, shell scripts
	@$(MAKE) --keep-going $(CHECKS)
	@echo "Every check passed."

.PHONY: $(CHECKS)
check-format: setup ## the one way to lay out code
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check . | tail -20; echo "Cure: make format"; exit 1; }
check-lint: setup ## likely mistakes
	@$(BIN)/ruff check --quiet .
check-shell: setup ## likely mistakes in shell scripts
	@git ls-files -z -- .ci ops tools | xargs -0 grep -lIE '^#!.*\bbash$$' | xargs $(BIN)/shellcheck
check-types: setup ## strict types
	@$(BIN)/mypy
check-imports: setup ## the order of rooms and their public parts (.importlinter)
	@$(BIN)/lint-imports --no-cache --no-logo
check-structure: setup ## budgets, privacy, audit, permissions, migrations, docs
	@$(BIN)/python -m pytest -q tests/architecture

.PHONY: format
format: setup ## lay out the code and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: bench
bench: setup test-packages ## measure everything and write docs/benchmarks.md (alone on the machine, some minutes)
	@$(BIN)/ansinh bench all --write docs/benchmarks.md

.PHONY: spark
spark: setup ## install Spark and its Java, for `ansinh people verify --engine spark` (docs/howto/spark.md)
	@tools/install_debian_packages java:default-jre-headless
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps --no-build-isolation -r requirements-spark.lock

.PHONY: campaign
campaign: setup test-packages spark ## the tests at full size: thousands of seeds, every kill point; records its seeds
	@CAMPAIGN=1 $(BIN)/python -m pytest -n logical --dist loadgroup -m campaign $(TESTS) || { code=$$?; [ $$code = 5 ] && echo "No campaign yet." || exit $$code; }

.PHONY: docs
docs: setup ## draw the diagrams and describe the tables that are made from code and data
	@$(BIN)/python tools/draw_architecture.py
	@$(BIN)/python tools/describe_tables.py

.PHONY: screens
screens: ## take a picture of each page of a running agency (make serve) into docs/screens
	@tools/take_screens

.PHONY: lock
lock: setup ## resolve the dependencies afresh and write the lock files
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' pyproject.toml --group dev -o requirements.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' --group installer -o requirements-installer.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' --constraint requirements.lock pyproject.toml --extra spark -o requirements-spark.lock

.PHONY: clean
clean: ## remove .venv and every cache in this folder (the database lives elsewhere and stays)
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis build src/*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
