// The golden numbers of a folder: golden.json and golden.safetensors, written by reference/python/make_golden.py.
import { join } from 'node:path';
import * as v from 'valibot';
import type { FileSource } from '../../formats/huggingface/fileSource';
import { parseSafetensors, type SafetensorsFile } from '../../formats/safetensors/safetensors';
import { tensorValues } from '../../formats/safetensors/safetensorsValues';
import { SoliloquyError } from '../../lib/errors';
import type { Architecture } from '../../model/architecture';
import { grpoConfigSchema } from '../../trainer/grpo/grpoConfig';

/** A folder whose golden numbers cannot be used. */
export class GoldenError extends SoliloquyError {
  readonly code = 'bad_golden';
}

const REMEDY = 'Make the folder again with reference/python/make_golden.py (mini_batches: make_mini_batches.py).';

/** Members of a group in every golden folder. */
export const GROUP_SIZE = 4;

const numbers = v.array(v.number());

const goldenSchema = v.object({
  loss: v.number(),
  greedy: v.object({ prompt: v.pipe(numbers, v.minLength(1)), continuation: numbers }),
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
          settings: v.looseObject(v.partial(grpoConfigSchema).entries),
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

/** What transformers and TRL computed from a folder's model. */
export interface Golden {
  readonly numbers: GoldenNumbers;
  readonly tensors: GoldenTensors;
  /** TRL settings that this program does not have, by their place in golden.json. */
  readonly ignoredSettings: readonly string[];
}

export class GoldenTensors {
  constructor(
    private readonly file: SafetensorsFile,
    private readonly fileName = 'golden.safetensors',
  ) {}

  /** Throws GoldenError where there is none of that name, or not of that shape. */
  get(name: string, shape?: readonly number[]): { shape: readonly number[]; data: number[] } {
    const raw = this.file.tensors.get(name);
    if (!raw) throw new GoldenError(`${this.fileName} has no tensor '${name}'.`, REMEDY);
    if (shape && raw.shape.join() !== shape.join()) {
      throw new GoldenError(
        `${this.fileName}: '${name}' has shape [${raw.shape}], but [${shape}] is needed beside its other tensors.`,
        REMEDY,
      );
    }
    return { shape: raw.shape, data: Array.from(tensorValues(raw, name, this.fileName), Number) };
  }

  /** The rows of a matrix. Throws GoldenError where there is none of that name. */
  rows(name: string): number[][] {
    const { shape, data } = this.get(name);
    const [height, width] = shape;
    if (shape.length !== 2 || !height || !width) {
      throw new GoldenError(`${this.fileName}: '${name}' has shape [${shape}], but a matrix is needed.`, REMEDY);
    }
    return Array.from({ length: height }, (_, row) => data.slice(row * width, (row + 1) * width));
  }

  names(prefix: string): string[] {
    return [...this.file.tensors.keys()].filter((name) => name.startsWith(prefix));
  }
}

/**
 * The golden numbers beside a model of this architecture. Throws GoldenError or SafetensorsError, naming the file and what is
 * wrong with it.
 */
export async function readGolden(source: FileSource, architecture: Architecture): Promise<Golden> {
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
  const numbers = parseGolden(goldenSchema, 'golden.json', new TextDecoder().decode(json));
  checkFit(numbers, tensors, architecture);
  return { numbers, tensors, ignoredSettings: ignoredSettings(numbers) };
}

/** Throws GoldenError naming the file and what of it is not as the schema has it. */
export function parseGolden<T extends v.GenericSchema>(schema: T, fileName: string, text: string): v.InferOutput<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new GoldenError(`${fileName} is not JSON (${cause instanceof Error ? cause.message : cause}).`, REMEDY, {
      cause,
    });
  }
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue) ?? 'the whole';
  const found = issue.received === 'undefined' ? 'missing' : `${issue.received}, but ${issue.expected} is needed`;
  throw new GoldenError(`${fileName}: ${place} is ${found}.`, REMEDY);
}

/** Throws GoldenError unless the shapes fit together and every token is one of the model's. */
function checkFit({ greedy, adamw, grpo }: GoldenNumbers, tensors: GoldenTensors, { vocabulary }: Architecture): void {
  const checkTokens = (place: string, tokens: readonly number[]) => {
    const bad = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabulary);
    if (bad === undefined) return;
    throw new GoldenError(`${place} has the token ${bad}, but the model has ${vocabulary} tokens.`, REMEDY);
  };
  const checkTokenRows = (name: string) => {
    const rows = tensors.rows(name);
    checkTokens(`golden.safetensors: '${name}'`, rows.flat());
    return [rows.length, rows[0]?.length ?? 0] as const;
  };
  checkTokens('golden.json: greedy', [...greedy.prompt, ...greedy.continuation]);
  if (adamw.losses.length !== adamw.grad_norms.length) {
    const found = `${adamw.losses.length} losses and ${adamw.grad_norms.length} grad_norms`;
    throw new GoldenError(`golden.json: adamw has ${found}, but as many of both are needed.`, REMEDY);
  }
  tensors.get('logits', [...checkTokenRows('input_ids'), vocabulary]);
  if (!grpo) return;
  const [members] = checkTokenRows('grpo.prompt_ids');
  if (members % GROUP_SIZE !== 0) {
    throw new GoldenError(
      `golden.safetensors: 'grpo.prompt_ids' has ${members} rows, but groups of ${GROUP_SIZE} are needed.`,
      REMEDY,
    );
  }
  const [, length] = checkTokenRows('grpo.completion_ids');
  for (const name of ['completion_ids', 'completion_mask', 'logps', 'entropies', 'old_logps', 'ref_logps']) {
    tensors.get(`grpo.${name}`, [members, length]);
  }
  for (const name of ['rewards', 'advantages']) tensors.get(`grpo.${name}`, [members]);
}

function ignoredSettings({ grpo }: GoldenNumbers): string[] {
  return Object.entries(grpo?.variants ?? {}).flatMap(([name, { settings }]) =>
    Object.keys(settings)
      .filter((setting) => !Object.hasOwn(grpoConfigSchema.entries, setting))
      .map((setting) => `grpo.variants.${name}.settings.${setting}`),
  );
}
