# Each target is one line to the real tool. `make run` and `make test` are all that a newcomer needs.
.PHONY: setup run train test test-app test-engine unit test-clock check eval bench topic format widget screenshots
.DEFAULT_GOAL := run
# Some shells forbid Python to keep what it compiled; the tests start hundreds of processes, and each would compile ours.
export PYTHONDONTWRITEBYTECODE =

setup:  ## Build both environments.
	./setup.sh

run: setup  ## Train if needed, start everything, print the address.
	.venv/bin/bot run

train: setup  ## Train a model of what stands in data/, domain.yml and config.yml.
	.venv/bin/bot train

test: setup  ## Every test: unit, integration, engine, browser.
	.venv/bin/bot train && $(MAKE) -j 2 test-app test-engine

test-app:
	.venv/bin/pytest -n 4 --dist loadfile --no-loadscope-reorder

test-engine:
	cd engine && .venv/bin/python -m pytest -q tests

unit: setup  ## Unit tests of the application and of the engine, with the coverage of bot/; no training, nothing runs.
	.venv/bin/pytest -q -n 2 --dist loadfile tests/unit --cov=bot --cov-report=json:var/coverage.json \
	  && .venv/bin/python -m tests.coverage_by_package var/coverage.json && $(MAKE) test-engine

test-clock: train  ## Tests over midnight, just after it and on February 29 (Debian: apt-get install faketime).
	tests/clock/run.sh

check: setup  ## Lint code and content, check types and floors.
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/mypy --config-file engine/pyproject.toml && .venv/bin/lint-imports && .venv/bin/python -m bot.lint

eval: setup  ## Accuracy per topic and the dialogues, with a report in var/eval/.
	.venv/bin/bot eval

bench: setup  ## Benchmarks; each file in bench/ says what it measures.
	.venv/bin/python -m bench.faq_turn

topic: setup  ## A new topic of the FAQ from a file: make topic FILE=parking.yml (writes a form the first time).
	.venv/bin/bot topic add $(or $(FILE),topic.yml)

format: setup
	.venv/bin/ruff check --fix . && .venv/bin/ruff format .

widget:  ## Build the chat widget anew (Node 20 and npm); commit what it makes.
	cd widget && npm ci --no-audit --no-fund && npm run check && npm run build

screenshots: setup  ## Take the pictures of docs/widget.md and of the console anew.
	.venv/bin/python -m tests.e2e.screenshots
