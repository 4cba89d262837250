# Chinwag's commands. Each sets up first what it needs; a finished set-up costs a moment.

# The first Python that we support; that of a finished set-up answers soonest.
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for python in $(if $(wildcard .venv/set-up.json),.venv/bin/python) python3.14 python3.13 python3.12 python3.11 python3 python; do \
	if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1; \
	then echo "$$python"; break; fi; done)
endif
VENV_PYTHON := .venv/bin/python
SET_UP := "$(PYTHON)" packaging/bootstrap

.PHONY: help run test check soak bench shots requirements clean python ready-to-run ready-to-test
.NOTPARALLEL:

help:
	@echo "make run           set up (once) and start the app"
	@echo "make test          set up (once), then all checks and all tests"
	@echo "make check         formatting, lint, types, import rules"
	@echo "make soak          the long tests, full counts"
	@echo "make bench         the benchmarks"
	@echo "make shots         pictures of the app"
	@echo "make requirements  hash the requirements again; UPGRADE=1 takes newer releases"
	@echo "make clean         remove all that these commands made in this folder"

run: ready-to-run
	@$(VENV_PYTHON) -m chinwag

# The tests run even where a check fails: one go shows all that is wrong. Each file of tests stays
# in one process, so that what it shares is made once.
test: ready-to-test
	@status=0; $(MAKE) --no-print-directory check || status=1; \
	$(VENV_PYTHON) -m pytest -n logical --maxprocesses 4 --dist loadfile --durations 10 || status=1; exit $$status

check: ready-to-test
	$(VENV_PYTHON) -m ruff check
	$(VENV_PYTHON) -m ruff format --check
	$(VENV_PYTHON) -m basedpyright --pythonpath $(VENV_PYTHON)
	$(VENV_PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

soak: ready-to-test
	@CHINWAG_SOAK=1 $(VENV_PYTHON) -m pytest -m long -o faulthandler_timeout=1800

bench: ready-to-test
	@$(VENV_PYTHON) benchmarks

shots: ready-to-test
	@$(VENV_PYTHON) tests/shots.py

requirements: python
	@$(SET_UP) requirements $(if $(UPGRADE),--upgrade)

clean:
	rm -rf .venv build dist models/starter benchmarks/results
	rm -rf .hypothesis .pytest_cache .ruff_cache .import_linter_cache
	find $(wildcard app tests packaging benchmarks) -name __pycache__ -type d -prune -exec rm -rf {} +

ready-to-run: python
	@$(SET_UP) run

ready-to-test: python
	@$(SET_UP) test

python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 to 3.14 was found: install one (on Debian: sudo apt-get install python3), or name it with PYTHON=..., then try again." >&2; exit 1; }
