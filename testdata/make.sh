#!/bin/bash
# Makes again what is made here: the documents, the tokenizer trained on them, the teachers, and all sums.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export LC_ALL=C.UTF-8
python3 make_documents.py
python3 train_tokenizer.py documents tokenizers/bytes-8k/tokenizer.json
python3 make_teachers.py teachers
find documents teachers tokenizers -type f | LC_ALL=C sort | xargs -d '\n' sha256sum > SHA256SUMS
