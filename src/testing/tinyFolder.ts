// A folder with a tiny untrained model, which can talk.
import * as v from 'valibot';
import { initialFolder, pretrainRecipeSchema } from '../trainer/texts/pretrain';

const MODEL = {
  hidden_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  moe_intermediate_size: 8,
  kv_lora_rank: 8,
};

export function tinyFolder(): ReturnType<typeof initialFolder> {
  const recipe = v.parse(pretrainRecipeSchema, {
    name: 'tiny',
    seed: 3,
    preset: 'nano',
    model: MODEL,
    task: 'chained_sums',
    steps: 1,
    tokens_per_step: 64,
    learning_rate: 1e-3,
  });
  return initialFolder(recipe);
}
