# Landslide Detector: set up, try, test and pack. `make help` lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# The Python (3.10 or later) the engine's environment is made with, and the one QGIS brings its bindings to.
PYTHON ?= python3
QGIS_PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)

ENGINE := $(CURDIR)/.venv/bin/landslides
BUILD := build
DEMO := $(BUILD)/demo
PLUGINS := $(BUILD)/plugins
PACKAGE ?= $(BUILD)/landslide_detector.zip

# Everything that starts QGIS finds the plugin as a link to this folder, and leaves the user's own profile alone.
export QGIS_PLUGINPATH := $(CURDIR)/$(PLUGINS)
export QGIS_CUSTOM_CONFIG_PATH := $(CURDIR)/$(BUILD)/profile
export LANDSLIDES_ENGINE := $(ENGINE)
OFFSCREEN := QT_QPA_PLATFORM=offscreen
# QGIS's own test plugin would start a second QGIS.
WINDOW = xvfb-run --auto-servernum --server-args="-screen 0 1600x1000x24" .venv-qgis/bin/pytest -p no:pytest_qgis
# Debian's wrapper `qgis_process` passes it options of the QGIS window, which it refuses.
QGIS_PROCESS = $(OFFSCREEN) "$$(command -v qgis_process.bin || command -v qgis_process)"

# $(call apt,PACKAGES,WHAT IS MISSING): install by apt where that is possible, else say what to install.
define apt
	echo "$(2): installing $(1)"; \
	as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	if ! command -v apt-get >/dev/null || { [ -n "$$as_root" ] && ! command -v sudo >/dev/null; }; then \
	    echo "Please install (as administrator): $(1)   [$(2)]" >&2; exit 1; \
	fi; \
	$$as_root apt-get update -qq </dev/null; \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) </dev/null >/dev/null
endef

.PHONY: help setup demo tour benchmark test test-engine test-processing test-ui lint i18n package clean qgis linguist python

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/light.stamp  ## Install the engine into .venv (light: detects on a CPU); .venv/bin/landslides is the command

demo: .venv/light.stamp qgis $(PLUGINS)/landslide_detector  ## Make the sample scene, run the three detectors in QGIS, draw build/demo/map.png
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@$(QGIS_PROCESS) plugins enable landslide_detector >$(DEMO)/qgis.log 2>&1 \
	    || grep -q 'already enabled' $(DEMO)/qgis.log || { cat $(DEMO)/qgis.log >&2; exit 1; }
	$(ENGINE) sample $(DEMO)/scene.tif --truth $(DEMO)/truth.tif --polygons $(DEMO)/truth.gpkg
	@$(call detect,detectpatches,patches)
	@$(call detect,segmentlandslides,segmentation)
	@$(call detect,detectanomalies,anomaly)
	@$(OFFSCREEN) $(QGIS_PYTHON) tests/demo/draw_map.py $(DEMO)

# $(call detect,ALGORITHM,DETECTOR): run one detector on the sample scene, as a user of qgis_process would.
define detect
	echo "landslides:$(1) on $(DEMO)/scene.tif"; \
	$(QGIS_PROCESS) run landslides:$(1) --INPUT=$(DEMO)/scene.tif --PROBABILITY=$(DEMO)/$(2)_probability.tif \
	    --MASK=$(DEMO)/$(2)_mask.tif --POLYGONS=$(DEMO)/$(2)_polygons.gpkg >$(DEMO)/$(2).log 2>&1 \
	    || { cat $(DEMO)/$(2).log >&2; exit 1; }
endef

test:  ## Run all tests (the first time installs torch, 5 GB, and QGIS)
	@failed=; for suite in engine processing ui; do $(MAKE) test-$$suite || failed="$$failed $$suite"; done; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed" >&2; exit 1; fi

test-engine: .venv/full.stamp
	.venv/bin/pytest tests/engine

test-processing: .venv/full.stamp .venv-qgis/stamp qgis linguist $(PLUGINS)/landslide_detector
	$(OFFSCREEN) .venv-qgis/bin/pytest tests/processing

test-ui: .venv/full.stamp .venv-qgis/stamp qgis $(PLUGINS)/landslide_detector
	$(WINDOW) --ignore=tests/ui/tour tests/ui

tour: .venv/full.stamp .venv-qgis/stamp qgis $(PLUGINS)/landslide_detector  ## Go through the whole plugin in a real window, from a profile without engine; renews the tutorial's pictures
	LANDSLIDES_ENGINE= $(WINDOW) tests/ui/tour

benchmark: .venv/full.stamp  ## Measure this machine's speed against a plain ONNX Runtime loop: build/benchmark.json
	@mkdir -p $(BUILD)
	$(ENGINE) benchmark --json $(BUILD)/benchmark.json

lint: .venv/full.stamp  ## Check style and types (of what stands on torch too: installs it)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

i18n: linguist  ## Collect the texts to translate and compile the translations
	$(QGIS_PYTHON) tests/i18n/update.py ja

package:  ## Pack what is committed for the QGIS plugin site: build/landslide_detector.zip
	@mkdir -p $(dir $(PACKAGE))
	@git diff --quiet HEAD || echo "Warning: what is not committed is not in the package" >&2
	git archive --format=zip --prefix=landslide_detector/ --output=$(PACKAGE) HEAD
	@echo "$(PACKAGE): $$(wc -c <$(PACKAGE)) bytes"

clean:  ## Remove all that make has made
	rm -rf $(BUILD) .venv .venv-qgis *.egg-info .mypy_cache .pytest_cache .ruff_cache

# Two sizes of one environment, one on top of the other; a change of pyproject.toml brings both up to date.
.venv/light.stamp: pyproject.toml | python
	@echo "Installing the light engine into .venv: about 640 MB"
	@[ -x .venv/bin/python ] || $(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --editable .
	@touch $@

.venv/full.stamp: .venv/light.stamp
	@echo "Installing torch and what training needs: about 5 GB"
	.venv/bin/pip install --quiet --editable ".[torch,dev]"
	@touch $@

# The tests that need QGIS run in the Python QGIS was built for.
.venv-qgis/stamp: | qgis
	$(QGIS_PYTHON) -m venv --system-site-packages .venv-qgis
	.venv-qgis/bin/pip install --quiet pytest pytest-qgis
	@touch $@

$(PLUGINS)/landslide_detector:
	@mkdir -p $(PLUGINS) && ln -sfn $(CURDIR) $@

python:
	@if ! $(PYTHON) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then \
	    $(call apt,python3 python3-venv,Python 3.10 or later with venv); \
	    $(PYTHON) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' \
	        || { echo "$(PYTHON) is older than 3.10; name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }; \
	fi

qgis:
	@if ! { { command -v qgis_process.bin || command -v qgis_process; } && command -v xvfb-run && command -v xauth \
	        && $(QGIS_PYTHON) -c 'import ensurepip, qgis, osgeo.gdal_array'; } >/dev/null 2>&1; then \
	    $(call apt,qgis python3-qgis python3-gdal python3-venv xvfb xauth fonts-dejavu-core,QGIS 3.22 or later); \
	fi

# Qt's compiler of translations.
linguist:
	@if ! { command -v lrelease || command -v lrelease-qt5 || command -v lrelease6; } >/dev/null; then \
	    $(call apt,qttools5-dev-tools,lrelease of Qt's linguist tools); \
	fi
