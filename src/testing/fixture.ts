// The checkpoints and golden numbers in fixtures/: see the README there for what each key means.
import { readdirSync, readFileSync } from 'node:fs';
import { parseSafetensors } from '../formats/safetensors/safetensors';
import { tensorValues } from '../formats/safetensors/safetensorsValues';
import type { Architecture, Layer, Rope } from '../model/architecture';
import { diskTensors, parseConfigJson } from '../model/configJson';

export const FIXTURES = ['deepseek_v3', 'deepseek_v3_qlora_yarn'] as const;
/** Those of other families, without TRL's numbers: whatever is there. */
export const FAMILY_FIXTURES = readdirSync(new URL('./fixtures/families', import.meta.url)).map(
  (name) => `families/${name}` as const,
);
export type FixtureName = (typeof FIXTURES)[number] | (typeof FAMILY_FIXTURES)[number];

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
  readonly architecture: Architecture;
  /** Weights by parameter name. */
  readonly weights: ReadonlyMap<string, Float64Array>;
  readonly golden: GoldenJson;
  /** Names of the tensors in golden.safetensors. */
  readonly tensorNames: readonly string[];
  /** One of them; throws when there is none of that name. */
  tensor(name: string): Float64Array;
  /** The parameter of a Hugging Face name, and back; throws when there is none. */
  parameterOf(diskName: string): string;
  diskName(parameter: string): string;
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
  const description = parseConfigJson(JSON.parse(readFileSync(file('config.json'), 'utf8')));
  const parameters = diskTensors(description).flatMap(({ name, parameter = '' }) =>
    parameter === '' ? [] : [{ name, parameter }],
  );
  const find = (key: 'name' | 'parameter', value: string, wanted: 'name' | 'parameter'): string => {
    const found = parameters.find((one) => one[key] === value);
    if (!found) throw new Error(`${folder.pathname} has no tensor ${value}`);
    return found[wanted];
  };
  const stored = readTensors(file('model.safetensors'));
  const weightOf = (name: string): Float64Array => stored.get(name) as Float64Array;
  return {
    architecture: description.architecture,
    weights: new Map(parameters.map(({ name, parameter }) => [parameter, weightOf(name)])),
    parameterOf: (diskName) => find('name', diskName, 'parameter'),
    diskName: (parameter) => find('parameter', parameter, 'name'),
    golden: JSON.parse(readFileSync(file('golden.json'), 'utf8')),
    tensorNames: [...goldenTensors.keys()],
    tensor(name) {
      const found = goldenTensors.get(name);
      if (found === undefined) throw new Error(`${folder.pathname} has no golden tensor ${name}`);
      return found;
    },
  };
}

/** YaRN as one of the fixtures has it, for heads of which `width` numbers turn. */
export function yarnRope(width: number): Rope {
  const [{ attention }] = loadFixture('deepseek_v3_qlora_yarn').architecture.layers as [Layer];
  return { ...(attention.rope as Rope), width };
}
