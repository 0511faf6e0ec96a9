// The options of on-policy distillation. Where GRPO has an option of the same meaning, it has the same name.
import * as v from 'valibot';
import { samplingEntries } from '../evaluation/samplingSettings';
import { grpoConfigSchema } from '../grpo/grpoConfig';
import { optimizerEntries } from '../optimizer/optimizerSettings';

const { entries } = grpoConfigSchema;

export const distillationConfigSchema = v.object({
  num_prompts: entries.num_prompts,
  /** Completions that the student samples for each question. */
  num_generations: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)), 4),
  /** The temperature is of the student's sampling, and of both distributions in the loss. */
  ...samplingEntries(),
  ...optimizerEntries({
    learning_rate: 1e-3,
    lr_scheduler_type: 'linear',
    adam_beta2: 0.999,
    weight_decay: 0,
  }),
  max_steps: entries.max_steps,
  seed: entries.seed,
});

export type DistillationConfig = v.InferOutput<typeof distillationConfigSchema>;
