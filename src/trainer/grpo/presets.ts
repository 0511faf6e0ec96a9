// Published GRPO recipes as options, scaled to a model of 0.4 M parameters on the chained sums.
// What makes a recipe what it is stays as published. Sizes and learning rates are re-tuned: the papers train models of
// billions of parameters at 1e-6 with groups of 16 and thousands of tokens.
import { DEFAULT_GENERATION } from '../../formats/huggingface/generationConfig';
import { SoliloquyError } from '../../lib/errors';
import type { GrpoOptions } from './grpoConfig';

export interface Preset {
  readonly name: string;
  /** What it changes, in one sentence. */
  readonly summary: string;
  readonly options: GrpoOptions;
}

/** Asked for a preset by a name that none has. */
export class UnknownPresetError extends SoliloquyError {
  readonly code = 'unknown_preset';
}

// Measured on the starter's task (docs/experiments.md): 16 × 8 at a constant 1e-4 with answers of at most 64 tokens levels
// off at 0.84, three answers in a hundred cut; twice the rate, let down evenly to 0, and room for 96 tokens go further.
const SCALE = {
  num_prompts: 16,
  num_generations: 8,
  max_completion_length: DEFAULT_GENERATION.maxNewTokens,
  max_steps: 150,
  learning_rate: 2e-4,
  lr_scheduler_type: 'linear',
  temperature: 1.0,
} satisfies GrpoOptions;

const PRESETS: readonly Preset[] = [
  {
    name: 'R1-Zero',
    summary:
      'Only rules reward a base model, and a light pull keeps it near a copy of itself that is renewed at times.',
    options: {
      ...SCALE,
      loss_type: 'grpo', // DeepSeekMath (2402.03300): mean over tokens, then over completions
      beta: 0.001, // R1 (2501.12948): "the KL coefficient to 0.001"
      epsilon: 0.2, // R1-Zero states none: TRL's default. Of no effect with one update a generation.
      sync_ref_model: true, // R1: the reference becomes the newest policy …
      ref_model_mixup_alpha: 1.0,
      ref_model_sync_steps: 50, // … every 400 of 10,400 steps there; three times in 150 here
      reward_weights: { accuracy: 1.0, format: 0.1 }, // R1 weighs them equally; 0.1 as measured above
    },
  },
  {
    name: 'R1 stage 2',
    summary: 'As R1-Zero, with a wide clip and a reward for thinking in one language.',
    options: {
      ...SCALE,
      loss_type: 'grpo',
      beta: 0.001, // R1: as R1-Zero
      epsilon: 10, // R1, first RL stage: "the GRPO clip ratio ε to 10"
      sync_ref_model: true,
      ref_model_mixup_alpha: 1.0,
      ref_model_sync_steps: 50,
      // R1 adds the language share in full. Here it would outweigh accuracy, whose gains come in the same steps.
      reward_weights: { accuracy: 1.0, format: 0.1, language_consistency_en: 0.2 },
    },
  },
  {
    name: 'DAPO',
    summary: 'Every token counts the same, the clip is wider upwards, and groups that teach nothing are drawn again.',
    options: {
      ...SCALE,
      loss_type: 'dapo', // DAPO (2503.14476), 3.3: token-level loss
      beta: 0, // 2.3: no KL term
      epsilon: 0.2, // 4.1
      epsilon_high: 0.28, // 4.1, clip-higher
      steps_per_generation: 2, // 4.1 has 16; fewer here, since a step moves a small model further
      warmup_steps: 10, // 4.1: constant after 20 rollout steps of warm-up, of several thousand
      filter_groups: true, // 3.2: dynamic sampling
      filter_groups_max_num_gen_batches: 4, // enough to fill a batch while a quarter of the groups differ
      mask_truncated_completions: true, // 3.4: overlong filtering
      reward_weights: { accuracy: 1.0, soft_overlong: 1.0 }, // 3.4 and 4.1: from four fifths of the length on
    },
  },
  {
    name: 'Dr. GRPO',
    summary: 'No division by the spread of a group or by length, so long wrong answers are not spared.',
    options: {
      ...SCALE,
      loss_type: 'dr_grpo', // Dr. GRPO (2503.20783), 3.2: divided by a constant length
      scale_rewards: 'none', // 3.2: advantage is reward less mean
      beta: 0, // its code's setting
      epsilon: 0.2, // its code's setting
    },
  },
  {
    name: 'GSPO',
    summary: 'The probability ratio is taken and clipped once for a whole answer instead of for each token.',
    options: {
      ...SCALE,
      loss_type: 'grpo',
      importance_sampling_level: 'sequence', // GSPO (2507.18071), 4.1
      beta: 0, // its authors' runs have no KL term
      // 5.1 has 3e-4 and 4e-4 at learning rates near 1e-6. A hundredfold rate moves the ratio a hundredfold.
      epsilon: 3e-2,
      epsilon_high: 4e-2,
      steps_per_generation: 4, // 5.1: four mini-batches; with one the ratio is always 1
    },
  },
  {
    name: 'CISPO',
    summary: 'Caps how much a token counts but drops none from learning.',
    options: {
      ...SCALE,
      loss_type: 'cispo', // MiniMax-M1 (2506.13585)
      epsilon_high: 5.0, // ScaleRL (2510.13786)
      scale_rewards: 'batch', // ScaleRL
      beta: 0,
      steps_per_generation: 2, // off-policy enough for the cap to matter
    },
  },
];

export function allPresets(): readonly Preset[] {
  return PRESETS;
}

export function findPreset(name: string): Preset | undefined {
  return PRESETS.find((preset) => preset.name === name);
}

/** Throws UnknownPresetError, listing the presets there are. */
export function getPreset(name: string): Preset {
  const preset = findPreset(name);
  if (preset) return preset;
  throw new UnknownPresetError(
    `There is no preset named ${JSON.stringify(name)}.`,
    `Use one of: ${PRESETS.map((known) => known.name).join(', ')}.`,
  );
}
