# Everything a contributor runs. A fresh clone needs Python 3.11 or newer, Node 20 or newer, and make.
# Set-up is remembered by stamp files, so a second call starts at once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY_READY := $(VENV)/.ready
BENCH_READY := $(VENV)/.ready-bench
NODE_READY := node_modules/.ready

# The folder whose events `make demo` shows; without it the demo is the shop.
PROJECT ?=
DEMO := .demo
EVENT := OrderPlaced

PIN := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade \
	--no-emit-index-url --no-header --no-annotate --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-shop demo-project test test-python test-node lint lint-python lint-node \
	format prove bench docs generate pins pythons clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(PY_READY) $(NODE_READY) ## Make .venv and node_modules

$(PY_READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

# The buses that ours is measured beside.
$(BENCH_READY): requirements/bench.txt $(PY_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/bench.txt
	@touch $@

# The browser and editor parts have a package.json at the root; without it there is nothing to install.
$(NODE_READY): $(wildcard package.json package-lock.json vscode_extension/package.json vscode_extension/web_ui/package.json)
	@if [ -f package.json ]; then \
		node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "Node 20 or newer is needed"; exit 1; }; \
		echo "npm ci"; npm ci --no-audit --no-fund --loglevel=error; \
	fi
	@mkdir -p $(@D) && touch $@

demo: $(PY_READY) ## Run the shop and show its events (PROJECT=path shows those of any folder)
	@$(MAKE) --no-print-directory $(if $(PROJECT),demo-project,demo-shop)

demo-shop:
	@mkdir -p $(DEMO)
	@echo "== The shop runs"; echo
	@$(BIN)/python -m examples.shop
	@echo; echo "== Its events: pubsub-tools graph examples/shop"; echo
	@$(BIN)/pubsub-tools graph examples/shop
	@echo; echo "== One of them: pubsub-tools explain $(EVENT) --path examples/shop"; echo
	@$(BIN)/pubsub-tools explain $(EVENT) --path examples/shop
	@echo; echo "== What a check finds: pubsub-tools check examples/defects --select PSD001,PSD015"; echo
	@$(BIN)/pubsub-tools check examples/defects --select PSD001,PSD015 --fail-on never
	@echo; echo "== Whom it breaks to take \`quantity\` from the orders: pubsub-tools diff before.json after.json"; echo
	@rm -rf $(DEMO)/shop && cp -R examples/shop $(DEMO)/shop
	@sed '/^    quantity: /d' examples/shop/orders/events.py > $(DEMO)/shop/orders/events.py
	@$(BIN)/pubsub-tools graph examples/shop --json --output $(DEMO)/before.json 2> /dev/null
	@$(BIN)/pubsub-tools graph $(DEMO)/shop --json --output $(DEMO)/after.json 2> /dev/null
	@cd $(DEMO) && $(abspath $(BIN))/pubsub-tools diff before.json after.json --fail-on never
	@$(BIN)/pubsub-tools graph examples/shop --event $(EVENT) --format svg --output $(DEMO)/flow.svg
	@$(BIN)/pubsub-tools graph examples/shop --format html --output $(DEMO)/graph.html
	@echo; echo "The flow of $(EVENT) as a picture:  $(DEMO)/flow.svg"
	@echo "The whole graph, interactive:        $(DEMO)/graph.html  (open it in a browser; it needs no network)"

demo-project:
	@mkdir -p $(DEMO)
	@$(BIN)/pubsub-tools graph "$(PROJECT)"
	@echo; echo "== Its findings: pubsub-tools check $(PROJECT)"; echo
	@$(BIN)/pubsub-tools check "$(PROJECT)" --fail-on never
	@$(BIN)/pubsub-tools graph "$(PROJECT)" --format html --output $(DEMO)/graph.html
	@echo; echo "The whole graph, interactive:  $(DEMO)/graph.html  (open it in a browser; it needs no network)"

test: lint test-python test-node ## Lint, check types and contracts, run all tests

test-python: $(PY_READY)
	@[ -n "$$CI$$PUBSUB_TEST_INSTALL" ] || echo "Tests that need a browser or a server are skipped where it is not installed; PUBSUB_TEST_INSTALL=1 installs it (Debian)."
	$(BIN)/python -m pytest -q -n 2

test-node: $(NODE_READY)
	@if [ -f package.json ]; then npm test --silent && npm run check:fresh --silent && npm run test:e2e --silent; fi

lint: lint-python lint-node ## Lint, formatting, types, import contracts

lint-python: $(PY_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

lint-node: $(NODE_READY)
	@if [ -f package.json ]; then npm run lint --silent && npm run typecheck --silent; fi

format: $(PY_READY) ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

prove: $(PY_READY) ## The long proofs at full counts (seeded, resumable, hours)
	$(BIN)/python -m tests.prove

bench: $(BENCH_READY) ## Measure, and print every figure beside its bound
	$(BIN)/python -m tests.bench

docs: generate ## Everything in docs/ that is made from the code

generate: $(PY_READY) ## Write the files that are made from the code
	$(BIN)/python -m tools.generate

pins: $(PY_READY) ## Pin anew what development and measuring install
	$(PIN) --extra all --group dev --output-file requirements/dev.txt
	$(PIN) --group bench --constraints requirements/dev.txt --output-file requirements/bench.txt

pythons: ## Run the Python tests on 3.12, 3.13 and 3.14, where they are found
	@bash tools/pythons.sh 3.12 3.13 3.14

clean: ## Remove what was made here, .venv and node_modules included
	rm -rf $(VENV) .venv-3.* node_modules vscode_extension/node_modules vscode_extension/web_ui/node_modules \
		$(DEMO) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
