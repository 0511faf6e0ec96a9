// Whole generations as TRL trained on them: mini_batches.json and mini_batches.safetensors, written into a golden folder by
// reference/python/make_mini_batches.py.
import * as v from 'valibot';
import type { FileSource } from '../../formats/huggingface/fileSource';
import { parseSafetensors } from '../../formats/safetensors/safetensors';
import { grpoConfigSchema } from '../../trainer/grpo/grpoConfig';
import { GoldenTensors, parseGolden } from './golden';

const numbers = v.array(v.number());

const schema = v.object({
  adamw: v.object({
    lr: v.number(),
    betas: v.tuple([v.number(), v.number()]),
    eps: v.number(),
    weight_decay: v.number(),
    clip_grad_norm: v.number(),
    lr_scheduler_type: grpoConfigSchema.entries.lr_scheduler_type,
  }),
  max_completion_length: v.number(),
  cases: v.record(
    v.string(),
    v.object({
      settings: v.looseObject(v.partial(grpoConfigSchema).entries),
      /** Rollouts that are masked whole. */
      masked: numbers,
      /** Rollouts of each mini-batch, as TRL drew them. */
      order: v.array(numbers),
      steps: v.array(
        v.object({
          loss: v.number(),
          grad_norm: v.number(),
          learning_rate: v.number(),
          metrics: v.record(v.string(), v.number()),
        }),
      ),
    }),
  ),
});

export interface GoldenMiniBatches {
  readonly numbers: v.InferOutput<typeof schema>;
  /** By case and tensor: the weights after its last step. */
  readonly weights: GoldenTensors;
}

export type GoldenGeneration = GoldenMiniBatches['numbers']['cases'][string];

/** Undefined where the folder has none. Throws GoldenError or SafetensorsError. */
export async function readMiniBatches(source: FileSource): Promise<GoldenMiniBatches | undefined> {
  const [json, bytes] = [await source.read('mini_batches.json'), await source.read('mini_batches.safetensors')];
  if (!json || !bytes) return undefined;
  const weights = new GoldenTensors(parseSafetensors(bytes, 'mini_batches.safetensors'), 'mini_batches.safetensors');
  return { numbers: parseGolden(schema, 'mini_batches.json', new TextDecoder().decode(json)), weights };
}
