# Every target makes the environment that it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test conformance schemas docs check format lint types imports screenshots bench build lock clean

help:  ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(READY)  ## open wbtui on its embedded cluster
	@$(BIN)/wbtui --demo

test: $(READY)  ## pass every test
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

conformance: $(READY)  ## compare the embedded cluster with a real one: KUBECONFIG=of a cluster that may be written to
	WBTUI_CONFORMANCE=$${KUBECONFIG:?the kubeconfig of a cluster that may be written to} $(BIN)/python -m pytest tests/demo -k real

schemas: $(READY)  ## record the schemas of the embedded cluster: KUBECONFIG=a real cluster, PROTOS=a folder of Kubernetes
	$(BIN)/python -m tools.record_schemas $(KUBECONFIG) $(PROTOS)

check: format lint types imports test  ## all that must hold before a change lands

format: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

screenshots: $(READY)  ## draw the pictures anew
	$(BIN)/python -m tests.pictures

docs: $(READY)  ## write the references of settings, keys, commands and checks from the code
	$(BIN)/python -m tools.write_references

bench: $(READY)  ## measure, and print a table
	$(BIN)/python -m benchmarks

build: $(READY)  ## make the wheel and the source archive
	$(BIN)/python -m hatchling build

lock:  ## choose the newest versions that pyproject.toml allows, with their hashes
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --python-version 3.11 --extra databases --group dev pyproject.toml --output-file requirements.lock

clean:  ## remove what was made
	rm -rf $(VENV) $(VENV)-lock build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
