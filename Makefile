# The project's commands. Each makes the environment it needs, .venv, from nothing but Python and pip.
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
DEMO := $(VENV)/demo.installed
DEV := $(VENV)/dev.installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-all lint format bench pictures reference clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(DEMO) ## backpropagation shown on the notes' network, then a network trained on digits
	@$(BIN)/python -m minigrad

test: lint ## lint, types, tests and the examples in docstrings
	$(BIN)/pytest -n auto

test-all: lint ## the same with the slow tests, and with new random examples
	$(BIN)/pytest -n auto -m "slow or not slow" --hypothesis-profile=search

lint: $(DEV) ## style, layout and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(DEV) ## mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(DEMO) ## time the engine against NumPy written by hand
	@$(BIN)/python -m benchmarks

pictures: $(DEMO) ## draw the pictures of README and docs anew
	@$(BIN)/python docs/pictures.py

reference: $(DEV) ## write docs/functions.md and docs/conventions.md anew, from the code
	@$(BIN)/python docs/reference.py
	@$(BIN)/python docs/conventions.py

clean: ## remove what the other commands wrote; .venv stays
	rm -rf build dist output .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# A stamp says that .venv holds what pyproject.toml asks for, so a second call starts at once.
$(VENV)/%.installed: pyproject.toml | $(BIN)/python
	@echo "installing minigrad[$*] into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[$*]"
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "minigrad needs Python 3.11 or later: make PYTHON=/path/to/python3 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
	    || { echo "$(PYTHON) cannot make environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
