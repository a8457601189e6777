# Understanding Loss Functions. Every target sets up .venv by itself; nothing else is needed
# than Python 3.11 to 3.13 and make.
#
#   make book      build the site into _build/html, and a zip of it
#   make pdf       print the whole book into one PDF; needs Chromium
#   make test      run every check
#   make check     check what hangs on one notebook, NB=book/03_regression.ipynb, or on those that
#                  differ from the last commit
#   make refresh   run notebooks again in place: all, or NB=book/03_regression.ipynb
#   make lab       open the workbooks and the chapters in JupyterLab
#   make prove     break the book on purpose and see that the checks notice; PART=, ALL=1, SEED=
#   make bench     measure speed; prints, checks nothing
#   make clean     remove what was built; make distclean removes .venv too

PYTHON ?= python3
BIN := .venv/bin
# What is set up: all of requirements.txt, or only what building or printing needs.
READY := .venv/.ready
READY_FOR = $(if $(wildcard $(READY)),$(READY),.venv/.ready-$(1))
VERSIONS := requirements.txt constraints.txt pyproject.toml site/package.json site/package-lock.json
# On Linux PyTorch brings libraries for graphics cards along, unless it comes from the index that
# PyTorch's own page names for CPU: TORCH_INDEX=that address.
TORCH_INDEX ?=
# One thread each: training runs print the same four decimals everywhere, and two workers
# share two cores instead of fighting over them.
export OMP_NUM_THREADS ?= 1
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Someone's own choice of a backend would keep the figures out of the notebooks.
unexport MPLBACKEND

.PHONY: book pdf test check setup refresh lab prove bench pins clean distclean
.PHONY: check-style check-code check-notebooks check-perturbed check-site

book: $(call READY_FOR,book)
	@$(BIN)/python -m tools.build

pdf: $(call READY_FOR,pdf) book
	@$(BIN)/python -m tools.pdf

# Two parts at a time where one worker is enough; each is a target below, to be run alone.
test: setup
	@$(BIN)/python -m tools.check_all

check: setup
	@$(BIN)/python -m tools.check_notebook $(NB)

WORKERS ?= 2

check-style: setup
	@echo "== style"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

SLOWEST := --durations=10 --durations-min=1
# no:nbval where it is not used: importing it takes pytest and each worker some seconds.
check-code: setup
	@echo "== lossutils, tools and the contract of the notebooks"
	@$(BIN)/python -m pytest -q -n $(WORKERS) -p no:nbval $(SLOWEST) tests/lossutils_tests tests/course_tests tests/book_tests tests/tools_tests lossutils \
	  --doctest-modules --cov --cov-fail-under=100

NBVAL = $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile -p tools.nbval_plugin --nbval \
  --nbval-current-env -W default book

check-notebooks: setup
	@echo "== nbval: every notebook again, every output compared"
	@$(NBVAL) \
	  || { echo "A stored output is not what its cell gives. Read the difference above; if the new one is right, make refresh NB=book/NAME.ipynb stores it."; exit 1; }

check-perturbed: setup
	@echo "== nbval: every notebook with noise in the last bits of what is drawn (NOISE=1 is its seed)"
	@$(NBVAL) --noise $(or $(NOISE),1)

# BUILT=1: the site is the one of these sources, and is not built again.
check-site: setup $(if $(BUILT),,book)
	@echo "== the site in a browser"
	@$(BIN)/python -m pytest -q -n $(WORKERS) -p no:nbval $(SLOWEST) tests/site_tests

setup: $(READY)

CHECK_PYTHON = $(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"Python 3.11 to 3.13 is needed; $(PYTHON) is {v[0]}.{v[1]}. Try: make PYTHON=python3.12")'

SAY_TORCH = $(BIN)/python -c 'import sys; from importlib.util import find_spec as found; \
  big = sys.platform == "linux" and not found("torch"); \
  big and print("For Linux, PyTorch brings libraries for graphics cards: more than 2 GB to download. Without\nthem it is 200 MB: stop this, and run it again with TORCH_INDEX= and the address that the page\n\"Get started\" of PyTorch gives for CPU.")'

$(READY): $(VERSIONS)
	@$(CHECK_PYTHON)
	@echo "== setting up .venv for everything (once; a few minutes when nothing is cached)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(if $(TORCH_INDEX),$(BIN)/python -m pip install -c constraints.txt -i $(TORCH_INDEX) torch,$(SAY_TORCH))
	@$(BIN)/python -m pip install -r requirements.txt
	@cd site && npm ci --loglevel=error
	@touch $@

# For a reader who only builds or prints.
.venv/.ready-%: $(VERSIONS)
	@$(CHECK_PYTHON)
	@echo "== setting up .venv for make $* (once; 140 to 200 MB to download when nothing is cached)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -c constraints.txt -e ".[$*]"
	@cd site && npm ci --omit=dev --loglevel=error
	@touch $@

refresh: setup
	@$(BIN)/python -m tools.refresh $(NB)

# Workbooks that you have begun are never overwritten.
lab: setup
	@$(BIN)/python -m tools.workbooks --begin workbooks
	@$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/workbooks

# Breaks copies, never the book. What it needs beyond the rest is in .venv-prove.
prove: setup book
	@test tools/prove/requirements.txt -ot .venv-prove/.ready \
	  || $(BIN)/python -m pip install --quiet --no-deps --upgrade --target .venv-prove \
	    -r tools/prove/requirements.txt
	@touch .venv-prove/.ready
	@$(BIN)/python -m tools.prove $(PART) --seed $(or $(SEED),0) $(if $(ALL),--all)

bench: setup
	@$(BIN)/python bench/lossutils_vs_torch.py

# After a change of versions in requirements.txt: write down what came with them.
pins: setup
	@{ sed -n '/^#/p' constraints.txt; \
	   $(BIN)/python -m pip freeze --all --exclude-editable | grep -v "^pip==" | sed 's/+cpu$$//' | sort -f; } > constraints.new
	@mv constraints.new constraints.txt

clean:
	rm -rf _build .pytest_cache .ruff_cache .hypothesis .coverage

distclean: clean
	rm -rf .venv .venv-prove site/node_modules *.egg-info
