# Everything that a clone needs, from one command each; `make help` lists them.
# Each target sets up what it needs, once, in .venv/; `ARGS` is handed on: make demo ARGS=--keep

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Versions come from constraints.txt, those of the build backend too (newer pips read the second name for it).
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-lts test-container test-address bench renew lint format constraints compose-secret clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.runtime ## a real Neo4j, the sample network, and its reports, in linkreach-demo/
	@$(BIN)/linkreach demo $(ARGS)

test: $(VENV)/.dev ## every test, on a Neo4j of their own
	@echo "Running the tests"
	@$(BIN)/python -m pytest $(ARGS)

test-lts: $(VENV)/.dev ## those that need a Neo4j, on the long-term release 5.26
	@echo "Running the tests that need a Neo4j, on 5.26"
	@$(BIN)/python -m pytest --neo4j embedded:5.26.30 $(ARGS)

test-container: $(VENV)/.dev ## the same on a container; needs a container engine
	@echo "Running the tests that need a Neo4j, on a container"
	@$(BIN)/python -m pytest --neo4j container $(ARGS)

test-address: $(VENV)/.dev ## the same on a server that runs already, by its address
	@echo "Running the tests that need a Neo4j, on a server at an address"
	@set -e; home=$$(mktemp -d); trap 'LINKREACH_HOME=$$home $(BIN)/linkreach neo4j stop; rm -rf "$$home"' EXIT; \
	address=$$(LINKREACH_HOME=$$home $(BIN)/linkreach neo4j start | awk '$$1 == "Bolt" {print $$2}'); \
	export LINKREACH_NEO4J_PASSWORD_FILE=$$home/neo4j/password; \
	$(BIN)/python -m pytest --neo4j "$$address" $(ARGS)

bench: $(VENV)/.bench ## the bulk engine next to its peers, into docs/bench.*; about 20 minutes
	@$(BIN)/python -m tests.bench.bulk $(ARGS)

renew: $(VENV)/.dev ## write golden reports and generated tables anew, each checked first
	@$(BIN)/python -m pytest --renew tests/test_statements.py tests/test_reports.py

lint: $(VENV)/.dev ## style, types and import contracts
	@echo "Checking style"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "Checking types"
	@$(BIN)/mypy
	@echo "Checking import contracts"
	@$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## put the code into the one format, and mend what can be mended safely
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

constraints: ## write constraints.txt anew: the newest versions that pyproject.toml allows
	@set -e; fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; unset PIP_CONSTRAINT PIP_BUILD_CONSTRAINT; \
	echo "Resolving the newest versions with python3.11, the oldest that we support"; \
	python3.11 -m venv "$$fresh"; \
	"$$fresh/bin/python" -m pip --disable-pip-version-check install --quiet '.[bench,dev]'; \
	{ echo "# The exact versions that linkreach is tested with. Written by make constraints; not edited by hand."; \
	  "$$fresh/bin/python" -m pip --disable-pip-version-check freeze --exclude linkreach; } >"$$fresh/constraints.txt"; \
	mv "$$fresh/constraints.txt" constraints.txt; \
	echo "constraints.txt names $$(grep -c == constraints.txt) packages"

compose-secret: secrets/neo4j_auth ## the password that docker-compose.yml asks for

# The image's own user must be able to read the file, so it is the folder that keeps others out.
secrets/neo4j_auth:
	@mkdir -p secrets && chmod 700 secrets
	@printf 'neo4j/%s\n' "$$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" >$@ && chmod 644 $@
	@echo "Wrote a random password to $@"

clean: ## take away what the targets made here: .venv/, the demo's folder, caches
	rm -rf $(VENV) linkreach-demo dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find analysis api cypher graph tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.runtime: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing linkreach and the packages that it needs (once; about a minute)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing linkreach, the packages that it needs, and what its tests need (once; about a minute)"
	@$(PIP) install --editable '.[dev]'
	@touch $(VENV)/.runtime $@

$(VENV)/.bench: $(VENV)/.dev
	@echo "Installing what linkreach is measured next to (once; about a minute)"
	@$(PIP) install --editable '.[bench]'
	@touch $@

# The first Python that runs, is new enough and can make a virtual environment; a name alone proves nothing.
$(BIN)/python:
	@for name in python3 python3.13 python3.12 python3.11; do \
	  if "$$name" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Creating $(VENV) with $$("$$name" --version)"; \
	    exec "$$name" -m venv $(VENV); \
	  fi; \
	done; \
	echo "linkreach needs Python 3.11 or newer with its venv module: install it, on Debian and Ubuntu as python3-venv," \
	     "and try again (python3 here: $$(python3 --version 2>/dev/null || echo none))" >&2; \
	exit 1
