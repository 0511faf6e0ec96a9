// The options of on-policy distillation. Where GRPO has an option of the same meaning, it has the same name.
import * as v from 'valibot';
import { grpoConfigSchema } from './grpoConfig';

const { entries } = grpoConfigSchema;

export const distillationConfigSchema = v.object({
  num_prompts: entries.num_prompts,
  /** Completions that the student samples for each question. */
  num_generations: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)), 4),
  max_completion_length: entries.max_completion_length,
  /** Of the student's sampling, and of both distributions in the loss. */
  temperature: entries.temperature,
  learning_rate: v.optional(entries.learning_rate.wrapped, 1e-3),
  lr_scheduler_type: entries.lr_scheduler_type,
  warmup_steps: entries.warmup_steps,
  adam_beta1: entries.adam_beta1,
  adam_beta2: entries.adam_beta2,
  adam_epsilon: entries.adam_epsilon,
  weight_decay: entries.weight_decay,
  max_grad_norm: entries.max_grad_norm,
  max_steps: entries.max_steps,
  seed: entries.seed,
});

export type DistillationConfig = v.InferOutput<typeof distillationConfigSchema>;
