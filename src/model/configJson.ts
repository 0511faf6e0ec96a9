// config.json in and out. Reads what transformers reads (both spellings of RoPE, its defaults for missing keys) and
// refuses what the engine does not compute; writes a file that transformers 4 and 5, TRL and vLLM all load.
import type { FloatDtype } from '../lib/tensors/dtype';
import { FP8_BLOCK } from '../lib/tensors/fp8';
import { isRecord, ModelConfigError, WRONG_FAMILY } from './configError';
import type { DiskTensor, Family, ModelDescription } from './description';
import { KeyReader } from './keyReader';
import { isMultiplied } from './parameterShapes';
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
  checkQuantization(keys);
  const description = family.read(keys);
  return isGraderJson(keys) ? asGrader(description) : description;
}

const LANGUAGE_MODEL = /ForCausalLM$/;
const GRADER = 'ForSequenceClassification';

/** Whether config.json names a model that grades texts: transformers' …ForSequenceClassification with one label. */
function isGraderJson(keys: KeyReader): boolean {
  const [name] = [keys.get('architectures', [])].flat();
  if (typeof name !== 'string' || !name.endsWith(GRADER)) return false;
  const labels = keys.get('id2label', { 0: 'LABEL_0', 1: 'LABEL_1' });
  if (isRecord(labels) && Object.keys(labels).length === 1) return true;
  throw new ModelConfigError(
    'id2label',
    labels,
    'one label',
    'A reward model has one; this one sorts texts into classes.',
  );
}

/** The same blocks with a head that grades a text, and without a module for further tokens. */
export function asGrader(description: ModelDescription): ModelDescription {
  const { mtp: _, ...architecture } = description.architecture;
  const { num_nextn_predict_layers: modules, ...settings } = description.settings;
  const none = modules === undefined ? {} : { num_nextn_predict_layers: 0 };
  return { ...description, architecture: { ...architecture, isGrader: true }, settings: { ...settings, ...none } };
}

/** What config.json says of a grader beside what it says of its language model. */
function graderJson(architectures: unknown): Record<string, unknown> {
  const names = [architectures].flat().map((name) => `${name}`.replace(LANGUAGE_MODEL, GRADER));
  return { architectures: names, id2label: { 0: 'LABEL_0' }, label2id: { LABEL_0: 0 } };
}

/** compressed-tensors' formats of which the weights tell all that there is to know. */
const SELF_EVIDENT = ['int-quantized', 'float-quantized'];

const FP8_BLOCKS = [FP8_BLOCK, FP8_BLOCK];

/** Refuses what the reader of weights does not widen: read are MLX's affine words and numbers with scales beside them. */
function checkQuantization(keys: KeyReader): void {
  const config = keys.get('quantization_config') ?? keys.get('quantization') ?? null;
  if (config === null) return;
  const {
    quant_method: method,
    format,
    fmt = 'e4m3',
    weight_block_size: block = FP8_BLOCKS,
    bits,
    group_size: groupSize,
    mode = 'affine',
  } = isRecord(config) ? config : {};
  const isAffine =
    method === undefined && mode === 'affine' && (bits === 4 || bits === 8) && Number.isInteger(groupSize);
  const isScaled = method === 'compressed-tensors' && SELF_EVIDENT.includes(format as string);
  const isFp8 = method === 'fp8' && fmt === 'e4m3' && String(block) === String(FP8_BLOCKS);
  if (isAffine || isScaled || isFp8) return;
  const needed =
    `none, fp8 (e4m3) in blocks of ${FP8_BLOCKS.join(' × ')}, MLX's affine 4 or 8 bits, or compressed-tensors' ` +
    SELF_EVIDENT.join(' or ');
  throw new ModelConfigError('quantization_config', config, needed, 'Convert the weights to bfloat16 first.');
}

const familyOf = ({ family }: ModelDescription) => FAMILIES.get(family) as Family;

