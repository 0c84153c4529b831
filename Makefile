# `make demo` and `make test` do all their own set-up; the rest are tools.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The folder is already a virtual environment's business: nothing outside it is touched.
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help setup check test crash soak docs picture demo bench evaluate reliability deb audit fuzz lock clean train

help: ## what can be made here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "vouchd needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { echo "cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/.ready ## the virtual environment with the locked dependencies

check: setup ## ruff, mypy strict, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy tests benchmarks
	PYTHONPATH=.typing $(BIN)/lint-imports --no-cache

# The Google emulator of the tests, by its lock file; a test run without it fails and says so.
EMULATOR := $(VENV)/emulator
$(EMULATOR)/.ready: tests/emulator/package.json tests/emulator/package-lock.json | $(VENV)/.ready
	@command -v npm >/dev/null || { echo "the tests need node (20 or newer) with npm; on Debian: apt-get install nodejs npm" >&2; exit 1; }
	@mkdir -p $(EMULATOR)
	@cp tests/emulator/package.json tests/emulator/package-lock.json $(EMULATOR)/
	npm ci --silent --ignore-scripts --no-audit --no-fund --prefix $(EMULATOR)
	@touch $@

# A process for each processor, but no more than eight: the tests of a file stay together.
test: check docs $(EMULATOR)/.ready ## all checks, the pages, then all tests
	VOUCHD_FIGURES=tests $(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist loadfile

# The pages have an environment of their own: nothing of it is needed to run or to test.
PAGES := $(VENV)/pages
$(PAGES)/.ready: requirements-docs.lock | $(VENV)/.ready
	@$(PYTHON) -m venv --clear $(PAGES)
	$(PAGES)/bin/python -m pip install --quiet --require-hashes -r requirements-docs.lock
	@touch $@

docs: $(PAGES)/.ready ## the documentation as web pages, into docs/_build/; a warning is an error
	$(PAGES)/bin/sphinx-build --quiet --fail-on-warning --keep-going -b html docs docs/_build

picture: demo ## the picture in README, drawn from what the demo makes
	$(BIN)/python -m tests.demo.picture demo-out docs/picture.svg
crash: $(EMULATOR)/.ready ## die at every single step of a story and start again (about 20 minutes)
	VOUCHD_CRASH=1 VOUCHD_FIGURES=crash $(BIN)/python -m pytest tests/crash

soak: setup ## kill -9 at random times on the real command, for SECONDS=300
	$(BIN)/python -m tests.crash.soak $(or $(SECONDS),300)

demo: setup ## relive ten weeks of an invented job search into demo-out/
	$(BIN)/python -m tests.demo.relive demo-out

bench: setup ## speed and memory, each as a ratio to a yardstick of the same run
	$(BIN)/python -m benchmarks.bench

evaluate: setup ## how well mail is read, into docs/evaluation.md
	$(BIN)/python -m benchmarks.evaluate

reliability: setup ## what is promised and how it was tried, into docs/reliability.md, by the figures of the last runs
	$(BIN)/python -m tests.reliability.page
# What learning needs stays out of the environment that everything else runs in.
TRAIN := $(VENV)/train
$(TRAIN)/.ready: requirements-train.lock | $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-train.lock --target $(TRAIN)
	@touch $@

train: $(TRAIN)/.ready ## learn from the labelled mail what words speak for, into rules/learnt/
	PYTHONPATH=$(TRAIN) $(BIN)/python -m benchmarks.train
	PYTHONPATH=$(TRAIN) $(BIN)/python -m benchmarks.train_names

deb: setup ## the Debian package, for the release that this runs on, into dist/
	@sh systemd/debian/build.sh $(BIN)/python

# What is known against the locked versions; asks the advisory database of PyPI, nothing else does.
AUDIT := $(VENV)/audit
$(AUDIT)/.ready: requirements-audit.lock
	@$(PYTHON) -m venv --clear $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --require-hashes -r requirements-audit.lock
	@touch $@

audit: $(AUDIT)/.ready ## whether something is known against a dependency (needs the network)
	@for lock in requirements.lock requirements-dev.lock requirements-audit.lock requirements-fuzz.lock requirements-docs.lock requirements-train.lock; do \
	  echo "$$lock:"; \
	  $(AUDIT)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r $$lock \
	    || { echo "make audit: $$lock was not found clean: see above. Where a package \"could not be audited\", the advisory database of PyPI was not reached and nothing is known: try again with a network." >&2; exit 1; }; \
	done

# Atheris drives the same targets as the tests do, with what it learns from the code it reaches.
FUZZ := $(VENV)/fuzz
FUZZ_SECONDS ?= 600
$(FUZZ)/.ready: requirements.lock requirements-fuzz.lock | $(VENV)/.ready
	@$(PYTHON) -m venv --clear $(FUZZ)
	$(FUZZ)/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	$(FUZZ)/bin/python -m pip install --quiet --require-hashes -r requirements-fuzz.lock
	@touch $@

fuzz: $(FUZZ)/.ready ## ten minutes of made-up input for each reader (FUZZ_SECONDS=60 for one)
	$(FUZZ)/bin/python tests/fuzz/drive.py --seconds $(FUZZ_SECONDS)

lock: ## renew the lock files (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:audit -o requirements-audit.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:fuzz -o requirements-fuzz.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group docs -o requirements-docs.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:train -o requirements-train.lock

clean: ## remove what was made
	rm -rf $(VENV) docs/_build build dist *.egg-info demo-out .pytest_cache .mypy_cache .ruff_cache .figures
