# make run: the demo program with web, worker and beat    make test: every test
# make check: every linter                                make bench: page costs against the least Django can do
# make coverage: every branch of what must never fail     (vault, access, outbox, booking)

PORT ?= 8000
DATA_DIR ?= var
export PORT DATA_DIR

python = .venv/bin/python
# One more than cores: who drives a browser or waits for a worker leaves a core idle meanwhile.
workers = $$(($$(getconf _NPROCESSORS_ONLN) + 1))
templates = $$(find templates -name '*.html')

.PHONY: run test coverage check check-style check-types check-rooms bench

run: .venv/installed
	@PATH="$(CURDIR)/.venv/bin:$$PATH" sh bin/run

test: .venv/installed
	$(python) -m pytest --numprocesses $(workers) --no-loadscope-reorder

coverage: .venv/installed
	@sh bin/coverage $(workers)

check: check-style check-types check-rooms

check-style: .venv/installed
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	.venv/bin/djangofmt --check templates
	.venv/bin/djangofmt check --extend-exclude templates/500.html --extend-exclude templates/away.html templates
	.venv/bin/djade --check $(templates)

check-types: .venv/installed
	$(python) -m mypy

check-rooms: .venv/installed
	.venv/bin/lint-imports
	$(python) -m pytest --quiet tests/test_architecture.py
	$(python) manage.py makemigrations --check --dry-run
	sh bin/check-production

bench: .venv/installed
	$(python) -m benchmarks

.venv/installed: requirements.txt .python-version
	@sh bin/venv
