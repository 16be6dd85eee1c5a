# Backfile. `make help` lists the commands; README.md says more about each.

PY ?= python3
PORT ?= 8000
SAMPLE ?= 1
ARCHIVE_SKIP ?=

BIN := .venv/bin
PYTHON := $(BIN)/python
MANAGE := $(PYTHON) manage.py
PYTEST := $(PYTHON) -m pytest -n auto --dist worksteal
POSTGRES := $(PYTHON) tools/with_postgres.py
GUNICORN := $(BIN)/gunicorn --config archive_site/gunicorn.py --log-level warning

comma := ,
skipped := $(subst $(comma), ,$(ARCHIVE_SKIP))
ifneq (,$(filter-out browser postgres servers,$(skipped)))
$(error ARCHIVE_SKIP may name browser, postgres and servers, separated by commas, not "$(ARCHIVE_SKIP)")
endif

# What never asks a database runs once, on SQLite's turn: tests/conftest.py leaves it out of the
# other. These are not even collected.
pure := --ignore=tests/listing --ignore=tests/citing --ignore=tests/architecture
browserless := --ignore=tests/browser
without_servers := $(if $(filter servers,$(skipped)),-m "not servers")

.DEFAULT_GOAL := help
.PHONY: serve demo dev test check proof bench pictures messages install lock clean help environment

# Local servers never touch a database that the shell happens to name for something else; a value
# on make's own command line still counts.
serve dev: export DATABASE_URL :=
demo: export DATABASE_URL := sqlite:///var/demo.sqlite3
demo: export SITE_NAME := The Tidewaiter
demo: PORT := $(if $(filter file,$(origin PORT)),8001,$(PORT))
serve demo dev: export ARCHIVE_ENV := local
dev: export DEBUG := 1

serve: install ## Serve the archive with its sample listing (PORT=8000, SAMPLE=0 starts empty)
	@$(PYTHON) tools/port.py $(PORT)
	@$(MANAGE) migrate --verbosity 0
	@$(if $(filter 0,$(SAMPLE)),,$(MANAGE) import_sample)
	@$(MANAGE) make_editor
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(PYTHON) tools/port.py --announce $(PORT)
	@exec $(GUNICORN) --bind 127.0.0.1:$(PORT)

demo: install ## Serve an invented magazine from a database of its own (PORT=8001)
	@$(PYTHON) tools/port.py $(PORT)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) import_fixture fixtures/demo.json --yes --output var/demo-import.txt
	@$(MANAGE) make_editor
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(PYTHON) tools/port.py --announce $(PORT)
	@exec $(GUNICORN) --bind 127.0.0.1:$(PORT)

dev: install ## Serve with reload and debug pages (PORT=8000, SAMPLE=0)
	@$(PYTHON) tools/port.py $(PORT)
	@$(MANAGE) migrate --verbosity 0
	@$(if $(filter 0,$(SAMPLE)),,$(MANAGE) import_sample)
	@$(MANAGE) make_editor
	@exec $(MANAGE) runserver 127.0.0.1:$(PORT)

define lint
$(BIN)/ruff check .
$(BIN)/ruff format --check .
ARCHIVE_ENV=local $(BIN)/mypy
$(BIN)/lint-imports --no-cache
env -u DATABASE_URL ARCHIVE_ENV=local $(MANAGE) makemigrations --check --dry-run
endef

check: environment ## Lint, types, contracts and the quick SQLite tests, in a minute
	$(lint)
	ARCHIVE_TEST_DATABASE=sqlite $(PYTEST) $(browserless) -m "not slow"

test: environment ## Everything: lint, deployment, SQLite, PostgreSQL and Chromium
	@$(PYTHON) tools/programs.py $(filter-out $(skipped),browser servers)
	$(lint)
	$(PYTHON) tools/check_deploy.py
	ARCHIVE_TEST_DATABASE=sqlite $(PYTEST) $(browserless) --durations=20 $(without_servers)
ifeq (,$(filter postgres,$(skipped)))
	ARCHIVE_TEST_DATABASE=postgresql $(POSTGRES) $(PYTEST) $(browserless) $(pure) --durations=20 $(without_servers)
ifeq (,$(filter browser,$(skipped)))
	ARCHIVE_TEST_DATABASE=postgresql $(POSTGRES) $(PYTEST) tests/browser -m both_databases
endif
endif
ifeq (,$(filter browser,$(skipped)))
	ARCHIVE_TEST_DATABASE=sqlite $(PYTEST) tests/browser --durations=20
endif
	@$(if $(skipped),echo "SKIPPED on request (ARCHIVE_SKIP): $(skipped)")

proof: environment ## Run the robustness programs at full size and write docs/proof.md
	$(PYTHON) tools/proof.py

bench: environment ## Measure every kind of page on 10,000 invented articles, on SQLite
	$(PYTHON) -m benchmarks.site --articles 10000 --load

pictures: environment ## Take the pictures of README.md and docs/editing.md from the running archive
	@$(PYTHON) tools/programs.py browser
	$(PYTHON) tools/pictures.py
	$(PYTHON) tools/guide.py

messages: environment ## Bring the catalogues of translations in locale/ up to date
	ARCHIVE_ENV=local $(PYTHON) -m tools.messages

install: ## Make the environment and install what the archive runs on
	@command -v "$(PY)" >/dev/null || { echo "There is no $(PY) here. Install Python 3.11 or later, or name one: make $@ PY=python3.13" >&2; exit 1; }
	@"$(PY)" tools/environment.py run

environment:
	@command -v "$(PY)" >/dev/null || { echo "There is no $(PY) here. Install Python 3.11 or later, or name one: make PY=python3.13 …" >&2; exit 1; }
	@"$(PY)" tools/environment.py test

lock: ## Resolve the requirements anew (maintainers; needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	UV_PYTHON_DOWNLOADS=never uv lock --upgrade
	uv export -q --format requirements-txt --no-emit-project --no-default-groups --no-header -o requirements/run.txt
	uv export -q --format requirements-txt --no-emit-project --no-default-groups --group test --group lint --no-header -o requirements/test.txt

clean: ## Remove the environment and every cache; var/ (your data) stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -type d -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
