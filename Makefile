# Baoke: `make run` shows it, `make test` proves it. Needs Python 3.11 or newer and make.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
TRANSPORT ?= embedded
ROLE ?= manager
MEMBERS := libs/events libs/chassis deploy/local $(wildcard services/*)
SOURCES := $(addsuffix /src,$(MEMBERS))
READY := $(VENV)/.ready
DOTS := awk '/^(Collecting|Obtaining|  *Building editable)/ {printf "."; fflush()} END {print ""}'

.DEFAULT_GOAL := help
.PHONY: help setup run test faults soak bench lint types format contract fuzz token status replay release discard migration lock up down clean

help: ## Show what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: $(READY) ## Install everything into .venv

$(READY): requirements.lock $(addsuffix /pyproject.toml,$(MEMBERS))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    || { echo "Baoke needs Python 3.11 or newer as '$(PYTHON)'; name another with make PYTHON=python3.12 …"; exit 1; }
	@echo "Installing into $(VENV) (about a minute, once) …"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock | $(DOTS)
	@echo "Installing Baoke's own packages …"
	@$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation \
	    $(foreach member,$(MEMBERS),-e $(member)) | $(DOTS)
	@touch $@

run: $(READY) ## Everything in one process, with a demo dealer (PORT=8080 TRANSPORT=embedded|kafka FRESH=1)
	@$(BIN)/python -m baoke_local.run --port $(PORT) --transport $(TRANSPORT) $(if $(FRESH),--fresh)

test: $(READY) ## Every test; on a real Kafka too where Java and Maven are there (REQUIRE_KAFKA=1 insists, ARGS=…)
ifdef ARGS
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile --ignore tests/faults
	@$(BIN)/python -m pytest tests/faults
endif

bench: $(READY) $(VENV)/.bench ## How fast it is, beside its peers: docs/performance.md (ONLY=relay,… QUICK=1 ROUNDS=5)
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only '$(ONLY)') $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS))

$(VENV)/.bench: $(READY) benchmarks/requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock | $(DOTS)
	@touch $@

faults: $(READY) ## Kill, freeze and cut the platform under load, and count (SEED=… or SEED=fresh)
	@FAULTS_SEED=$(SEED) $(BIN)/python -m pytest tests/faults -s

soak: $(READY) ## The same for as long as you like (MINUTES=10 SEED=…)
	@PYTHONPATH=tests $(BIN)/python -m faults.soak --minutes $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED))

lint: $(READY) ## Style, and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(READY) ## mypy --strict
	@$(BIN)/mypy $(SOURCES)

format: $(READY) ## Put the code into the house's form
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

contract: $(READY) ## What changed in events and HTTP interfaces, and whom it breaks; ACCEPT=1 stores it
	@$(BIN)/python -m baoke_local.contracts $(if $(ACCEPT),--accept)

fuzz: $(READY) ## Call every service as its OpenAPI document allows and forbids (EXAMPLES=1000 SEED=…)
	@FUZZ_EXAMPLES=$(or $(EXAMPLES),200) FUZZ_SEED=$(SEED) $(BIN)/python -m pytest tests/contract/fuzz $(ARGS)

token: $(READY) ## Print a token (ROLE=advisor DEALER=… STORE=… SCOPE=…)
	@$(BIN)/baoke-token --role $(ROLE) $(if $(DEALER),--dealer $(DEALER)) $(if $(STORE),--store $(STORE)) \
	    $(foreach scope,$(SCOPE),--scope $(scope)) $(if $(SUBJECT),--subject $(SUBJECT))

status: $(READY) ## What waits in a service of make run, and who is at work (SERVICE=loyalty_service JSON=1)
	@$(BIN)/python -m baoke_local.operate $(SERVICE) status $(if $(JSON),--json)

replay: $(READY) ## Apply a service's parked events again, while make run goes on (SERVICE=loyalty_service)
	@$(BIN)/python -m baoke_local.operate $(SERVICE) replay $(if $(TOPIC),--topic $(TOPIC)) $(if $(KEY),--key $(KEY))

release: $(READY) ## Put what Kafka refused of a key back into the outbox (SERVICE=lead_service TOPIC=… KEY=…)
	@$(BIN)/python -m baoke_local.operate $(SERVICE) release --topic $(TOPIC) --key $(KEY)

discard: $(READY) ## Give up the event that holds a key (SERVICE=… WHAT=parked|quarantined TOPIC=… KEY=… REASON="…" ALL=1)
	@$(BIN)/python -m baoke_local.operate $(SERVICE) discard $(WHAT) --topic $(TOPIC) --key $(KEY) --reason "$(REASON)" $(if $(ALL),--all)

migration: $(READY) ## Write a service's next migration (SERVICE=lead_service MESSAGE="…")
	@$(BIN)/python -m baoke_local.new_migration $(SERVICE) "$(MESSAGE)"

lock: ## Pin requirements.in anew (needs uv)
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
	    --upgrade requirements.in -o requirements.lock
	@uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
	    --upgrade --constraint requirements.lock benchmarks/requirements.in -o benchmarks/requirements.lock

up: ## The real thing in containers, behind a gateway on port 8080
	docker compose up --build

down: ## Stop the containers and forget their data
	docker compose down --volumes

clean: ## Forget the local platform's data
	rm -rf .local
