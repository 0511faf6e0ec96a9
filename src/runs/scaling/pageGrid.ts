// A grid that a page trains while its reader waits: three sizes by three lengths on short sums.
import { parseScalingRecipe, type ScalingRecipe } from './scalingRecipe';

const HEADS = { qk_nope_head_dim: 8, qk_rope_head_dim: 4, v_head_dim: 8 };

const size = (width: number, heads: number) => ({
  name: `w${width}`,
  model: {
    ...HEADS,
    hidden_size: width,
    num_hidden_layers: 2,
    first_k_dense_replace: 2,
    intermediate_size: 3 * width,
    num_attention_heads: heads,
    kv_lora_rank: 16,
  },
});

export const pageGrid = (seed: number): ScalingRecipe =>
  parseScalingRecipe({
    name: 'page',
    summary: 'Three sizes by three lengths.',
    seed,
    task: 'chained_sums',
    difficulty: { min_terms: 2, max_terms: 4, max_number: 9 },
    corpus: { think_share: 0.6, wrong_share: 0.5 },
    preset: 'nano',
    sizes: [size(8, 1), size(16, 2), size(32, 4)],
    tokens: [8192, 24_576, 73_728],
    evaluation: { texts: 128 },
    training: { tokens_per_step: 512, learning_rate: 0.006, warmup_steps: 4, bias_speed: 0 },
  });
