# Every target makes the environment that it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := bin/python -m pip install --quiet --disable-pip-version-check
VERSION := $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' wbtui/__init__.py)
SINGLE := dist/wbtui-$(VERSION)-linux-$(shell uname -m)
WHEELS := dist/wbtui-$(VERSION)-wheelhouse-linux-$(shell uname -m)
# One more than there are cores: tests often wait for the programs that they start.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
ADDRESS ?= https://example.com/wbtui
FROM_OUTSIDE := tests/test_cli.py tests/test_exit_codes.py tests/test_leaving.py tests/test_single_file.py \
	tests/test_terminal.py tests/terminal/test_shared.py tests/commands/test_completion.py \
	tests/commands/test_create.py tests/commands/test_delete.py tests/commands/test_doctor.py tests/commands/test_get.py
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1577836800)
TAR := tar --sort=name --mtime=@$(SOURCE_DATE_EPOCH) --owner=0 --group=0 --numeric-owner

.DEFAULT_GOAL := help
.PHONY: help demo test conformance schemas docs check format lint types imports screenshots bench build single \
	wheelhouse release lock clean

help:  ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

$(READY): requirements.lock pyproject.toml
	@echo "Installing what development needs into $(VENV), for a minute or two ..."
	$(PYTHON) -m venv $(VENV)
	$(VENV)/$(PIP) --no-deps --require-hashes -r requirements.lock
	$(VENV)/$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)-%/.ready: requirements-%.lock
	@echo "Installing the $$(grep -c == $<) packages of $< into $(VENV)-$*, once:"
	@$(PYTHON) -m venv $(VENV)-$*
	@$(VENV)-$*/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes $(PIP_FLAGS) -r $< \
		| sed -nu 's/^Collecting \([^ ]*\).*/  \1/p; s/^Installing collected.*/installing all .../p'
	@touch $@

# PyInstaller's own program starts the single file: made here, it needs no zlib of the host.
$(VENV)-single/.ready: PIP_FLAGS := --no-binary pyinstaller
$(VENV)-single/.ready: export PYI_STATIC_ZLIB := 1
$(VENV)-single/.ready: export PYINSTALLER_COMPILE_BOOTLOADER := 1

demo: $(VENV)-run/.ready  ## open wbtui on its embedded cluster; only what running needs is installed
	@$(VENV)-run/bin/python -m wbtui --demo

test: $(READY)  ## pass every test
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

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

docs: $(READY) $(VENV)-docs/.ready  ## write the references from the code, and build the pages into build/docs
	$(BIN)/python -m tools.write_references
	$(VENV)-docs/bin/python -m sphinx --fail-on-warning --nitpicky --quiet -b html docs build/docs
	@echo "The pages are in build/docs/index.html."

bench: $(READY)  ## measure, and print a table
	$(BIN)/python -m benchmarks

build: $(READY)  ## make the wheel and the source archive
	$(BIN)/python -m hatchling build

single: $(VENV)-single/.ready $(READY)  ## make one file that needs nothing but glibc, and a folder; try both
	rm -rf $(SINGLE)*
	PYTHONHASHSEED=1 $(VENV)-single/bin/python -m PyInstaller --clean --noconfirm --log-level ERROR --distpath dist \
		--workpath build/single release/wbtui.spec
	cp LICENSE docs/wbtui.1 $(SINGLE)-folder
	$(BIN)/python -m tools.single_file $(SINGLE)-folder
	$(TAR) -C dist -czf $(SINGLE)-folder.tar.gz $(notdir $(SINGLE))-folder
	WBTUI_PROGRAM=$(CURDIR)/$(SINGLE) $(BIN)/python -m pytest $(FROM_OUTSIDE)
	WBTUI_PROGRAM=$(CURDIR)/$(SINGLE)-folder/wbtui $(BIN)/python -m pytest tests/test_exit_codes.py tests/test_single_file.py
	@du -h $(SINGLE) $(SINGLE)-folder.tar.gz

wheelhouse: build  ## put all wheels for hosts without internet into one archive; install from it
	rm -rf $(WHEELS)* build/empty
	$(BIN)/python -m tools.wheelhouse $(WHEELS) dist/wbtui-$(VERSION)-py3-none-any.whl
	$(PYTHON) -m venv build/empty
	build/empty/$(PIP) --no-index --find-links $(WHEELS) --require-hashes -r $(WHEELS)/requirements.txt
	build/empty/bin/wbtui --version
	$(TAR) -C dist -cf $(WHEELS).tar $(notdir $(WHEELS))
	rm -r $(WHEELS)

release: single wheelhouse  ## make all that is published, with SHA256SUMS: ADDRESS=where it will be, for krew
	$(BIN)/python -m tools.krew_manifest $(SINGLE)-folder.tar.gz $(ADDRESS) > dist/wbtui.yaml
	cd dist && find . -maxdepth 1 -type f -name 'wbtui[-_]$(VERSION)*' -printf '%f\n' | LC_ALL=C sort \
		| xargs sha256sum | tee SHA256SUMS

lock:  ## choose the newest versions that pyproject.toml allows, with their hashes
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/$(PIP) uv
	$(LOCK) --upgrade --extra databases --group dev pyproject.toml --output-file requirements.lock
	$(LOCK) --constraint requirements.lock --extra databases pyproject.toml --output-file requirements-run.lock
	$(LOCK) --constraint requirements-run.lock --extra databases --group single pyproject.toml \
		--output-file requirements-single.lock
	$(LOCK) --upgrade --group docs --output-file requirements-docs.lock

LOCK := $(VENV)-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
	--no-header --python-version 3.11

clean:  ## remove what was made
	rm -rf $(VENV) $(VENV)-lock $(VENV)-run $(VENV)-single $(VENV)-docs build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
