# Everything sets itself up: `make demo` and `make test` need Python 3.11 or newer and make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
# Workers for pytest-xdist; `make test WORKERS=0` runs in one process.
WORKERS ?= auto

# What `make mutants` changes; of the deeds, the gate.
MUTANTS ?= 'bot.care.*' 'bot.store.*' \
	$(patsubst %,'bot.services.deeds.*%__mutmut_*',somebody person referral allow _in_emergency part_of \
	_part_and_covered _covers note _name _note_refusal look refuse_erased)

# Referrals, days and kills of the crash test alone; `make kills CRASH_MONTH=200,30,200` for a night.
CRASH_MONTH ?= 12,12,200

.PHONY: help demo story setup test check security mutants bench soak kills lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.ready-run ## Open the local Slack with the bot in it
	@$(BIN)/careloop demo

story: $(VENV)/.ready-run ## Play the whole loop in the terminal
	@$(BIN)/careloop demo --story

setup: $(VENV)/.ready-test ## Set up alone, for working on the code

test: check ## Run every check and test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: $(VENV)/.ready-test ## Style, types and the arrows between packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

security: $(VENV)/.ready-test ## What ruff's security rules do not see; looks dependencies up outside
	@$(BIN)/bandit -q -c pyproject.toml -r bot
	@uvx pip-audit --strict --disable-pip --require-hashes -r requirements.lock
	@uvx pip-audit --strict --disable-pip --require-hashes -r requirements-dev.lock

mutants: $(VENV)/.ready-test ## Change the gate, the keys and the ladder in small ways; tests notice
	@$(PIP) install 'mutmut==3.8.1'
	@rm -rf mutants && mkdir mutants
	@CARELOOP_TEMPLATE=$(CURDIR)/mutants/careloop.db $(BIN)/mutmut run --max-children 2 $(MUTANTS)
	@$(BIN)/mutmut results

bench: $(VENV)/.ready-test ## Measure, as ratios within one run
	@$(BIN)/python -m tests.bench

soak: $(VENV)/.ready-test ## Kills, a Slack and a store in trouble, every story on every store
	@$(BIN)/python -m pytest tests/robustness tests/threats -m soak -n 0
	@$(BIN)/python -m pytest tests/journeys --every-store -k postgresql -n $(WORKERS)

kills: $(VENV)/.ready-test ## The bot killed 200 times in two weeks, and with three processes
	@CRASH_MONTH=$(CRASH_MONTH) $(BIN)/python -m pytest tests/robustness/test_crash_month.py -m soak -n 0 -s

lock: ## Renew the lock files (needs uv)
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header -q -U -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header -q -U -c requirements.lock -o requirements-dev.lock

clean: ## Remove what setup and the tests made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants

# The first Python that is new enough; a name that is there but broken (a version manager's
# placeholder, say) is passed over because it has to answer.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Setting up $(VENV) with $$($$python --version)"; \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Careloop needs Python 3.11 or newer; none was found. Install it, or name it: make PYTHON=/path/to/python3" >&2; \
	exit 1

$(VENV)/.ready-run: requirements.lock pyproject.toml | $(BIN)/python
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-test: requirements-dev.lock $(VENV)/.ready-run
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
