#!/usr/bin/env bash
# A pipe of ordinary programs: rows of JSON in, the same rows with clean text out. Needs zstd and jq.
set -euo pipefail
cd "$(dirname "$0")/articles"
textclean="${TEXTCLEAN:-textclean}"

raw() { for file in *.txt; do jq -Rsc --arg id "$file" '{id: $id, text: ., raw: .}' "$file"; done; }

raw | zstd | zstd -d | $textclean pipe | jq -r '"\(.id): \(.raw | length) -> \(.text | length) characters"'
