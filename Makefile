# Every target sets up .venv by itself: python3 (3.11 or later, with venv) and make are all that is needed.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
READY := $(VENV)/.ready
LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

.PHONY: demo test lab build build-check bench lint book lite lock clean

demo: $(READY)
	$(BIN)/mha demo

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

lab: $(READY)
	$(BIN)/mha lab

build: $(READY)
	$(BIN)/python -m autograder.build

build-check: $(READY)
	$(BIN)/python -m autograder.build --check

bench: $(READY)
	$(BIN)/python -m autograder.bench

# The book alone works from a disk; `make lite` adds the notebooks that run in the browser below it.
book: $(READY)
	$(BIN)/python -m autograder.site book

lite: $(READY)
	$(BIN)/python -m autograder.site lite

lint: $(READY) build-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: $(READY)
	$(BIN)/uv pip compile $(LOCKED) autograder/site/lite/requirements.in --output-file autograder/site/lite/requirements.lock
	$(BIN)/uv pip compile $(LOCKED) --extra dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf build $(VENV)

# The course is installed in place; its build backend is one of the locked packages, so nothing unlocked is fetched.
$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	test -x $(BIN)/uv || $(BIN)/pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@
