PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
# What tests write need not survive a power cut: it lies in memory where that is possible.
SCRATCH := $(shell test -d /dev/shm -a -w /dev/shm && echo /dev/shm || echo $${TMPDIR:-/tmp})
# The tests start many processes: what one of them has compiled the others need not compile again.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes

.PHONY: demo run test coverage faults simulate fuzz check lint types layers format lock audit sbom messages clean

demo: $(VENV)/run.stamp ## the whole shop against a simulated Telegram and Stripe
	$(BIN)/python bot.py sandbox

run: $(VENV)/run.stamp ## the real shop, with config.toml
	$(BIN)/python bot.py run

test: $(VENV)/dev.stamp ## every test, on SQLite and on PostgreSQL
	TMPDIR=$(SCRATCH) $(BIN)/pytest -n $(WORKERS) --dist worksteal $(TESTS)

coverage: $(VENV)/dev.stamp ## what the tests of domain and services alone leave untouched there
	TMPDIR=$(SCRATCH) $(BIN)/pytest -n $(WORKERS) -k 'not postgres' --cov --cov-report= tests/domain tests/services
	$(BIN)/coverage report --fail-under=95

faults: $(VENV)/dev.stamp ## the table of what must not break it: fault, tests, result
	TMPDIR=$(SCRATCH) $(BIN)/pytest -n $(WORKERS) -p tests.faults -m fault --quiet

SEEDS ?= 300
simulate: $(VENV)/dev.stamp ## the shop in a world where everything goes wrong, SEEDS times
	$(BIN)/python -m tests.simulation --seeds $(SEEDS)

RUNS ?= 200
crash: $(VENV)/dev.stamp ## the shop as a real process that is killed at every point, RUNS times
	TMPDIR=$(SCRATCH) $(BIN)/python -m tests.crash --runs $(RUNS)

INPUTS ?= 100000
fuzz: $(VENV)/dev.stamp ## INPUTS malformed and hostile requests against the web server
	TMPDIR=$(SCRATCH) $(BIN)/python -m tests.fuzz --inputs $(INPUTS)

check: lint types layers test coverage ## what a change must pass

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit --quiet --recursive --severity-level high bot handlers storage bot.py

types: $(VENV)/dev.stamp
	$(BIN)/mypy
	$(BIN)/mypy bot.py

layers: $(VENV)/dev.stamp
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

lock: $(VENV)/dev.stamp ## renew both lock files
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade pyproject.toml --group dev -o requirements-dev.lock

audit: $(VENV)/dev.stamp ## is anything known against the dependencies? says so when no advisory service answers
	$(BIN)/python -m tests.audit requirements.lock requirements-dev.lock

sbom: $(VENV)/dev.stamp ## what a running shop consists of, in CycloneDX form: dist/guichet.cdx.json
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o dist/guichet.cdx.json requirements.lock

$(VENV)/python.stamp:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Guichet needs Python 3.11 or newer; name one with PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/run.stamp: requirements.lock $(VENV)/python.stamp
	$(INSTALL) -r requirements.lock
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/python.stamp
	$(INSTALL) -r requirements-dev.lock
	touch $@

messages: $(VENV)/dev.stamp ## bring the message catalogues up to date with the code
	$(BIN)/python -m handlers.locales

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage
