// The golden numbers of a folder: golden.json and golden.safetensors, written by reference/python/make_golden.py.
import { join } from 'node:path';
import * as v from 'valibot';
import type { FileSource } from '../../checkpoint/folder';
import { parseSafetensors, type SafetensorsFile } from '../../checkpoint/safetensors';
import { tensorValues } from '../../checkpoint/safetensorsValues';
import { SoliloquyError } from '../../lib/errors';
import { grpoConfigSchema } from '../../trainer/grpoConfig';

/** A folder whose golden numbers cannot be used. */
export class GoldenError extends SoliloquyError {}

const numbers = v.array(v.number());

const goldenSchema = v.object({
  loss: v.number(),
  greedy: v.object({ prompt: numbers, continuation: numbers }),
  adamw: v.object({
    lr: v.number(),
    betas: v.tuple([v.number(), v.number()]),
    eps: v.number(),
    weight_decay: v.number(),
    clip_grad_norm: v.number(),
    losses: numbers,
    grad_norms: numbers,
  }),
  grpo: v.optional(
    v.object({
      max_completion_length: v.number(),
      variants: v.record(
        v.string(),
        v.object({
          settings: v.partial(grpoConfigSchema),
          loss: v.number(),
          grad_norm: v.number(),
          metrics: v.record(v.string(), v.number()),
        }),
      ),
    }),
  ),
});

export type GoldenNumbers = v.InferOutput<typeof goldenSchema>;
export type GoldenGrpo = NonNullable<GoldenNumbers['grpo']>;

export class GoldenTensors {
  constructor(private readonly file: SafetensorsFile) {}

  /** Throws GoldenError where there is none of that name. */
  get(name: string): { shape: readonly number[]; data: number[] } {
    const raw = this.file.tensors.get(name);
    if (!raw) {
      throw new GoldenError(
        `golden.safetensors has no tensor '${name}'.`,
        'Make the folder again with reference/python/make_golden.py.',
      );
    }
    return { shape: raw.shape, data: Array.from(tensorValues(raw, name), Number) };
  }

  /** The rows of a matrix. */
  rows(name: string): number[][] {
    const { shape, data } = this.get(name);
    const width = shape[1] as number;
    return Array.from({ length: shape[0] as number }, (_, row) => data.slice(row * width, (row + 1) * width));
  }

  names(prefix: string): string[] {
    return [...this.file.tensors.keys()].filter((name) => name.startsWith(prefix));
  }
}

/** Throws GoldenError or SafetensorsError, naming the file and what is wrong with it. */
export async function readGolden(source: FileSource): Promise<{ numbers: GoldenNumbers; tensors: GoldenTensors }> {
  const read = async (name: string) => {
    const bytes = await source.read(name);
    if (bytes) return bytes;
    throw new GoldenError(
      `There is no ${join(source.name, name)}.`,
      'Give a folder with config.json, model.safetensors, golden.json and golden.safetensors.',
    );
  };
  const [json, bytes] = [await read('golden.json'), await read('golden.safetensors')];
  const tensors = new GoldenTensors(parseSafetensors(bytes, 'golden.safetensors'));
  return { numbers: parseNumbers(new TextDecoder().decode(json)), tensors };
}

function parseNumbers(text: string): GoldenNumbers {
  const remedy = 'Make the folder again with reference/python/make_golden.py.';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new GoldenError('golden.json is not JSON.', remedy, { cause });
  }
  const parsed = v.safeParse(goldenSchema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new GoldenError(`golden.json: ${v.getDotPath(issue) ?? 'the whole'} is ${issue.received}.`, remedy);
}
