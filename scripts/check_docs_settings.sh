#!/usr/bin/env bash
# Fails when a setting is not documented, or a documented one does not exist: compares the
# names fundb.… defined in src/extension/settings.cpp with those in docs/settings.md.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
defined_in=src/extension/settings.cpp
documented_in=docs/settings.md
for file in "$defined_in" "$documented_in"; do
  [[ -f $file ]] || {
    printf '%s: does not exist\n' "$file"
    exit 1
  }
done

# A setting is defined as a string "fundb.name".
defined=$(grep -oE '"fundb\.[a-z_]+"' "$defined_in" | tr -d '"' | sort -u)
# It is documented under a heading or in the first column of a table, as `fundb.name`.
# shellcheck disable=SC2016
documented=$(grep -E '^(#|\|)' "$documented_in" | sed -E 's/^(\|[^|]*\|).*/\1/' |
  grep -oE '`fundb\.[a-z_]+`' | tr -d '`' | sort -u || true)

faults=0
while read -r name; do
  [[ -n $name ]] || continue
  printf '%s: %s is not documented in %s (in a heading or the first column of a table)\n' \
    "$defined_in" "$name" "$documented_in"
  faults=$((faults + 1))
done < <(comm -23 <(printf '%s\n' "$defined") <(printf '%s\n' "$documented"))
while read -r name; do
  [[ -n $name ]] || continue
  printf '%s: %s does not exist\n' "$documented_in" "$name"
  faults=$((faults + 1))
done < <(comm -13 <(printf '%s\n' "$defined") <(printf '%s\n' "$documented"))

printf 'settings: %d defined, %d faults\n' "$(grep -c . <<<"$defined" || true)" "$faults"
[[ $faults -eq 0 ]]
