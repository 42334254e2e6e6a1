#!/usr/bin/env bash
# Fails when a test exists that nothing runs, or that cannot say what is right.
# A test that is not run is worse than none: it is believed.
set -euo pipefail
shopt -s nullglob

cd "$(dirname "${BASH_SOURCE[0]}")/.."
faults=0 seen=0
fault() {
  printf '%s\n' "$*"
  faults=$((faults + 1))
}

scheduled=$(make -s list-tests)
is_scheduled() {
  seen=$((seen + 1))
  grep -qxF -- "$1" <<<"$scheduled" || fault "$1: is not run by make installcheck"
}

for file in sql/*.sql; do
  name=$(basename "$file" .sql)
  is_scheduled "$file"
  [[ -f expected/$name.out ]] || fault "$file: has no expected/$name.out"
done
for file in expected/*.out; do
  name=$(basename "$file" .out)
  # NAME_1.out is PostgreSQL's way of a second right answer.
  [[ -f sql/$name.sql || -f sql/${name%_[0-9]}.sql ]] || fault "$file: has no sql/$name.sql"
done

for file in test/isolation/specs/*.spec; do
  name=$(basename "$file" .spec)
  is_scheduled "$file"
  [[ -f test/isolation/expected/$name.out ]] ||
    fault "$file: has no test/isolation/expected/$name.out"
done
for file in test/isolation/expected/*.out; do
  name=$(basename "$file" .out)
  [[ -f test/isolation/specs/$name.spec || -f test/isolation/specs/${name%_[0-9]}.spec ]] ||
    fault "$file: has no test/isolation/specs/$name.spec"
done

for file in test/t/*.pl; do
  is_scheduled "$file"
  grep -qE 'done_testing|tests *=>' "$file" || fault "$file: neither plans its tests nor ends with done_testing"
done
for file in test/t/*; do
  case $file in *.pl | *.pm) ;; *) fault "$file: is neither a test (.pl) nor a module (.pm)" ;; esac
done

# CMake takes every file of test/unit; what is elsewhere would be forgotten.
for file in test/unit/*/*.cpp; do
  fault "$file: unit tests stand in test/unit itself"
done
for file in test/unit/*.cpp; do
  seen=$((seen + 1))
  case $file in test/unit/main.cpp | *_fixture.cpp) continue ;; esac
  grep -qE 'TEST_CASE|TEST_SUITE' "$file" || fault "$file: has no TEST_CASE"
done

printf 'scheduled: %d tests, %d faults\n' "$seen" "$faults"
[[ $faults -eq 0 ]]
