# Everything that a clone needs, from one command each; `make help` lists them.
# Each target sets up what it needs, once, in .venv/; `ARGS` is handed on: make demo ARGS=--keep

VENV := .venv
BIN := $(VENV)/bin
NODE := $(BIN)/node
MODULES := 'api/page/static/**/*.js' api/report/page.js
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Versions come from constraints.txt, those of the build backend too (newer pips read the second name for it).
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt

COMPOSE ?= $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: $(shell awk -F: '/^[a-z-]+:.*\#\# / {print $$1}' $(firstword $(MAKEFILE_LIST)))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.runtime ## a real Neo4j, the sample network, and its reports, in linkreach-demo/
	@$(BIN)/linkreach demo $(ARGS)

test: $(VENV)/.dev ## every test, on a Neo4j of their own
	@echo "Running the tests, in two processes, each with a Neo4j of its own"
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(ARGS)

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

api-agreement: $(VENV)/.dev ## API, command line and oracle on every case, at every size of a page
	@$(BIN)/python -m pytest -m long tests/http/test_agreement.py $(ARGS)

api-fuzz: $(VENV)/.dev ## schemathesis over the whole API, 20,000 cases and more
	@$(BIN)/python -m pytest -s -m long tests/http/test_fuzz.py --fuzz-cases 1500 $(ARGS)

api-hostile: $(VENV)/.dev ## 500 hostile values in every parameter of the API
	@$(BIN)/python -m pytest -s -m long tests/http/test_hostile.py --hostile 500 $(ARGS)

api-chaos: $(VENV)/.dev ## the service while its Neo4j is killed or says nothing; prints how long it took
	@$(BIN)/python -m pytest -s -m long tests/http/test_chaos.py $(ARGS)

api-load: $(VENV)/.dev ## the service under load, on 100,000 members, in .api-load/
	@$(BIN)/python -m tests.http.load $(ARGS)

api-attack: $(VENV)/.dev ## a caller with a key beside slow heads, endless heads and bodies that never come, in .api-attack/
	@$(BIN)/python -m tests.http.attack $(ARGS)

test-wheel: $(VENV)/.dev ## the wheel, installed into an empty environment and used from another folder; some minutes
	@echo "Building the wheel, and installing it with all that it needs into an empty environment"
	@$(BIN)/python -m pytest --wheel tests/cli/test_wheel.py $(ARGS)

mutants: $(VENV)/.dev ## every slip of the pen in statements and packs, and whether the cases notice; some hours
	@$(BIN)/python -m pytest -s tests/rules/test_mutants.py --mutants all $(ARGS)

agreement: $(VENV)/.dev ## every pair and report of random and whole networks next to the oracle; some hours
	@$(BIN)/python -m tests.bench.agreement $(ARGS)

bench-check: $(VENV)/.dev ## how long a verdict takes next to a bare shortest path, and a match
	@$(BIN)/python -m tests.bench.check $(ARGS)

bench-introductions: $(VENV)/.dev ## how long introductions take next to a bare match of two-step paths
	@$(BIN)/python -m tests.bench.introductions $(ARGS)

bench-as-if: $(VENV)/.dev ## how long it takes to suppose a change, and what a killed client leaves
	@$(BIN)/python -m tests.bench.as_if $(ARGS)

bench-cli: $(VENV)/.dev ## processor and wall time of commands next to a bare script of ten lines
	@$(BIN)/python -m tests.bench.cli $(ARGS)

bench-sample: $(VENV)/.dev ## how often intervals of estimates hold, and how long a sample takes: ARGS=FOLDER of a snapshot
	@$(BIN)/python -m tests.bench.estimates $(ARGS)

bench-diff: $(VENV)/.dev ## slips in packs that differences see, and how long these take next to a count
	@$(BIN)/python -m tests.bench.differences $(ARGS)

bench-load: $(VENV)/.dev ## rows a second of a first load next to UNWIND … CREATE, and memory
	@$(BIN)/python -m tests.bench.load $(ARGS)

bench-exports: $(VENV)/.dev ## what LinkedIn archives give of a known network: people, time, memory, what is certain
	@$(BIN)/python -m tests.bench.own_exports $(ARGS)

test-compose: $(VENV)/.dev ## the containers as docker-compose.yml runs them; needs a container engine
	@echo "Running the test of the containers"
	@$(BIN)/python -m pytest --compose tests/cli/test_compose.py $(ARGS)

