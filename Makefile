# PGXS build of the extension: make, make install, make installcheck.
#
# This is the build that packagers run; unit tests, fuzzers and sanitizers live in
# CMakeLists.txt.  Both read the one list of sources, src/sources.txt.
#
#   WERROR=1        warnings are errors (also when CI is set)
#   PG_CONFIG=…     which PostgreSQL to build for
#   FUNDB_FAULTS=1  for tests only: settings that let chosen steps fail
#   FUNDB_SANITIZE=address,undefined
#   FUNDB_LTO=no    link in a second instead of 16, rules run some percent slower
#   FUNDB_PREFIX=…  where scripts/setup unpacked V8, unless /opt/fundb
#
# Building outside of the source tree works as well:
#   make -C BUILD_DIR -f /path/to/fundb/Makefile

fundb_dir := $(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))

EXTENSION = fundb
MODULE_big = fundb

# The version stands in one place.
FUNDB_VERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" $(fundb_dir)/fundb.control)
ifeq ($(FUNDB_VERSION),)
$(error fundb.control has no default_version)
endif

fundb_list := $(file < $(fundb_dir)/src/sources.txt)
fundb_missing := $(filter-out $(patsubst $(fundb_dir)/%,%,$(wildcard $(addprefix $(fundb_dir)/,$(fundb_list)))),$(fundb_list))
ifneq ($(fundb_missing),)
$(error src/sources.txt names files that do not exist: $(fundb_missing))
endif
fundb_cpp := $(filter %.cpp,$(fundb_list))
fundb_js := $(filter %.js,$(fundb_list))
ifneq ($(filter-out $(fundb_cpp) $(fundb_js),$(fundb_list)),)
$(error src/sources.txt may name .cpp and .js files only: $(filter-out $(fundb_cpp) $(fundb_js),$(fundb_list)))
endif
fundb_js_cpp = $(fundb_js:%.js=.deps/%.cpp)
OBJS = $(fundb_cpp:.cpp=.o) $(fundb_js_cpp:.cpp=.o)

# sql/install/fundb.sql is the whole current schema; it is installed under its version.
# Released schemas (fundb--X.sql) and update scripts (fundb--X--Y.sql) already bear their names;
# the former are kept so that updates from them can be tested.
DATA = $(patsubst $(fundb_dir)/%,%,$(filter-out %/fundb--$(FUNDB_VERSION).sql,$(wildcard $(fundb_dir)/sql/install/fundb--*.sql)))
DATA_built = fundb--$(FUNDB_VERSION).sql

