# GNU make and a POSIX shell. Go is all that must be installed.

.DEFAULT_GOAL := help
SHELL := /bin/sh
GO ?= go
# More words for the pulumi CLI: make up ARGS='--diff --stack dev'
ARGS ?=
# How long all tests of tests/engine together may take.
ENGINE_TIMEOUT := 60m

# A user without a home directory, as in a bare container, still needs a place for Go's caches.
ifeq ($(strip $(HOME)$(GOCACHE)$(XDG_CACHE_HOME)),)
export GOCACHE := $(CURDIR)/.pulumi-local/cache/build
endif
ifeq ($(strip $(HOME)$(GOPATH)$(GOMODCACHE)),)
export GOMODCACHE := $(CURDIR)/.pulumi-local/cache/modules
# A module cache is read-only by default, and `make clean` could not delete it.
export GOFLAGS := $(GOFLAGS) -modcacherw
endif
ifeq ($(strip $(HOME)$(XDG_CACHE_HOME)$(STATICCHECK_CACHE)),)
export STATICCHECK_CACHE := $(CURDIR)/.pulumi-local/cache/staticcheck
endif

local := $(GO) run ./cmd/pulumi-local
staticcheck := .pulumi-local/bin/staticcheck
actionlint := .pulumi-local/bin/actionlint

.PHONY: help up cost preview refresh down pulumi test-alert test test-long lint docs controls report pictures browser bench release fmt ci clean

help: ## show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

up: ## deploy main.go to the simulated account (builds what is missing)
	@$(local) up --yes $(ARGS)
	@echo
	@echo 'Where to look next:'
	@echo '  make report                              all of it on one page'
	@echo '  make pulumi ARGS="stack output checklist"  what only a person can do'
	@echo '  make test-alert                          does an alert arrive?'
	@echo '  make down                                remove it again'

preview: ## show what make up would change
	@$(local) preview $(ARGS)

refresh: ## compare the state with the simulated account
	@$(local) refresh --yes $(ARGS)

down: ## remove the stack; says what is kept and how to really remove it
	@$(local) down --yes $(ARGS)

cost: ## what the settings as they are will cost a month
	@$(local) cost $(ARGS)

# Why a preview failed stands in its output, and the report says it.
report: ## write .pulumi-local/report.html: what stands where, controls, cost, alerts, what is left to people
	@mkdir -p .pulumi-local
	@$(local) preview --json --show-sames $(ARGS) >.pulumi-local/preview.json || true
	@$(GO) run ./cmd/report <.pulumi-local/preview.json >.pulumi-local/report.html.new
	@mv .pulumi-local/report.html.new .pulumi-local/report.html
	@echo 'The report is in .pulumi-local/report.html; open it in a browser.'

pulumi: ## any pulumi command: make pulumi ARGS='stack output'
	@$(local) $(ARGS)

test-alert: ## send a marked sample through every alert channel of the deployed stack
	@$(local) stack output --json | $(GO) run ./cmd/test-alert $(ARGS)

test: ## vet and test everything
	$(GO) vet ./...
	$(GO) test -timeout 30m ./...
	@for module in tests/sql tests/billreport tests/digestreport tests/browser; do \
	  (cd $$module && echo "in $$module" && $(GO) vet ./... && $(GO) test ./...) || exit 1; \
	done
	@cd tests/engine && echo 'in tests/engine' && $(GO) vet ./... && $(GO) test -count=1 -timeout $(ENGINE_TIMEOUT) ./...

test-long: export ENGINE_LONG := 1
test-long: ENGINE_TIMEOUT := 24h
test-long: test ## make test with many random settings and every row, some minutes more

lint: $(staticcheck) $(actionlint) ## gofmt, go vet, staticcheck, actionlint
	@unformatted=$$(find . -name '*.go' -not -path './.*' -exec gofmt -l {} +) && \
	if [ -n "$$unformatted" ]; then echo 'not gofmt-ed; run make fmt:'; echo "$$unformatted"; exit 1; fi
	@for module in . tests/sql tests/billreport tests/digestreport tests/browser tests/engine; do \
	  (cd $$module && echo "in $$module: go vet, staticcheck" && $(GO) vet ./... && $(CURDIR)/$(staticcheck) ./...) || exit 1; \
	done

	$(actionlint) -shellcheck= -pyflakes= docs/github-actions/*.yml

$(staticcheck): tools/go.mod tools/go.sum
	@mkdir -p $(@D)
	@echo 'building staticcheck (once only; up to a minute)'
	@$(GO) build -C tools -o $(CURDIR)/$@ honnef.co/go/tools/cmd/staticcheck
	@touch $@

$(actionlint): tools/actionlint/go.mod tools/actionlint/go.sum
	@mkdir -p $(@D)
	@$(GO) build -C tools/actionlint -o $(CURDIR)/$@ github.com/rhysd/actionlint/cmd/actionlint
	@touch $@

docs: controls ## write what the documents take from the code: settings, arguments, prices, policies, controls
	$(GO) generate ./components/settings ./internal/argdocs
	$(GO) test ./components/estimate -run ThePage -update -count=1
	UPDATE_COSTS=1 $(GO) test . -run TestTheProfilesCostWhatThePageSays -count=1
	$(GO) test . -run TestPoliciesPage -update -count=1
	UPDATE_READMES=1 $(GO) test ./tests -run TestReadmesCostWhatThePageSays -count=1

fmt: ## format the Go code
	@find . -name '*.go' -not -path './.*' -exec gofmt -w {} +

controls: ## write docs/controls.md and .json: what is met, found, left to people, not covered
	UPDATE_CONTROLS=1 $(GO) test . -run TestControlsPageIsUpToDate -count=1

pictures: ## draw docs/architecture.svg and docs/alert-path.svg from what the program declares
	UPDATE_PICTURES=1 $(GO) test . -run TestPicturesAreUpToDate -count=1

browser: ## look at the report in headless Chromium; installs Debian's where there is none
	@tests/browser/install || true
	cd tests/browser && $(GO) test -count=1 -v ./... | grep -v '^=== '

bench: ## measure scale, speed and cold builds, write docs/scale.md; PART=scale or PART=build for one of them
	cd tests/engine && ENGINE_BENCH=$(or $(PART),all) $(GO) test -count=1 -timeout 4h -run '^TestBench$$' -v .

release: ## VERSION=v1.2.3: check the changelog, measure, record its states, tag
	@.ci/release '$(VERSION)'

ci: ## everything that continuous integration runs
	@.ci/run

clean: ## delete the simulated account, the built tools and the program
	rm -rf .pulumi-local
