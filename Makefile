# Everything is done by the launcher in dev/, which needs Python 3.11 and nothing else.
PYTHON ?= python3
UV ?= uv
ARGS ?=
.DEFAULT_GOAL := help

define launch
@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or newer, then try again." >&2; exit 1; }
@cd "$(CURDIR)" && exec "$(PYTHON)" -B -X utf8 -m dev
endef

.PHONY: help demo dev stop clean logs shell manage test test-quick faults bench-delivery check format requirements

help: ## this list
	@grep -E '^[a-z-]+:.*##' "$(CURDIR)/Makefile" | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

demo: ## start the portal with a demo alliance (PORT=… for another port)
	$(launch) demo

dev: ## with the demo running: a server beside it that reloads each change (PORT=…, else 8001)
	$(launch) dev

stop: ## stop what `make demo` started; the data stay
	$(launch) stop

clean: ## stop, and remove data, logs, packages and caches
	$(launch) clean

logs: ## follow the log of web, worker and beat
	$(launch) logs

shell: ## a Python shell on the demo's data
	$(launch) shell

manage: ## a command of manage.py on the demo's data: make manage ARGS="migrate --plan"
	$(launch) manage $(ARGS)

test: ## set everything up and run the tests: make test ARGS="-k name"
	$(launch) test $(ARGS)

test-quick: ## the tests without workers, browser and faults: make test-quick ARGS="-k name"
	$(launch) test-quick $(ARGS)

faults: ## 2,000 faults against the liaison queues, about 40 minutes: FAULTS=… WIPES=… SEED=…
	$(launch) faults $(ARGS)

bench-delivery: ## delivery measured, about 3 minutes: make bench-delivery ARGS="--times 5"
	$(launch) bench-delivery $(ARGS)

check: ## lint, types, imports, migrations, deployment settings, templates, scripts, translations, known vulnerabilities
	$(launch) check

format: ## fix what ruff and djade can fix by themselves
	$(launch) format

requirements: ## compile requirements*.in into pinned, hashed requirements*.txt (needs uv)
	@command -v "$(UV)" >/dev/null || { echo "There is no $(UV) here: install uv, or name it with UV=…" >&2; exit 1; }
	@cd "$(CURDIR)" && for name in requirements requirements-dev requirements-launcher requirements-embedded requirements-audit; do \
	    "$(UV)" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	        --custom-compile-command "make requirements" "$$name.in" -o "$$name.txt" || exit 1; done
