.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

SHOP ?= sample
AS_OF_sample := 2026-06-29
AS_OF_complete_journey := 2017-11-27
AS_OF ?= $(AS_OF_$(SHOP))
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9

export NOCTURNE_CONFIG ?= config/$(SHOP).yml
export NOCTURNE_DATA_DIR ?= $(CURDIR)/data$(if $(filter-out sample,$(SHOP)),/$(SHOP))
# The committed shops are demonstrations: their key may be known. Yours must not be.
export NOCTURNE_HASH_KEY ?= $(if $(filter sample complete_journey,$(SHOP)),demonstration-key)

.PHONY: help install run test test-slow lint format airflow sample bench clean docs dbt-docs lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
	  awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

install: .venv/installed ## Make .venv with the locked dependencies and this package

.venv/installed: constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r constraints.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

run: .venv/installed $(if $(filter complete_journey,$(SHOP)),data/complete_journey/extracts) ## Run the night under Airflow (SHOP=…, AS_OF=…, RECOMPUTE=1)
	$(BIN)/python -m pipelines.local_airflow night $(AS_OF) $(if $(RECOMPUTE),--recompute)

data/complete_journey/extracts: .venv/installed
	$(BIN)/python -m benchmarks.complete_journey --out $@

test: .venv/installed lint ## Lint, type-check and run the quick tests (under 10 minutes)
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadscope

test-slow: .venv/installed ## Run the long tests: real schedulers, kills, loops, whole nights
	$(BIN)/python -m pytest -m slow -n 2 --dist loadscope --no-loadscope-reorder

lint: .venv/installed ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed ## Format the code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

airflow: .venv/installed ## Start Airflow on this machine, with the DAGs (SHOP=…; ctrl-C stops it)
	$(BIN)/python -m pipelines.local_airflow serve

sample: .venv/installed ## Make data/sample/ anew (identical bytes)
	$(BIN)/python -m benchmarks.shop make --out data/sample --preset easy --extracts-only

BENCH = $(subst -,_,$(NAME))
bench: .venv/installed ## Run a benchmark (NAME=night, shop, front-door, customer-360) and write benchmarks/results/
	$(BIN)/python -m benchmarks.$(BENCH)$(if $(wildcard benchmarks/$(BENCH)/bench.py),.bench)

clean: ## Remove what runs of the committed shops made (other shops have a history to keep)
	rm -rf data/complete_journey
	find data -mindepth 1 -maxdepth 1 ! -name sample ! -exec test -e {}/ledger.sqlite \; -exec rm -rf {} +
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

docs: .venv/installed ## Render the reference pages of docs/ anew
	$(BIN)/python -m docs.render

dbt-docs: .venv/installed ## Describe the tables of the warehouse on one page: data/site/tables.html (no night may be running)
	NOCTURNE_DBT_WAREHOUSE=$${NOCTURNE_DBT_WAREHOUSE:-$(CURDIR)/data/warehouse/nocturne.duckdb} \
	  DBT_SEND_ANONYMOUS_USAGE_STATS=false $(BIN)/dbt --quiet docs generate --static --project-dir dbt_project \
	  --profiles-dir dbt_project --target-path $(CURDIR)/data/scratch/dbt-docs --log-path $(CURDIR)/data/scratch/dbt-docs
	mkdir -p data/site && cp data/scratch/dbt-docs/static_index.html data/site/tables.html

lock: .venv/installed ## Resolve constraints.txt anew after a change of dependencies
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --python-version 3.11 --all-extras --quiet pyproject.toml -o constraints.txt
