# Probity. One makefile, no recursion. `make help` lists what it can do.
BUILD  ?= build
PREFIX ?= /usr/local
BINDIR      ?= $(PREFIX)/bin
SBINDIR     ?= $(PREFIX)/sbin
LIBDIR      ?= $(PREFIX)/lib
INCLUDEDIR  ?= $(PREFIX)/include
MANDIR      ?= $(PREFIX)/share/man
SYSCONFDIR  ?= /etc
UNITDIR     ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
CC     ?= gcc
V      ?= 0
Q      := $(if $(filter 1,$(V)),,@)

VERSION := $(shell sed -n 's/.*PB_VERSION "\(.*\)"/\1/p' plugin/base/version.h)
PKGS    := libclamav yara lua5.4 jansson inih libarchive libpsl libmaxminddb libcrypto libseccomp sqlite3 \
           expat yaml-0.1 libedit libpcre2-8 libsodium zlib liblzma libzstd liblz4 librnp
# Debian's packages: the one list. What each is for: plugin/README.md.
DEPS_BUILD := build-essential pkg-config libclamav-dev libyara-dev liblua5.4-dev libjansson-dev libinih-dev \
              libarchive-dev libpsl-dev libmaxminddb-dev libssl-dev libseccomp-dev libsqlite3-dev libexpat1-dev libyaml-dev libedit-dev \
              libpcre2-dev libsodium-dev libcrypt-dev zlib1g-dev liblzma-dev libzstd-dev liblz4-dev librnp-dev libcurl4-openssl-dev
DEPS_RUN   := clamav publicsuffix
DEPS_TEST  := libcmocka-dev clang clamav-testfiles python3 python3-jsonschema zip p7zip-full rpm zstd lz4 lzma lzip ncompress \
              binutils cpio npm yara cmark-gfm librsvg2-bin python3-prometheus-client python3-yaml chromium poppler-utils fonts-dejavu-core \
              clamav-daemon clamdscan strace sqlite3 groff-base systemd mandoc minisign squashfs-tools gnupg openssl osslsigncode nginx-light
DEPS_DEB   := debhelper lintian git
DEPS_LINT  := clang-tidy clang-format cppcheck lua-check
DEPS_BENCH := linux-perf
DEPS       := $(DEPS_BUILD) $(DEPS_RUN) $(DEPS_TEST)

WARN   := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Wundef \
          -Wpointer-arith -Wwrite-strings
OPT    ?= -O2 -g
# -ffile-prefix-map: no build path in the binary, so that two builds of one tree are equal.
CFLAGS_ALL  = -std=c11 -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 $(OPT) -fvisibility=hidden -fstack-protector-strong -fPIE \
              -ffile-prefix-map=$(CURDIR)=. -DPROBITY_DATADIR='"$(PREFIX)/share/probity"' -DPROBITY_LIBDIR='"$(LIBDIR)/probity"' -Iplugin -I. \
              $(shell pkg-config --cflags $(PKGS)) $(WARN) $(SAN) $(CFLAGS)
LDFLAGS_ALL = -pie -Wl,-z,relro,-z,now $(SAN) $(LDFLAGS)
LIBS        = $(shell pkg-config --libs $(PKGS)) -lcrypt -lpthread -lm

