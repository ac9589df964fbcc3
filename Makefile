# `make run` talks to Sēlis in the terminal, `make test` checks everything; `make help` lists the rest.
# Each sets up .venv by itself from the pinned and hashed files in requirements/.
# Another Python: make PYTHON=python3.12 run

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test check audit fmt docs chaos load coverage mutants fuzz image image-test lock clean
MAKEFLAGS += --no-print-directory
unexport PYTHONPATH

help:
	@echo 'make run      talk to Sēlis in the terminal'
	@echo 'make test     lint, types and tests: all that must hold'
	@echo 'make check    lint, types, security and the knowledge: all but the tests'
	@echo 'make audit    what is known against the packages that are pinned; fails where nobody tells'
	@echo 'make fmt      put the code in shape'
	@echo 'make docs     build the pages of docs/ into build/docs, for any browser'
	@echo 'make chaos    kill the bot under load: 200 times on each database and for each kind of network, on Telegram, and on a real Matrix server'
	@echo 'make load     measure one, two and three replicas over one PostgreSQL'
	@echo 'make coverage run all tests and tell which branches they leave out'
	@echo 'make mutants  change what decides and what sends in small ways, and tell what no test notices'
	@echo 'make fuzz     feed nonsense to all that reads what strangers write, each for SECONDS=600'
	@echo 'make image    build the container image (IMAGE=selis BASE=python:3.11-slim) with docker, podman or buildah'
	@echo 'make image-test  the same on a base made of Debian packages, then run it: needs root, buildah and debootstrap'
	@echo 'make lock     pin requirements/*.in anew (newest of everything: make lock UPGRADE=--upgrade)'
	@echo 'make clean    remove .venv and all caches'

run: $(VENV)/run.stamp
	@exec $(BIN)/selis chat

# Files as they come, not those of many tests first: a file of one slow test would be left to the end.
test: $(VENV)/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/bandit -q -c pyproject.toml -r bot knowledge adapters deploy
	$(BIN)/python -m tests.proof.audit $(pinned)
	$(BIN)/selis check

# What is known against the packages that are pinned. An index that tells it is not everywhere: `audit` fails without.
pinned := requirements/run.txt requirements/postgres.txt
audit: $(VENV)/test.stamp
	$(BIN)/python -m tests.proof.audit --required $(pinned)

fmt: $(VENV)/test.stamp
	$(BIN)/ruff check --fix --exit-zero --quiet
	$(BIN)/ruff format
	$(BIN)/ruff check

# The theme's makers announce a program of theirs at each start, which is no news of ours.
docs: export NO_MKDOCS_2_WARNING := 1
docs: $(VENV)/docs.stamp
	@$(BIN)/mkdocs build --strict
	@echo 'Open build/docs/index.html'

# Telegram knows no transaction ids, Matrix does.
chaos: $(VENV)/test.stamp
	$(BIN)/python -m tests.chaos.kill --kills 200 --engine sqlite
	$(BIN)/python -m tests.chaos.kill --kills 200 --engine sqlite --transactions
	$(BIN)/python -m tests.chaos.kill --kills 200 --engine postgres
	$(BIN)/python -m tests.chaos.kill --kills 200 --engine postgres --transactions
	$(BIN)/python -m tests.chaos.telegram --kills 10
	$(BIN)/python -m tests.chaos.telegram --kills 10 --webhook
	$(BIN)/python -m tests.chaos.matrix --bursts 10
	$(BIN)/python -m tests.chaos.replicas --seconds 60

# How much one, two and three replicas over one PostgreSQL take: docs/scaling.md.
load: $(VENV)/test.stamp
	$(BIN)/python -m tests.bench.load

# Which branches of bot, knowledge and adapters run in the tests and in the processes that tests start.
coverage: $(VENV)/proof.stamp
	rm -rf build/coverage && mkdir -p build/coverage
	-$(BIN)/coverage run -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage json --quiet -o build/coverage/report.json
	$(BIN)/python -m tests.proof.branches build/coverage/report.json

mutants: $(VENV)/proof.stamp
	$(BIN)/python -m tests.proof.mutants

SECONDS ?= 600
fuzz: $(VENV)/proof.stamp
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

# ---- container image ---------------------------------------------------------------------------------------------------

IMAGE ?= selis
BASE ?= python:3.11-slim
BUILDER ?= $(firstword $(foreach tool,docker podman buildah,$(if $(shell command -v $(tool)),$(tool))))
image_labels = --build-arg VERSION=$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) \
	--build-arg REVISION=$$(git rev-parse --short HEAD 2>/dev/null || echo unknown)

image:
	$(if $(BUILDER),,$(error docker, podman or buildah is needed: apt install buildah))
	$(BUILDER) build $(if $(filter docker,$(BUILDER)),,--format docker) $(image_labels) --build-arg BASE=$(BASE) -t $(IMAGE) $(IMAGE_FLAGS) .

