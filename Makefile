# ZooLab's verbs. ‘make help’ lists them.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run test crash fuzz soak sanitize conformance build setup python format lint bench clean

SWIFT_BUILD := swift build -c release --explicit-target-dependency-import-check error
ZOOLAB := .build/release/zoolab
ARGS ?=
CRASH_ROUNDS ?= 100
SECONDS ?= 60
TARGET ?=
NIGHTS ?=
NIGHT ?=

# Tests of real processes and sockets run one at a time, after the others: what they wait for is real time.
REAL := ^(EventLoop|HTTPService|CoordinationServer|CoordinationClient|FaultProxy|LocalEnsemble|Loads|ZooLabKit|Recipes|Shell|Grading)Tests\.|^CommandsTests\.(BenchServer|.*Terminal)Tests

help: ## list these verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the system packages that are missing
	@scripts/setup

python: setup
	@scripts/python-environment

build: setup ## build zoolab in release mode
	@scripts/quietly "Building ZooLab (a few minutes the first time)" $(SWIFT_BUILD)

run: build ## set up, build and open the first lesson; make run ARGS='--lang zh'
	@$(ZOOLAB) learn two-phase-commit $(ARGS)

test: python ## set up, build and run every test
	@scripts/quietly "Building ZooLab and its tests (a few minutes the first time)" $(SWIFT_BUILD) --build-tests
	@scripts/leaving-nothing swift test -c release --skip-build --skip '$(REAL)'
	@scripts/leaving-nothing swift test -c release --skip-build --no-parallel --filter '$(REAL)'

crash: python ## kill the server under load, and look for every acknowledged write (CRASH_ROUNDS=100)
	@scripts/quietly "Building ZooLab and its tests (a few minutes the first time)" $(SWIFT_BUILD) --build-tests
	@CRASH_ROUNDS=$(CRASH_ROUNDS) swift test -c release --skip-build --filter CoordinationServerTests.CrashTests

fuzz: setup ## look for bytes that break a reader or a server (SECONDS=60 for each target; TARGET=log for one)
	@Fuzz/run $(SECONDS) $(TARGET)

soak: python ## simulate fresh nights of ensembles (SECONDS=60, or NIGHTS=10000); one night again: NIGHT='…'
	@scripts/quietly "Building ZooLab and its tests (a few minutes the first time)" $(SWIFT_BUILD) --build-tests
	@scripts/soak '$(SECONDS)' '$(NIGHTS)' '$(NIGHT)'

# Without the grading of whole programs, pure searches, and the test of a disk that refuses; scripts/sanitize says why.
sanitize: python ## run the tests with the address sanitizer, then with the thread sanitizer (ARGS=thread for one)
	@scripts/sanitize '$(REAL)' $(ARGS)

conformance: build ## real clients (kazoo, C, Java shell), Apache's data, mixed ensembles, partitions; one part: ARGS=shell
	@conformance/run $(ARGS)

format: ## format all Swift code in place
	@swift format --in-place --parallel --recursive Package.swift Sources Tests Exercises Fuzz

lint: setup ## check format, imports, sizes, translations, the table of features
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests Exercises Fuzz
	@scripts/lint

bench: build ## measure; figures go to docs/performance.md by hand
	@$(ZOOLAB) bench $(ARGS)

clean: ## remove everything that was built
	rm -rf .build .venv zoolab-out
