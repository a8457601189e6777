# Understanding Loss Functions. Every target sets up .venv by itself; nothing else is needed
# than Python 3.11 to 3.13 and make.
#
#   make book      build the site into _build/html, and a zip of it
#   make pdf       print the whole book into one PDF; needs Chromium
#   make test      run every check
#   make refresh   run notebooks again in place: all, or NB=book/03_regression.ipynb
#   make lab       open the workbooks and the chapters in JupyterLab
#   make prove     break the book on purpose and see that the checks notice; PART=, ALL=1, SEED=
#   make bench     measure speed; prints, checks nothing
#   make clean     remove what was built; make distclean removes .venv too

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# One thread each: training runs print the same four decimals everywhere, and two workers
# share two cores instead of fighting over them.
export OMP_NUM_THREADS ?= 1
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Someone's own choice of a backend would keep the figures out of the notebooks.
unexport MPLBACKEND

.PHONY: book pdf test setup refresh lab prove bench pins clean distclean
.PHONY: check-style check-code check-notebooks check-perturbed check-site

book: setup
	@$(BIN)/python -m tools.build

pdf: book
	@$(BIN)/python -m tools.pdf

test: check-style check-code check-notebooks check-perturbed check-site
	@echo "make test: everything passed"

check-style: setup
	@echo "== style"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

# no:nbval where it is not used: importing it takes pytest and each worker some seconds.
check-code: setup
	@echo "== lossutils, tools and the contract of the notebooks"
	@$(BIN)/python -m pytest -q -n 2 -p no:nbval tests/lossutils_tests tests/course_tests tests/book_tests tests/tools_tests lossutils \
	  --doctest-modules --cov --cov-fail-under=100

NBVAL = $(BIN)/python -m pytest -q -n 2 --dist loadfile -p tools.nbval_plugin --nbval \
  --nbval-current-env -W default book

check-notebooks: setup
	@echo "== nbval: every notebook again, every output compared"
	@$(NBVAL) \
	  || { echo "A stored output is not what its cell gives. Read the difference above; if the new one is right, make refresh NB=book/NAME.ipynb stores it."; exit 1; }

check-perturbed: setup
	@echo "== nbval: every notebook with noise in the last bits of what is drawn (NOISE=1 is its seed)"
	@$(NBVAL) --noise $(or $(NOISE),1)

check-site: book
	@echo "== the site in a browser"
	@$(BIN)/python -m pytest -q -n 2 -p no:nbval tests/site_tests

setup: $(READY)

$(READY): requirements.txt constraints.txt pyproject.toml site/package.json site/package-lock.json
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"Python 3.11 to 3.13 is needed; $(PYTHON) is {v[0]}.{v[1]}. Try: make PYTHON=python3.12")'
	@echo "== setting up .venv (once; a few minutes when nothing is cached)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --progress-bar on -r requirements.txt
	@cd site && npm ci --loglevel=error
	@touch $@

refresh: setup
	@$(BIN)/python -m tools.refresh $(NB)

# Workbooks that you have begun are never overwritten.
lab: setup
	@$(BIN)/python -m tools.workbooks --begin workbooks
	@$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/workbooks

# Breaks copies, never the book. What it needs beyond the rest is in .venv-prove.
prove: book
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
