# The launcher in dev/ does the work. It needs Python 3.11 and nothing else.
# An active environment decides. Without one, the distribution's Python is preferred: it is compiled with profile-guided
# optimisation, and pyenv's is not, so the tests need a sixth less processor time. It also needs ensurepip, which Debian
# puts in a separate package.
ifndef PYTHON
  ifneq ($(VIRTUAL_ENV)$(PYENV_VERSION),)
    PYTHON := python3
  else
    PYTHON := $(shell /usr/bin/python3 -c "import sys, ensurepip; assert sys.version_info >= (3, 11)" 2>/dev/null \
        && echo /usr/bin/python3 || echo python3)
  endif
endif
UV ?= .venv/bin/uv
ARGS ?=
.DEFAULT_GOAL := help

define launch
@command -v "$(PYTHON)" >/dev/null || { echo "$(PYTHON) was not found. Install Python 3.11 or newer, then try again." >&2; exit 1; }
@cd "$(CURDIR)" && exec "$(PYTHON)" -B -X utf8 -m dev
endef

.PHONY: help demo dev stop clean logs shell manage test test-quick faults bench-delivery check format requirements

help: ## show this list
	@grep -E '^[a-z-]+:.*##' "$(CURDIR)/Makefile" | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

demo: ## start the portal with demo data (PORT=… for another port)
	$(launch) demo

dev: ## while the demo runs: start a second server that reloads changed code (PORT=…, else 8001)
	$(launch) dev

stop: ## stop what `make demo` started and keep its data
	$(launch) stop

clean: ## stop the demo and remove data, logs, packages and caches
	$(launch) clean

logs: ## follow the log of web, workers and beat
	$(launch) logs

shell: ## open a Python shell on the demo's data
	$(launch) shell

manage: ## run manage.py on the demo's data: make manage ARGS="migrate --plan"
	$(launch) manage $(ARGS)

test: ## run all tests: make test ARGS="-k name"
	$(launch) test $(ARGS)

test-quick: ## run the tests that need no workers and no browser: make test-quick ARGS="-k name"
	$(launch) test-quick $(ARGS)

faults: ## inject 2,000 faults into delivery, about 40 minutes: FAULTS=… WIPES=… SEED=…
	$(launch) faults $(ARGS)

bench-delivery: ## measure delivery, about 3 minutes: make bench-delivery ARGS="--times 5"
	$(launch) bench-delivery $(ARGS)

check: ## check lint, types, imports, migrations, settings, templates, scripts, translations, vulnerabilities
	$(launch) check

format: ## fix what ruff and djade can fix
	$(launch) format

requirements: ## compile requirements*.in into pinned, hashed requirements*.txt (after `make test`)
	@cd "$(CURDIR)" && command -v "$(UV)" >/dev/null || { echo "$(UV) was not found. Run make test, or name uv with UV=…" >&2; exit 1; }
	@cd "$(CURDIR)" && for name in requirements requirements-installer requirements-dev requirements-launcher requirements-embedded requirements-audit requirements-ocr; do \
	    "$(UV)" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	        --custom-compile-command "make requirements" "$$name.in" -o "$$name.txt" || exit 1; done
