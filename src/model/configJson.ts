// config.json in and out. Reads what transformers reads (both spellings of RoPE, its defaults for missing keys) and
// refuses what the engine does not compute; writes a file that transformers 4 and 5, TRL and vLLM all load.
import { isRecord, ModelConfigError, WRONG_FAMILY } from './configError';
import type { DiskTensor, Family, ModelDescription } from './description';
import { KeyReader } from './keyReader';
import { type RopeSettings, ropeScalingJson } from './ropeJson';

export { ModelConfigError } from './configError';

/** A file in families/ is a family: nothing else names it. */
const files = import.meta.glob<Family>(['./families/*.ts', '!./families/*.test.ts'], { import: 'family', eager: true });
const FAMILIES: ReadonlyMap<unknown, Family> = new Map(
  Object.values(files).map((family) => [family.modelType, family]),
);

/**
 * What a parsed config.json describes. Throws ModelConfigError, naming the key, for another family, a feature the engine does
 * not compute, or numbers that do not fit together.
 */
export function parseConfigJson(json: unknown): ModelDescription {
  const keys = new KeyReader(json);
  const family = FAMILIES.get(keys.get('model_type'));
  if (!family) {
    const known = [...FAMILIES.keys()].map((name) => JSON.stringify(name)).join(' or ');
    throw new ModelConfigError('model_type', keys.get('model_type'), known, WRONG_FAMILY);
  }
  keys.mustBe('hidden_act', 'silu');
  const quantization = keys.get('quantization_config') ?? null;
  if (quantization !== null) {
    const needed = 'unquantized weights (float32, bfloat16 or float16)';
    throw new ModelConfigError('quantization_config', quantization, needed, 'Convert the weights to bfloat16 first.');
  }
  return family.read(keys);
}

/** What a checkpoint of the model holds, under the names on disk. */
export function diskTensors({ family, architecture }: ModelDescription): readonly DiskTensor[] {
  return (FAMILIES.get(family) as Family).tensors(architecture);
}

/** Fields that transformers declares as float: an integer literal there does not load. */
const FLOAT_KEYS: ReadonlySet<string> = new Set([
  'attention_dropout',
  'routed_scaling_factor',
  'initializer_range',
  'rms_norm_eps',
  'rope_theta',
  'factor',
  'low_freq_factor',
  'high_freq_factor',
  'mscale',
  'mscale_all_dim',
  'attention_factor',
]);

/** config.json as text, keys sorted. RoPE is written as rope_theta + rope_scaling, which transformers 4 and 5 both read. */
export function writeConfigJson(description: ModelDescription): string {
  const json: Record<string, unknown> = {
    model_type: description.family,
    ...description.settings,
    ...description.tokenIds,
    ...FAMILIES.get(description.family)?.extras(description),
    dtype: 'float32',
    hidden_act: 'silu',
    rope_scaling: ropeScalingJson(description.settings as unknown as RopeSettings),
    use_cache: true,
  };
  return `${writeObject(json, '')}\n`;
}

function writeObject(object: Readonly<Record<string, unknown>>, indent: string): string {
  const lines = Object.keys(object)
    .sort()
    .map((key) => `${indent}  ${JSON.stringify(key)}: ${writeValue(key, object[key], `${indent}  `)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function writeValue(key: string, value: unknown, indent: string): string {
  if (typeof value === 'number' && FLOAT_KEYS.has(key))
    return Number.isInteger(value) ? value.toFixed(1) : String(value);
  return isRecord(value) ? writeObject(value, indent) : JSON.stringify(value);
}
