// The checkpoints and golden numbers in fixtures/: see the README there for what each key means.
import { readFileSync } from 'node:fs';
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
  /** A tensor of golden.safetensors; throws when there is none of that name. */
  tensor(name: string): Float64Array;
}

/** F32 and I64 tensors of a safetensors file, as numbers. */
function readTensors(url: URL): Map<string, Float64Array> {
  const bytes = readFileSync(url);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header: Record<string, { dtype: string; data_offsets: [number, number] }> = JSON.parse(
    bytes.toString('utf8', 8, 8 + headerLength),
  );
  const tensors = new Map<string, Float64Array>();
  for (const [name, { dtype, data_offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const data = bytes.subarray(8 + headerLength + data_offsets[0], 8 + headerLength + data_offsets[1]);
    if (dtype !== 'F32' && dtype !== 'I64') throw new Error(`${name} is ${dtype}; fixtures hold F32 and I64`);
    const size = dtype === 'F32' ? 4 : 8;
    const read = (i: number) => (dtype === 'F32' ? data.readFloatLE(i * size) : Number(data.readBigInt64LE(i * size)));
    tensors.set(
      name,
      Float64Array.from({ length: data.length / size }, (_, i) => read(i)),
    );
  }
  return tensors;
}

/** Reads a fixture folder. */
export function loadFixture(name: FixtureName): Fixture {
  const file = (fileName: string) => new URL(`./fixtures/${name}/${fileName}`, import.meta.url);
  const goldenTensors = readTensors(file('golden.safetensors'));
  return {
    config: parseConfigJson(JSON.parse(readFileSync(file('config.json'), 'utf8'))),
    weights: readTensors(file('model.safetensors')),
    golden: JSON.parse(readFileSync(file('golden.json'), 'utf8')),
    tensor(tensorName) {
      const found = goldenTensors.get(tensorName);
      if (found === undefined) throw new Error(`${name} has no golden tensor ${tensorName}`);
      return found;
    },
  };
}
