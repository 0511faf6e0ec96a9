"""Renders the chat templates that TRL ships with transformers' own Jinja, for src/testing/fixtures/chatTemplates.json.

Only a few are kept as a fixture: those whose prompts open a thought, and one of each way of writing.
"""

import json
import sys
from pathlib import Path

import trl
from transformers.utils.chat_template_utils import _compile_jinja_template

KEPT = ["deepseek_r1_distill", "deepseekv3", "gemma3", "llama3", "phi3", "qwen2_5", "qwen3", "qwen3_5_think", "lfm2"]
CONVERSATIONS = {
    "question": [{"role": "user", "content": "9-8+3-7=?"}],
    "turns": [
        {"role": "system", "content": "You're it."},
        {"role": "user", "content": "a\n b"},
        {"role": "assistant", "content": "<think>\nx\n</think>\n\ny"},
        {"role": "user", "content": " c "},
    ],
}


def main(out: str) -> None:
    folder = Path(trl.__file__).parent / "chat_templates"
    fixture = {}
    for name in KEPT:
        template = (folder / f"{name}.jinja").read_text()
        render = _compile_jinja_template(template).render
        names = {"bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": True}
        prompts = {key: render(messages=messages, **names) for key, messages in CONVERSATIONS.items()}
        fixture[name] = {"template": template, "prompts": prompts}
    Path(out).write_text(json.dumps({"conversations": CONVERSATIONS, "templates": fixture}, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