MAINS := plugin/cli/main.c plugin/cli/probityd.c plugin/cli/collector.c
HOOKS := $(wildcard plugin/clamav/hook*.c)
SRC   := $(filter-out $(MAINS) $(HOOKS),$(wildcard plugin/*/*.c bindings/*.c))
OBJ   := $(SRC:%.c=$(BUILD)/%.o)
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))

.PHONY: all help deps docs lists geo corpus seeds seeds-dossiers demo test units asan bench lint format install uninstall deb clean fuzz
.DELETE_ON_ERROR:
.SECONDARY: # object files of tests stay, so that the next build is quick

all: $(BUILD)/probity $(BUILD)/probityd $(BUILD)/probity-collect $(BUILD)/probity.so $(BUILD)/libprobity.so.0 ## build build/probity, build/probityd and the libraries for hosts

help: ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install Debian's packages that building and testing need (root, or sudo)
	$(Q)tests/deps.sh $(DEPS)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC    $<")
	$(Q)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/libprobity.a: $(OBJ)
	$(if $(Q),@echo "  AR    $@")
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/probity: $(BUILD)/plugin/cli/main.o $(BUILD)/libprobity.a
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/probityd: $(BUILD)/plugin/cli/probityd.o $(BUILD)/libprobity.a
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

# The one program with a network, and the only one that loads libcurl.
$(BUILD)/probity-collect: $(BUILD)/plugin/cli/collector.o $(BUILD)/libprobity.a
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) $(LDFLAGS_ALL) -Wl,--as-needed -o $@ $^ $(LIBS) -lcurl

# What is loaded into ClamAV hosts: C library only, nothing visible but what it interposes.
HOOK_SRC  := $(filter-out plugin/clamav/hook_embed.c,$(HOOKS)) plugin/wire/ring.c
EMBED_SRC := $(filter-out plugin/clamav/hook_preload_%,$(HOOKS)) plugin/wire/ring.c
HOOK_FLAGS = $(filter-out -fPIE,$(CFLAGS_ALL)) -fPIC
$(BUILD)/hook/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC    $< (hook)")
	$(Q)$(CC) $(HOOK_FLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/probity.so: $(HOOK_SRC:%.c=$(BUILD)/hook/%.o) plugin/clamav/hook.map
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) -shared -Wl,-z,relro,-z,now,-z,defs,-z,nodelete -Wl,--version-script=plugin/clamav/hook.map -Wl,-soname,probity.so $(SAN) $(LDFLAGS) -o $@ $(filter %.o,$^)

$(BUILD)/libprobity.so.0: $(EMBED_SRC:%.c=$(BUILD)/hook/%.o) plugin/clamav/embed.map
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) -shared -Wl,-z,relro,-z,now,-z,defs,-z,nodelete -Wl,--version-script=plugin/clamav/embed.map -Wl,-soname,libprobity.so.0 $(SAN) $(LDFLAGS) -o $@ $(filter %.o,$^)

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(BUILD)/libprobity.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) -lcmocka

$(BUILD)/tests/test_binding_types: LDFLAGS_ALL += -Wl,--wrap=pb_no_field # it asks handles for their names
$(BUILD)/tests/test_facts_code: LDFLAGS_ALL += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc # memory runs out, each time elsewhere

demo: ## install what is missing, build, score two real products
	$(Q)tests/deps.sh $(DEPS_BUILD) $(DEPS_RUN)
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/demo.sh $(BUILD)/probity

# Fuzzers are the files tests/fuzz/fuzz_*.c. In build/replay: built as everything else, and run over their corpus by make test.
FUZZ    := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
$(BUILD)/replay/%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(BUILD)/libprobity.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/fuzzers/%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/libprobity.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $^ $(LIBS)

units: $(UNITS) $(FUZZ:%=$(BUILD)/replay/%) all # what the tests run

test: ## build what the tests need and run them all
	$(Q)tests/deps.sh $(DEPS)
	$(Q)$(MAKE) --no-print-directory units
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/clang CC=clang # reports must not depend on the compiler
	$(Q)tests/run.sh $(BUILD)

ASAN := BUILD=$(BUILD)/asan SAN="-fsanitize=address,undefined -fno-sanitize-recover=all -U_FORTIFY_SOURCE" OPT="-O1 -g -Wno-format-truncation" # its ranges are blind under sanitizers
asan: ## all tests and clamav-testfiles under address and undefined-behaviour sanitizers
	$(Q)tests/deps.sh $(DEPS)
	$(Q)$(MAKE) --no-print-directory $(ASAN) units
	$(Q)ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1 \
	  LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0 PROBITY_ASAN=1 tests/run.sh $(BUILD)/asan

SECONDS ?= 10
TARGETS ?= $(FUZZ)
FUZZING := BUILD=$(BUILD)/fuzz CC=clang SAN="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -U_FORTIFY_SOURCE" OPT="-O1 -g"
fuzz: ## fuzz what reads bytes, SECONDS=10 each, TARGETS="json xml" only those; finds are left in build/fuzz/found
	$(Q)tests/deps.sh $(DEPS)
	$(Q)$(MAKE) --no-print-directory $(FUZZING) $(TARGETS:%=$(BUILD)/fuzz/fuzzers/%)
	$(Q)tests/fuzz/fuzz.sh $(BUILD)/fuzz $(SECONDS) $(TARGETS)

docs: all ## write bindings/README.md and FACTS.md from the comments and types of the bindings, scripts/CATALOGUE.md from the checks
	$(Q)tests/binding_docs.py
	$(Q)tests/fact_docs.py
	$(Q)tests/catalogue_docs.py $(BUILD)/probity

lists: ## write rulesets/lists/trackers.tsv anew from the pinned npm package third-party-web
	$(Q)tests/make_lists.py

geo: ## fetch the table of the countries of addresses from npm into rulesets/geo
	$(Q)tests/make_geo.py

CORPUS ?= $(BUILD)/test-cache/corpus
corpus: all ## fetch the products of tests/corpus.lock (never installed, never run) and print what the checks find in them against what is known
	$(Q)tests/corpus.sh $(CORPUS)
	$(Q)tests/corpus_matrix.py $(BUILD)/probity $(CORPUS)

seeds: all ## plant findings in small clean products of the corpus, and print what share of them each check finds; CHECKS="..." only those
	$(Q)tests/corpus.sh $(CORPUS)
	$(Q)rm -rf $(BUILD)/seeds && tests/seeds/measure.py $(WRITE:%=--write) $(BUILD)/probity $(CORPUS) $(BUILD)/seeds $(CHECKS)

seeds-dossiers: all ## the same of the checks of dossiers: honest papers, and each with one thing in it that is not true
	$(Q)tests/corpus.sh $(CORPUS)
	$(Q)rm -rf $(BUILD)/seeds-dossiers && tests/seeds/measure_dossiers.py $(WRITE:%=--write) $(BUILD)/probity $(CORPUS) $(BUILD)/seeds-dossiers $(CHECKS)

bench: all ## time the command line and the plugin against clamscan, clamd and yara
	$(Q)tests/deps.sh $(DEPS) $(DEPS_BENCH)
	$(Q)tests/bench.sh $(BUILD)/probity

lint: ## clang-tidy, cppcheck, luacheck, the include laws
	$(Q)tests/deps.sh $(DEPS_BUILD) $(DEPS_LINT)
	$(Q)tests/arrows.sh
	$(Q)cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 -Iplugin -I. --library=tests/cppcheck.cfg \
	  --enable=warning,performance,portability \
	  --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches plugin bindings
	$(Q)printf '%s\n' $(SRC) plugin/cli/main.c | xargs -P 2 -I{} clang-tidy --quiet --warnings-as-errors='*' {} -- $(CFLAGS_ALL) 2>/dev/null
	$(Q)luacheck --quiet scripts

format: ## clang-format over C sources
	$(Q)clang-format -i $(wildcard plugin/*/*.[ch] bindings/*.[ch] tests/unit/*.[ch])

SHARE := $(DESTDIR)$(PREFIX)/share/probity
PACK  := plugin/packaging
MADE  := $(addprefix $(BUILD)/,probity probityd probity-collect probity.so libprobity.so.0)
install: $(MADE) ## install below DESTDIR and PREFIX (/usr/local)
	$(Q)install -D -m 755 $(BUILD)/probity $(DESTDIR)$(BINDIR)/probity
	$(Q)install -D -m 755 $(BUILD)/probityd $(DESTDIR)$(SBINDIR)/probityd
	$(Q)install -D -m 755 $(BUILD)/probity-collect $(DESTDIR)$(LIBDIR)/probity/probity-collect
	$(Q)install -D -m 644 $(BUILD)/probity.so $(DESTDIR)$(LIBDIR)/probity/probity.so
	$(Q)install -D -m 644 $(BUILD)/libprobity.so.0 $(DESTDIR)$(LIBDIR)/libprobity.so.0
	$(Q)ln -sf libprobity.so.0 $(DESTDIR)$(LIBDIR)/libprobity.so
	$(Q)install -D -m 644 plugin/probity.h $(DESTDIR)$(INCLUDEDIR)/probity.h
	$(Q)install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(UNITDIR)
	$(Q)sed -e 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|^libdir=.*|libdir=$(LIBDIR)|; s|^includedir=.*|includedir=$(INCLUDEDIR)|' \
	  plugin/clamav/probity.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/probity.pc
	$(Q)for f in $$(find scripts rulesets -type f | LC_ALL=C sort); do install -D -m 644 "$$f" "$(SHARE)/$$f"; done
	$(Q)for f in bindings/types/*.lua; do install -D -m 644 $$f $(SHARE)/$$f; done
	$(Q)install -D -m 644 plugin/report/probity-report-1.schema.json $(SHARE)/probity-report-1.schema.json
	$(Q)install -D -m 644 plugin/evidence/probity-statement-1.schema.json $(SHARE)/probity-statement-1.schema.json
	$(Q)install -D -m 644 $(PACK)/apparmor/clamd $(SHARE)/apparmor/clamd
	$(Q)for f in $(PACK)/systemd/*; do sed 's|/usr/sbin/probityd|$(SBINDIR)/probityd|' $$f >$(DESTDIR)$(UNITDIR)/$${f##*/}; done
	$(Q)install -D -m 644 $(PACK)/sysusers/probity.conf $(DESTDIR)$(SYSUSERSDIR)/probity.conf
	$(Q)test -e $(DESTDIR)$(SYSCONFDIR)/probity/probity.conf || \
	  install -D -m 644 $(PACK)/probity.conf $(DESTDIR)$(SYSCONFDIR)/probity/probity.conf
	$(Q)for n in 1 5 8; do for f in $(PACK)/man/*.$$n; do install -D -m 644 $$f $(DESTDIR)$(MANDIR)/man$$n/$${f##*/}; done; done
	$(Q)install -D -m 644 $(PACK)/completion/probity $(DESTDIR)$(PREFIX)/share/bash-completion/completions/probity
	$(Q)install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/probity/LICENSE