browser: ## a Chromium for the tests of the page, where there is none; on Debian and Ubuntu, as root
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; }

screenshots: $(VENV)/.dev ## take the pictures of docs/page.md anew
	@$(BIN)/python -m pytest --renew tests/page/test_screenshots.py

bench: $(VENV)/.bench ## the bulk engine next to its peers, into docs/bench.*; about 20 minutes
	@$(BIN)/python -m tests.bench.bulk $(ARGS)

renew: $(VENV)/.dev ## write golden reports and generated tables anew, each checked first
	@$(BIN)/python -m pytest --renew tests/graph/test_statements.py tests/engines/test_reports.py tests/documents/test_reference.py tests/page/test_browser.py

lint: $(VENV)/.dev node_modules/.made ## style, types and import contracts
	@echo "Checking style"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "Checking types"
	@$(BIN)/mypy
	@echo "Checking import contracts"
	@$(BIN)/lint-imports --no-cache
	@echo "Checking form and types of the page"
	@$(NODE) node_modules/prettier/bin/prettier.cjs --log-level warn --check $(MODULES)
	@$(NODE) node_modules/typescript/bin/tsc --project tsconfig.json

format: $(VENV)/.dev node_modules/.made ## put the code into the one format, and mend what can be mended safely
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@$(NODE) node_modules/prettier/bin/prettier.cjs --log-level warn --write $(MODULES)

constraints: ## write constraints.txt anew: the newest versions that pyproject.toml allows
	@set -e; fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; unset PIP_CONSTRAINT PIP_BUILD_CONSTRAINT; \
	echo "Resolving the newest versions with python3.11, the oldest that we support"; \
	python3.11 -m venv "$$fresh"; \
	"$$fresh/bin/python" -m pip --disable-pip-version-check install --quiet '.[bench,dev]'; \
	{ echo "# The exact versions that linkreach is tested with. Written by make constraints; not edited by hand."; \
	  "$$fresh/bin/python" -m pip --disable-pip-version-check freeze --exclude linkreach; } >"$$fresh/constraints.txt"; \
	mv "$$fresh/constraints.txt" constraints.txt; \
	echo "constraints.txt names $$(grep -c == constraints.txt) packages"

up: compose-secret ## Neo4j and the API in containers, on loopback; needs docker compose
	@$(COMPOSE) build --quiet api
	@$(COMPOSE) run --rm -T --no-deps api key list | grep -q '^first ' || { umask 077; \
	  $(COMPOSE) run --rm -T --no-deps api key new first --scope read --scope report >secrets/api_key; }
	@$(COMPOSE) up --detach $$($(COMPOSE) up --help | grep -o -m 1 -e '--wait ')
	@echo "Neo4j Browser  http://127.0.0.1:$${NEO4J_HTTP_PORT:-7474}, as neo4j, with the password in secrets/neo4j_password"
	@echo "API            http://127.0.0.1:$${LINKREACH_PORT:-8000}, with the key in secrets/api_key"

down: ## stop the containers; the graph stays
	@$(COMPOSE) down

compose-secret: secrets/neo4j_password reports .env ## what docker-compose.yml asks for: passwords, a folder, your user id

# The containers' own users must be able to read the files, so it is the folder that keeps others out.
secrets/neo4j_password: secrets/neo4j_auth
	@cut -d / -f 2 $< >$@ && chmod 644 $@

secrets/neo4j_auth:
	@mkdir -p secrets && chmod 700 secrets
	@printf 'neo4j/%s\n' "$$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" >$@ && chmod 644 $@
	@echo "Wrote a random password to $@"

reports:
	@mkdir $@

.env:
	@echo "LINKREACH_USER=$$(id -u):$$(id -g)" >$@

clean: ## take away what the targets made here: .venv/, the demo's folder, caches
	rm -rf $(VENV) .api-attack .api-load linkreach-demo dist .mypy_cache .pytest_cache .ruff_cache .hypothesis node_modules
	find analysis api cypher graph linkreach tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.runtime: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing linkreach and the packages that it needs (once; about a minute)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing linkreach, the packages that it needs, and what its tests need (once; about a minute)"
	@$(PIP) install --editable '.[dev]'
	@touch $(VENV)/.runtime $@

# Node is a package of PyPI, so that nothing has to be on the machine.
node_modules/.made: $(VENV)/.dev package.json .npmrc
	@echo "Installing what checks the page's modules (once)"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm install --no-package-lock --no-save --silent
	@touch $@

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
