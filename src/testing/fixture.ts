// The checkpoints and golden numbers in fixtures/: see the README there for what each key means.
import { readFileSync } from 'node:fs';
import { parseSafetensors } from '../formats/safetensors/safetensors';
import { tensorValues } from '../formats/safetensors/safetensorsValues';
import type { ModelConfig } from '../model/config';
import { parseConfigJson } from '../model/configJson';

export const FIXTURES = ['deepseek_v3', 'deepseek_v3_qlora_yarn'] as const;
export type FixtureName = (typeof FIXTURES)[number];

/** One GRPO variant: TRL's settings and what TRL computed with them. */
export interface GoldenVariant {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly loss: number;
  readonly grad_norm: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface GoldenJson {
  readonly loss: number;
  readonly greedy: { readonly prompt: number[]; readonly continuation: number[] };
  readonly adamw: {
    readonly lr: number;
    readonly betas: readonly [number, number];
    readonly eps: number;
    readonly weight_decay: number;
    readonly clip_grad_norm: number;
    readonly losses: number[];
    readonly grad_norms: number[];
  };
  readonly grpo: { readonly max_completion_length: number; readonly variants: Readonly<Record<string, GoldenVariant>> };
}

export interface Fixture {
  readonly config: ModelConfig;
  /** Weights by Hugging Face name. */
  readonly weights: ReadonlyMap<string, Float64Array>;
  readonly golden: GoldenJson;
  /** Names of the tensors in golden.safetensors. */
  readonly tensorNames: readonly string[];
  /** One of them; throws when there is none of that name. */
  tensor(name: string): Float64Array;
}

function readTensors(url: URL): Map<string, Float64Array> {
  const { tensors } = parseSafetensors(readFileSync(url), url.pathname);
  return new Map(Array.from(tensors, ([name, raw]) => [name, Float64Array.from(tensorValues(raw, name), Number)]));
}

/** Reads one of the fixture folders. */
export function loadFixture(name: FixtureName): Fixture {
  return readFixture(new URL(`./fixtures/${name}/`, import.meta.url));
}

/** Reads any folder of that form; `folder` ends with a slash. */
export function readFixture(folder: URL): Fixture {
  const file = (fileName: string) => new URL(fileName, folder);
  const goldenTensors = readTensors(file('golden.safetensors'));
  return {
    config: parseConfigJson(JSON.parse(readFileSync(file('config.json'), 'utf8'))),
    weights: readTensors(file('model.safetensors')),
    golden: JSON.parse(readFileSync(file('golden.json'), 'utf8')),
    tensorNames: [...goldenTensors.keys()],
    tensor(name) {
      const found = goldenTensors.get(name);
      if (found === undefined) throw new Error(`${folder.pathname} has no golden tensor ${name}`);
      return found;
    },
  };
}