# Every test file is run: a list kept by hand would forget some.
REGRESS = $(sort $(notdir $(basename $(wildcard $(fundb_dir)/sql/*.sql))))
REGRESS_OPTS = --load-extension=fundb --encoding=UTF8
ISOLATION = $(sort $(notdir $(basename $(wildcard $(fundb_dir)/test/isolation/specs/*.spec))))
ISOLATION_OPTS = --inputdir=$(fundb_dir)/test/isolation --load-extension=fundb --encoding=UTF8
ifneq ($(wildcard $(fundb_dir)/test/t/*.pl),)
TAP_TESTS = 1
PROVE_TESTS = test/t/*.pl
endif

EXTRA_CLEAN = $(DATA_built) $(fundb_cpp:.cpp=.d) .deps output_iso

# What needs no compiler needs no V8 either.
fundb_compiles := $(filter-out clean distclean maintainer-clean installcheck uninstall list-tests,$(or $(MAKECMDGOALS),all))
ifneq ($(fundb_compiles),)
fundb_v8 := $(shell $(fundb_dir)/scripts/find-v8)
ifeq ($(fundb_v8),)
$(error V8 was not found, see above)
endif
v8 = $(patsubst $(1)=%,%,$(filter $(1)=%,$(fundb_v8)))
endif

# -fno-rtti: libnode exports no typeinfo for V8's classes, with it the library would not load.
# -Wno-register: PostgreSQL 15's headers use the word.
# -isystem for headers of others: their warnings are not ours.
PG_CPPFLAGS = -I$(fundb_dir)/src -isystem $(call v8,include_dir) -DFUNDB_VERSION='"$(FUNDB_VERSION)"'
PG_CXXFLAGS = -std=c++17 -fno-rtti -fvisibility=hidden -fvisibility-inlines-hidden \
	-Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-register
ifneq ($(WERROR)$(CI),)
PG_CXXFLAGS += -Werror
endif
SHLIB_LINK = -L$(call v8,lib_dir) -l:libnode.so.108 -lstdc++ -lpthread
ifneq ($(call v8,rpath),)
SHLIB_LINK += -Wl,-rpath,$(call v8,rpath)
endif

# Lets chosen steps fail (src/pg/faults.h).  Our own allocations only: V8 cannot bear it, so nothing of
# ours may take the place of the C++ library's for it.
ifneq ($(FUNDB_FAULTS),)
PG_CPPFLAGS += -DFUNDB_FAULTS -D_GLIBCXX_EXTERN_TEMPLATE=0
SHLIB_LINK += -Wl,--wrap=_Znwm,--wrap=_Znam,--version-script=$(fundb_dir)/test/faults.map
endif

# The server must then have the sanitizers' libraries from the start: see the suite "sanitized" of
# scripts/test.
ifneq ($(FUNDB_SANITIZE),)
PG_CXXFLAGS += -fsanitize=$(FUNDB_SANITIZE) -fno-sanitize=vptr -fno-omit-frame-pointer -fno-sanitize-recover=all
# With the sanitizers' code in between the compiler sees uninitialized values where none are.
PG_CXXFLAGS += -Wno-maybe-uninitialized
# Compiles much faster.
PG_CXXFLAGS += -O1
SHLIB_LINK += -fsanitize=$(FUNDB_SANITIZE)
endif

# Debian's own path first: /usr/bin/pg_config may be another version's.
PG_CONFIG ?= $(firstword $(wildcard /usr/lib/postgresql/15/bin/pg_config) pg_config)
PGXS := $(shell $(PG_CONFIG) --pgxs)
ifeq ($(wildcard $(PGXS)),)
$(error no server headers of PostgreSQL 15; run scripts/setup --deps-only to install them)
endif
# No bitcode: code that calls V8 is nothing to inline into queries.
override with_llvm = no
include $(PGXS)

ifneq ($(MAJORVERSION),15)
$(error PostgreSQL 15 is needed, $(PG_CONFIG) is of version $(MAJORVERSION))
endif

# The rules below name the source tree themselves.  With VPATH, objects of a build in the
# source tree would be taken for those of a build elsewhere.
override VPATH :=
vpath %.control $(fundb_dir)

# For each row a rule runs through a dozen small functions of ours in as many files, and calls V8 a
# hundred times: these are inlined across files, and V8 is called without a detour.  Only where GCC
# compiles and, in the same version, links: others cannot read what it makes.  Nor could the linker
# put other allocators into such a build.
FUNDB_LTO ?= yes
fundb_compilers := $(sort $(shell $(CC) -dumpfullversion 2>&1) $(shell $(CXX) -dumpfullversion 2>&1))
ifeq ($(FUNDB_LTO)$(FUNDB_FAULTS)$(FUNDB_SANITIZE)$(findstring clang,$(CC)$(CXX))$(words $(fundb_compilers)),yes1)
override CXXFLAGS += -flto=auto -fno-plt
SHLIB_LINK += -flto=auto
endif

# The server's headers as system headers; PGXS names them with -I, which then yields.
override CPPFLAGS := -isystem $(includedir_server) -isystem $(includedir_internal) $(CPPFLAGS)

ifneq ($(shell command -v ccache),)
fundb_ccache = ccache
endif

fundb_compile = $(fundb_ccache) $(CXX) $(CXXFLAGS) $(CPPFLAGS) -MMD -MP -MF $*.d -MT $@

$(fundb_cpp:.cpp=.o): %.o: $(fundb_dir)/%.cpp .deps/flags
	@mkdir -p $(@D)
	$(fundb_compile) -c -o $@ $<

# JavaScript of our own goes into the library as a string constant.
$(fundb_js_cpp): .deps/%.cpp: $(fundb_dir)/%.js $(fundb_dir)/scripts/embed-js
	@mkdir -p $(@D)
	$(fundb_dir)/scripts/embed-js $(fundb_dir) $*.js > $@.new
	mv $@.new $@

$(fundb_js_cpp:.cpp=.o): %.o: %.cpp .deps/flags
	$(fundb_compile) -c -o $@ $<

# Other flags, another V8 or another compiler make all objects stale; the file changes
# only when they do.
.deps/flags: fundb-always
	@mkdir -p $(@D)
	@printf '%s\n' "$$($(CXX) --version | head -n 1)" '$(subst ','\'',$(CXXFLAGS) $(CPPFLAGS)) $(fundb_v8)' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
.PHONY: fundb-always

# A library linked from another set of objects is stale, too.
fundb.so: .deps/objects
.deps/objects: fundb-always
	@mkdir -p $(@D)
	@printf '%s\n' '$(OBJS) $(subst ','\'',$(SHLIB_LINK))' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# A module may leave symbols for the server to provide, so the linker lets all pass, ours too;
# what no source of ours defines would be found only when a server loads the library.
all: .deps/symbols
.deps/symbols: fundb.so
	@if nm -DC --undefined-only fundb.so | grep 'fundb::'; then \
		echo 'fundb.so needs the above, and no file of src/sources.txt defines it' >&2; exit 1; \
	fi
	@touch $@

fundb--$(FUNDB_VERSION).sql: $(fundb_dir)/sql/install/fundb.sql
	cp $< $@

# What installcheck runs, for scripts/check_tests_scheduled.sh.
.PHONY: list-tests
list-tests:
	@printf '%s\n' $(REGRESS:%=sql/%.sql) $(ISOLATION:%=test/isolation/specs/%.spec) \
		$(if $(TAP_TESTS),$(patsubst $(fundb_dir)/%,%,$(wildcard $(fundb_dir)/$(PROVE_TESTS))))

-include $(OBJS:.o=.d)