/** What a checkpoint of the model holds, under the names on disk. */
export function diskTensors(description: ModelDescription): readonly DiskTensor[] {
  return familyOf(description).tensors(description.architecture);
}

/** Whether a checkpoint of the model may have a tensor of this name, which is no part of the model. */
export function isLeftOut(name: string, description: ModelDescription): boolean {
  return familyOf(description).leavesOut(name, description.architecture);
}

/** The model that a checkpoint of tensors of these names holds, where config.json may tell of more. */
export function asStored(description: ModelDescription, names: Iterable<string>): ModelDescription {
  return familyOf(description).asStored?.(description, names) ?? description;
}

const isMatrix = ({ parameter }: DiskTensor) => parameter !== undefined && isMultiplied(parameter);

/**
 * Whether a tensor is written in FP8 where a model is: V3's choice, without matrices whose last block would be a part of one
 * behind whole ones. transformers takes a block for rows / rows of scales, and would read them wrong.
 */
export function isWrittenInFp8(tensor: DiskTensor): boolean {
  return isMatrix(tensor) && tensor.shape.every((size) => size <= FP8_BLOCK || size % FP8_BLOCK === 0);
}

/** Keys that transformers declares as float, in every family: an integer literal there does not load. */
const FLOAT_KEYS = [
  'attention_dropout',
  'initializer_range',
  'rms_norm_eps',
  'rope_theta',
  'factor',
  'low_freq_factor',
  'high_freq_factor',
  'mscale',
  'mscale_all_dim',
  'attention_factor',
];

/** The type that weights are written in; `fp8`: DeepSeek's form, matrices in FP8 and the rest in bfloat16. */
export type WeightForm = FloatDtype | 'fp8';

/** What config.json calls the types that weights may have. */
const DTYPE_NAMES: Readonly<Record<WeightForm, string>> = {
  fp8: 'bfloat16',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8_e4m3fn',
};

/**
 * config.json as text, keys sorted. RoPE is written as rope_theta + rope_scaling, which transformers 4 and 5 both read.
 * @param form of the weights beside it.
 */
export function writeConfigJson(description: ModelDescription, form: WeightForm = 'F32'): string {
  const family = familyOf(description);
  const kept = diskTensors(description).filter((tensor) => isMatrix(tensor) && !isWrittenInFp8(tensor));
  const kind = {
    activation_scheme: 'dynamic',
    fmt: 'e4m3',
    quant_method: 'fp8',
    weight_block_size: FP8_BLOCKS,
    ...(kept.length > 0 && { modules_to_not_convert: kept.map(({ name }) => name.replace(/\.weight$/, '')) }),
  };
  const extras = family.extras(description);
  const json: Record<string, unknown> = {
    model_type: description.family,
    ...description.settings,
    ...description.tokenIds,
    ...extras,
    ...(description.architecture.isGrader && graderJson(extras.architectures)),
    dtype: DTYPE_NAMES[form],
    ...(form === 'fp8' && { quantization_config: kind }),
    hidden_act: 'silu',
    rope_scaling: ropeScalingJson(description.settings as unknown as RopeSettings),
    use_cache: true,
  };
  return `${writeObject(json, new Set([...FLOAT_KEYS, ...(family.floatKeys ?? [])]), '')}\n`;
}

function writeObject(
  object: Readonly<Record<string, unknown>>,
  floatKeys: ReadonlySet<string>,
  indent: string,
): string {
  const inner = `${indent}  `;
  const write = (key: string, value: unknown): string => {
    if (typeof value === 'number' && floatKeys.has(key))
      return Number.isInteger(value) ? value.toFixed(1) : String(value);
    return isRecord(value) ? writeObject(value, floatKeys, inner) : JSON.stringify(value);
  };
  const keys = Object.keys(object).sort();
  const lines = keys.map((key) => `${inner}${JSON.stringify(key)}: ${write(key, object[key])}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