uninstall: ## remove what install put there; a changed configuration and all reports stay
	$(Q)test -n "$(DESTDIR)" || test "$$(id -u)" != 0 || ! test -x $(BINDIR)/probity || $(BINDIR)/probity disable clamd </dev/null || true
	$(Q)! cmp -s $(PACK)/probity.conf $(DESTDIR)$(SYSCONFDIR)/probity/probity.conf || rm -f $(DESTDIR)$(SYSCONFDIR)/probity/probity.conf
	$(Q)rm -rf $(SHARE) $(DESTDIR)$(PREFIX)/share/doc/probity $(DESTDIR)$(LIBDIR)/probity
	$(Q)rm -f $(DESTDIR)$(BINDIR)/probity $(DESTDIR)$(SBINDIR)/probityd $(DESTDIR)$(LIBDIR)/libprobity.so $(DESTDIR)$(LIBDIR)/libprobity.so.0 \
	  $(DESTDIR)$(INCLUDEDIR)/probity.h $(DESTDIR)$(LIBDIR)/pkgconfig/probity.pc $(DESTDIR)$(UNITDIR)/probityd.socket \
	  $(DESTDIR)$(UNITDIR)/probityd.service $(DESTDIR)$(SYSUSERSDIR)/probity.conf $(DESTDIR)$(MANDIR)/man1/probity.1 \
	  $(DESTDIR)$(MANDIR)/man5/probity.conf.5 $(DESTDIR)$(MANDIR)/man8/probityd.8 $(DESTDIR)$(PREFIX)/share/bash-completion/completions/probity


