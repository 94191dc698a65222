# Every recipe ends in one `exec`, so that Ctrl-C and SIGTERM reach the program itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test chaos bench lint
demo: $(READY)
	@exec $(BIN)/python -m simulator.demo $(ARGS)

test: $(READY)
	@exec $(BIN)/python -m pytest $(ARGS)

chaos: $(READY)
	@exec $(BIN)/python -m tests.chaos $(ARGS)

bench: $(READY)
	@exec $(BIN)/python -m benchmarks $(ARGS)

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@exec $(BIN)/mypy

$(READY): requirements.txt
	@echo "Setting up $(VENV) (once, and again when requirements.txt changes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $(READY)
