// The model card: README.md of a model's folder, in the form of the Hugging Face hub.
import type { ModelConfig } from '../model/config';
import { countParameters } from '../model/tensorNames';
import type { GenerationSettings } from './generationConfig';

export interface CardFacts {
  readonly name: string;
  /** What the model is, in a sentence or two. */
  readonly summary: string;
  readonly config: ModelConfig;
  /** Name of the task it was trained on: a tag, by which the page knows what to ask it. */
  readonly task: string;
  /** Name of the model it was trained from, if any. */
  readonly baseModel?: string;
  /** The command that makes it again. */
  readonly command: string;
  /** How the answers that were measured were drawn: what generation_config.json says. */
  readonly generation: GenerationSettings;
  /** What was measured, e.g. `accuracy` → `0.41`. */
  readonly results: readonly (readonly [name: string, value: string])[];
  /** What decided the weights. */
  readonly settings: unknown;
  readonly device: string;
  readonly seconds: number;
}

const thousands = (count: number) => count.toLocaleString('en');

/** How answers were drawn, after the word “answers”. */
export function drawnText({ temperature, topP, topK, maxNewTokens }: GenerationSettings): string {
  const how = [
    temperature === 0 ? 'of the likeliest tokens' : `sampled at temperature ${temperature}`,
    ...(topP < 1 ? [`top-p ${topP}`] : []),
    ...(topK > 0 ? [`top-k ${topK}`] : []),
  ];
  return `${how.join(', ')} and cut after ${maxNewTokens} tokens`;
}

/** The card as Markdown. */
export function modelCard(facts: CardFacts): string {
  const { config } = facts;
  const { total, active } = countParameters(config);
  return `---
license: apache-2.0
library_name: transformers
pipeline_tag: text-generation
language:
- en
- zh
tags:
- soliloquy
- deepseek_v3
- reasoning
- ${facts.task}
${facts.baseModel ? `base_model: ${facts.baseModel}\n` : ''}---

# ${facts.name}

${facts.summary}

A \`deepseek_v3\` of ${thousands(total)} parameters (${thousands(active)} for one token): ${config.num_hidden_layers} layers of width ${config.hidden_size},
${config.num_attention_heads} heads of multi-head latent attention, ${config.n_routed_experts} experts of which ${config.num_experts_per_tok} are chosen, ${config.n_shared_experts} shared,
${config.vocab_size} tokens, at most ${config.max_position_embeddings} at once.

It answers in the form \`question <think> … </think><answer> … </answer>\`. It knows nothing but its task, and it is often wrong.

## Results

| | |
|---|---|
${facts.results.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}

Measured on held-out problems that no training sees, answers ${drawnText(facts.generation)}, as generation_config.json has it.

## How it was made

\`\`\`sh
${facts.command}
\`\`\`

${facts.settings === undefined ? '' : `\`\`\`json\n${JSON.stringify(facts.settings, null, 2)}\n\`\`\`\n\n`}On ${facts.device}, in ${(facts.seconds / 60).toFixed(1)} minutes. The same seed on the same device gives the same weights, bit for bit.

## How to use it

\`\`\`python
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder)
prompt = tokenizer.apply_chat_template([{"role": "user", "content": "9-8+3-7=?"}], return_tensors="pt", return_dict=True)
print(tokenizer.decode(model.generate(**prompt)[0]))
\`\`\`
`;
}
