# Every recipe ends in one `exec`, so that Ctrl-C and SIGTERM reach the program itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test chaos bench lint sbom
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

# What an installation has in it, with licences, for scanners: var/sbom.json.
sbom: $(READY)
	@test -x var/runtime/bin/python || $(PYTHON) -m venv var/runtime
	@var/runtime/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@exec $(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file var/sbom.json var/runtime/bin/python

$(READY): requirements.txt requirements-tracing.txt requirements-dev.txt requirements-files.txt
	@echo "Setting up $(VENV) (once, and again when the requirements change)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements-files.txt
	@touch $(READY)
