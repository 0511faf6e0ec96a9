#!/usr/bin/env bash
# Puts the shards of veRL's newest checkpoint together: merged/ is a Hugging Face folder.
set -euo pipefail
cd "$(dirname "$0")"
step="$(cat checkpoints/latest_checkpointed_iteration.txt)"
python3 -m verl.model_merger merge --backend fsdp \
  --local_dir "checkpoints/global_step_${step}/actor" --target_dir merged
