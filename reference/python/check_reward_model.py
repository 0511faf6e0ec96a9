"""Loads a reward model's folder in transformers, as whoever downloads it would, and holds its grades against the engine's.

    GRADER_OUT=/tmp/grader npx vitest run --project cpu src/trainer/preference/graderFiles.device.test.ts
    python reference/python/check_reward_model.py /tmp/grader

Prints the largest difference, and exits 1 where it is above 1e-4.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification

folder = Path(sys.argv[1])
model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
worst = 0.0
with torch.no_grad():
    for line in (folder / "grades.jsonl").read_text().splitlines():
        case = json.loads(line)
        grade = model(input_ids=torch.tensor([case["tokens"]])).logits.item()
        worst = max(worst, abs(grade - case["grade"]))
        print(f"{grade:.6f} {case['grade']:.6f}")
print(f"{type(model).__name__}: the largest difference is {worst:.1e}")
sys.exit(0 if worst <= 1e-4 else 1)