# Where there is no daemon and no registry of images. The machine's way to its package index goes along, where it has one.
TEST_IMAGE := localhost/selis:test
TEST_BASE := localhost/selis-base:debian
mounted = $(foreach path,/etc/ssl/certs /etc/pip.conf,$(if $(wildcard $(path)),-v $(path):$(path):ro))
image-test: export BUILDAH_ISOLATION := chroot
image-test: $(VENV)/test.stamp
	$(BIN)/python -m tests.image.base $(TEST_BASE)
	$(MAKE) image BUILDER=buildah IMAGE=$(TEST_IMAGE) BASE=$(TEST_BASE) IMAGE_FLAGS='--layers --pull-never $(mounted)'
	$(BIN)/python -m tests.image.check $(TEST_IMAGE)

# ---- set-up ----------------------------------------------------------------------------------------------------------

# A virtual environment belongs to one Python and one folder, so the name of its mark says both: after a change of
# either the mark is missing and .venv is made anew, stamps and all. Answers old-3.9, bare-3.11 (Debian without
# python3-venv), ok-3.11-1a2b3c4d, or nothing where there is no such Python. Python 2 must be able to read it.
python_says := $(shell $(PYTHON) -c 'import os, sys; v = sys.version_info[:2]; sys.stdout.write( \
	"old-%d.%d" % v if v < (3, 11) else \
	"bare-%d.%d" % v if not __import__("importlib.util").util.find_spec("ensurepip") else \
	"ok-%d.%d-%x" % (v + (__import__("zlib").crc32(os.fsencode(sys.base_prefix + "|" + os.getcwd())),)))' \
	2>/dev/null </dev/null)
python_version = $(word 2,$(subst -, ,$(python_says)))
made := $(VENV)/made-by-$(python_says)

# Nothing of the set-up may reach standard output (that is the conversation) or read standard input (that is the question).
pip_install := $(BIN)/python -m pip install -qq --no-input --disable-pip-version-check </dev/null >&2
install = $(pip_install) --require-hashes $(1) && $(pip_install) --no-deps --no-build-isolation -e . \
	|| { echo 'Set-up failed: the packages could not be installed (see above). Mend it and call make again.' >&2; exit 1; }

$(made):
	$(if $(python_says),,$(error There is no Python named $(PYTHON). Name one that is 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)))
	$(if $(filter old-%,$(python_says)),$(error Python 3.11 or newer is needed, and $(PYTHON) is $(python_version). Name another: make PYTHON=python3.12 $(MAKECMDGOALS)))
	$(if $(filter bare-%,$(python_says)),$(error $(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt install python$(python_version)-venv))
	@$(PYTHON) -m venv --clear $(VENV) </dev/null >&2
	@touch $@

$(VENV)/run.stamp: $(made) requirements/run.txt requirements/build.txt pyproject.toml
	@echo 'Setting up Sēlis in $(VENV) (once, about half a minute)...' >&2
	@$(call install,-r requirements/run.txt -r requirements/build.txt)
	@$(BIN)/selis ask labdien </dev/null >/dev/null
	@touch $@

$(VENV)/docs.stamp: $(made) requirements/docs.txt
	@$(pip_install) --require-hashes -r requirements/docs.txt
	@touch $@

# test.txt holds all of run.txt, build.txt and docs.txt, at the same versions, so all stamps are earned.
$(VENV)/test.stamp: $(made) requirements/test.txt pyproject.toml
	@echo 'Setting up Sēlis and its test tools in $(VENV) (once, about a minute)...' >&2
	@$(call install,-r requirements/test.txt)
	@touch $(VENV)/run.stamp $(VENV)/docs.stamp $@

$(VENV)/proof.stamp: $(VENV)/test.stamp requirements/proof.txt
	@$(pip_install) --require-hashes -r requirements/proof.txt
	@touch $@

# One file serves every Python from 3.11 on (--universal); no registry address may get into it.
uv_compile = "$$dir/bin/uv" pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate $(UPGRADE)
lock: requirements/run.in requirements/build.in requirements/docs.in requirements/test.in requirements/postgres.in requirements/bench.in requirements/proof.in
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
	$(PYTHON) -m venv "$$dir" && "$$dir/bin/python" -m pip install -qq --disable-pip-version-check uv && \
	$(uv_compile) requirements/run.in -o requirements/run.txt && \
	$(uv_compile) -c requirements/run.txt requirements/build.in -o requirements/build.txt && \
	$(uv_compile) -c requirements/run.txt -c requirements/build.txt requirements/docs.in -o requirements/docs.txt && \
	$(uv_compile) -c requirements/run.txt -c requirements/build.txt -c requirements/docs.txt requirements/test.in -o requirements/test.txt && \
	$(uv_compile) -c requirements/test.txt requirements/postgres.in -o requirements/postgres.txt && \
	$(uv_compile) -c requirements/test.txt requirements/bench.in -o requirements/bench.txt && \
	$(uv_compile) -c requirements/test.txt requirements/proof.in -o requirements/proof.txt

clean:
	rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist mutants
	find bot knowledge adapters tests -name __pycache__ -type d -prune -exec rm -rf {} +
