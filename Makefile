# make run     try it on this machine: http://127.0.0.1:8000, with a demonstration council
# make test    every test: SQLite, PostgreSQL and a real browser
# make coverage  lines and branches that the tests of SQLite run, without the browser
# make quick   the everyday tests: SQLite, nothing slow, no browser
# make verify  the proofs that take minutes: faults, tampering, races; prints what was tried
# make bench   measures the pages at 1,000 and 100,000 actions against their budgets (docs/performance.md)
# make check   lint, formats, migrations, deployment settings, pinned requirements
# make format  put Python and templates into shape
# make lock    write requirements*.txt from pyproject.toml, keeping the versions that still fit
# make upgrade the same, with the newest versions allowed
#
# Written for GNU make 3.81 (macOS) and later.

SHELL = /bin/sh
PORT ?= 8000
TEMPLATES = find templates -name '*.html'
# Used once, to make .venv. Set PYTHON= to choose another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

BIN = .venv/bin
COMPILE = uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	--no-emit-find-links pyproject.toml

.PHONY: help run test verify coverage bench quick format lock upgrade \
	check check-python check-templates check-django check-requirements check-hosts
.NOTPARALLEL:

help:
	@sed -n 's/^# //p' Makefile | sed '/^Written/,$$d'

# ---- the environment: made once, brought up to date when the pinned requirements change

define install
	@if command -v uv >/dev/null 2>&1; then \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else \
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
	fi
	@touch $@
endef

$(BIN)/python:
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python "$(or $(PYTHON),>=3.11)" .venv; \
	elif [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 or later was not found. Install it, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; \
	elif ! "$(PYTHON)" -m venv .venv; then \
		rm -rf .venv; echo "This Python cannot make environments. On Debian: apt-get install python3-venv"; exit 1; \
	fi
	@echo "Made .venv with $$($(BIN)/python --version)"

.venv/.installed: requirements.txt | $(BIN)/python
	@echo "Installing what the product needs (requirements.txt)"
	$(call install,requirements.txt)

.venv/.installed-dev: requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need (requirements-dev.txt)"
	$(call install,requirements-dev.txt)

# ---- try it

run: .venv/.installed
	@case "$(PORT)" in ''|*[!0-9]*) echo "PORT must be a number, for example: make run PORT=8001"; exit 1;; esac
	@$(BIN)/python -c 'import socket; socket.create_connection(("127.0.0.1", $(PORT)), 2)' 2>/dev/null || exit 0; \
		echo "Port $(PORT) is in use by another program. Stop that program, or choose another port: make run PORT=8001"; exit 1
	@mkdir -p var staticfiles
	@DEVELOPMENT=1 $(BIN)/python manage.py migrate --verbosity 0
	@DEVELOPMENT=1 PORT=$(PORT) $(BIN)/python manage.py demo --first-time
	@echo
	@echo "Open http://127.0.0.1:$(PORT) in a browser. Ctrl-C here stops it; what was entered stays in var/."
	@DEVELOPMENT=1 exec $(BIN)/gunicorn scrutiny.wsgi --bind 127.0.0.1:$(PORT) \
		--worker-class gthread --workers 2 --threads 4 --graceful-timeout 5 --no-control-socket --log-level warning

# ---- tests and habits

test: .venv/.installed-dev
	@$(BIN)/python -m tests.all

verify: .venv/.installed-dev
	@$(BIN)/python -m tests.verify

coverage: .venv/.installed-dev
	@mkdir -p var; rm -f var/coverage*
	@DEVELOPMENT=1 $(BIN)/coverage run -m pytest -n 2 --dist worksteal -m "not browser and not verify"
	@$(BIN)/coverage combine --quiet; $(BIN)/coverage report

bench: .venv/.installed-dev
	@$(BIN)/python -m tests.bench $(BENCH)

quick: .venv/.installed-dev
	@DEVELOPMENT=1 $(BIN)/python -m pytest -n auto --dist worksteal --nomigrations -m "not slow and not browser and not verify"

check: check-python check-templates check-django check-requirements check-hosts
	@echo "make check: all is well"

check-python: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-templates: .venv/.installed-dev
	$(TEMPLATES) | xargs $(BIN)/djade --check --target-version 5.2

# With the settings of a real site, and a directory of its own so that no data is touched.
check-django: .venv/.installed-dev
	@set -e; data=$$(mktemp -d); trap 'rm -rf "$$data"' EXIT; unset DEBUG DATABASE_URL DEVELOPMENT; \
	export DATA_DIR="$$data" ALLOWED_HOSTS=scrutiny.example.gov.uk SITE_ADDRESS=https://scrutiny.example.gov.uk \
		EMAIL_URL=submission://mail.example.gov.uk EMAIL_FROM=scrutiny@example.gov.uk \
		TOTP_KEY=bmV2ZXItdXNlLXRoaXMta2V5LWZvci1hbnl0aGluZyE=; \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))'); export SECRET_KEY; \
	(set -x; $(BIN)/python manage.py makemigrations --check --dry-run); \
	(set -x; $(BIN)/python manage.py check --deploy --fail-level WARNING)

check-requirements:
	@set -e; fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; cp requirements.txt requirements-dev.txt "$$fresh"; \
	if ! command -v uv >/dev/null 2>&1; then \
		echo "requirements*.txt not compared with pyproject.toml: uv is not installed (make test checks names and versions)"; \
	elif ! { $(COMPILE) --offline -o "$$fresh/requirements.txt" && \
		$(COMPILE) --offline --group dev -c "$$fresh/requirements.txt" -o "$$fresh/requirements-dev.txt"; } 2>/dev/null; then \
		echo "requirements*.txt not compared with pyproject.toml: uv would need the network (make test checks names and versions)"; \
	elif ! { diff requirements.txt "$$fresh/requirements.txt" && diff requirements-dev.txt "$$fresh/requirements-dev.txt"; }; then \
		echo "requirements*.txt are not what pyproject.toml asks for. Run: make lock"; exit 1; \
	else \
		echo "requirements*.txt are what pyproject.toml asks for"; \
	fi

# The project works with whichever package registry a machine is set up for, so it names none.
HOSTS = --(extra-)?index-url[ =]+[a-z]|--find-links[ =]+[a-z]|python[h]osted|[p]ypi\.org|registry\.[n]pmjs|[d]eb\.debian\.org
check-hosts:
	@git rev-parse --git-dir >/dev/null 2>&1 || exit 0; \
	if git grep --untracked -nIE -e '$(HOSTS)'; then echo "These lines name a package registry. Take it out."; exit 1; fi; \
	echo "no package registry is named"

format: .venv/.installed-dev
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .
	$(TEMPLATES) | xargs $(BIN)/djade --target-version 5.2 || true

lock:
	$(COMPILE) -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt

upgrade:
	$(COMPILE) --upgrade -o requirements.txt
	$(COMPILE) --upgrade --group dev -c requirements.txt -o requirements-dev.txt