DEB := $(BUILD)/deb/probity-$(VERSION)
deb: ## build Debian packages in build/deb, and lint them
	$(Q)tests/deps.sh $(DEPS_BUILD) $(DEPS_DEB)
	$(Q)rm -rf $(BUILD)/deb && mkdir -p $(DEB)
	$(Q)git ls-files -z -co --exclude-standard | while IFS= read -r -d '' f; do test ! -e "$$f" || printf '%s\0' "$$f"; done | \
	  tar --null -T - -cf - | tar -xf - -C $(DEB)
	$(Q)cp -r $(PACK)/debian $(DEB)/debian
	$(Q)cd $(DEB) && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS dpkg-buildpackage -us -uc -b
	$(Q)lintian --fail-on error --info $(BUILD)/deb/*.changes
	$(Q)ls $(BUILD)/deb/*.deb

clean: ## remove the build folder
	$(Q)rm -rf $(BUILD)

SHELL := /bin/bash
-include $(OBJ:.o=.d) $(HOOKS:%.c=$(BUILD)/hook/%.d) $(UNITS:$(BUILD)/tests/%=$(BUILD)/tests/unit/%.d) $(FUZZ:%=$(BUILD)/tests/fuzz/fuzz_%.d) $(BUILD)/plugin/cli/main.d

# --- programs that break on demand (tests/faults.c), for tests/cli/budgets.sh and chaos.sh; nothing of it is in the others
FAULTS := $(foreach f,pb_scanner_run pb_facts_of pb_pattern_find pb_out_object pb_wire_send pb_document_read,-Wl,--wrap=$f)
$(BUILD)/faults/%: $(BUILD)/plugin/cli/%.o $(BUILD)/tests/faults.o $(BUILD)/libprobity.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) $(LDFLAGS_ALL) $(FAULTS) -o $@ $^ $(LIBS)
$(BUILD)/faults/probity: $(BUILD)/faults/main
	$(Q)cp -p $< $@
units: $(BUILD)/faults/probity $(BUILD)/faults/probityd

# --- what the readers of evidence make of files, for tests/cli/evidence_generators.sh
$(BUILD)/document: $(BUILD)/tests/document.o $(BUILD)/libprobity.a
	$(if $(Q),@echo "  LD    $@")
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)
units: $(BUILD)/document
