#!/usr/bin/env bash
# A pipe of ordinary programs: rows of JSON in, the same rows with clean text out. Needs zstd and jq.
set -euo pipefail
cd "$(dirname "$0")/articles"
textclean="${TEXTCLEAN:-textclean}"

# --rawfile and not --slurp: jq 1.6 cuts characters in two where its buffer ends.
raw() { for file in *.txt; do jq -nc --arg id "$file" --rawfile text "$file" '{$id, $text, raw: $text}'; done; }

raw | zstd | zstd -d | $textclean pipe | jq -r '"\(.id): \(.raw | length) -> \(.text | length) characters"'
