// config.json in and out. Reads what transformers reads (both spellings of RoPE, its defaults for missing keys) and
// refuses what the engine does not compute; writes a file that transformers 4 and 5, TRL and vLLM all load.
import { isMoeLayer, type ModelConfig, qkHeadDim } from './config';
import {
  CONFIG_FILE,
  FLOAT32_RANGE,
  isFloat32,
  isRecord,
  ModelConfigError,
  showJson,
  WRONG_FAMILY,
  WRONG_VALUE,
} from './configError';
import { attentionScale, ropeAttentionFactor, ropeFrequencies } from './rope';
import { parseRope } from './ropeJson';

export { ModelConfigError } from './configError';

/** The kernels keep a token's chosen experts and its groups in registers: these are their sizes. */
export const MAX_EXPERTS_PER_TOKEN = 16;
export const MAX_EXPERT_GROUPS = 32;
/** A larger count is a damaged or hostile file; DeepSeek-V3 itself has 45 thousand tensors. */
const MAX_TENSORS = 100_000;
const MAX_DIM = 2 ** 24;
/** The families in use have five at most. */
const MAX_END_IDS = 15;

/** A token id; null, and −1 as old files write it, mean none. Throws ModelConfigError. */
function parseTokenId(key: string, value: unknown, vocabSize: number, file: string): number | null {
  if (value === null || value === -1) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < vocabSize) return value;
  throw new ModelConfigError(key, value, `a token id from 0 to ${vocabSize - 1} or null`, WRONG_VALUE, file);
}

/**
 * The `eos_token_id` of config.json or generation_config.json: one id, several that each end a text, or null. A list of
 * one is that one. Throws ModelConfigError naming the file.
 */
export function parseEndIds(value: unknown, vocabSize: number, file: string): ModelConfig['eos_token_id'] {
  const key = 'eos_token_id';
  if (!Array.isArray(value)) return parseTokenId(key, value, vocabSize, file);
  if (value.length > MAX_END_IDS)
    throw new ModelConfigError(key, value, `at most ${MAX_END_IDS} ids`, WRONG_VALUE, file);
  const ids = new Set(value.map((id) => parseTokenId(key, id, vocabSize, file)).filter((id) => id !== null));
  const [first = null] = ids;
  return ids.size > 1 ? [...ids] : first;
}

/** Reads one key of config.json after another, with transformers' default where the key is missing. */
class KeyReader {
  constructor(private readonly json: Readonly<Record<string, unknown>>) {}

  get(key: string, fallback?: unknown): unknown {
    return Object.hasOwn(this.json, key) ? this.json[key] : fallback;
  }

  integer(key: string, fallback: number, least: number, most = MAX_DIM): number {
    const value = this.get(key, fallback);
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new ModelConfigError(key, value, `an integer from ${least} to ${most}`);
  }

  integerOrNull(key: string, fallback: number, least: number): number | null {
    return this.get(key) === null ? null : this.integer(key, fallback, least);
  }

  number(key: string, fallback: number): number {
    const value = this.get(key, fallback);
    // −0 becomes 0.
    if (typeof value === 'number' && isFloat32(value) && value >= 0) return value + 0;
    throw new ModelConfigError(key, value, `0 or a number ${FLOAT32_RANGE}`);
  }

  /** null counts as false, as it does in Python. */
  flag(key: string, fallback: boolean): boolean {
    const value = this.get(key, fallback) ?? false;
    if (typeof value === 'boolean') return value;
    throw new ModelConfigError(key, value, 'true or false');
  }

  tokenId(key: string, fallback: number | null, vocabSize: number): number | null {
    const value = this.get(key, fallback !== null && fallback < vocabSize ? fallback : null);
    return parseTokenId(key, value, vocabSize, CONFIG_FILE);
  }

  /** Refuses the file unless the key is missing or has the one value the engine computes. */
  mustBe(key: string, needed: string | number, remedy = WRONG_FAMILY): void {
    const value = this.get(key, needed);
    if (value !== needed) throw new ModelConfigError(key, value, showJson(needed), remedy);
  }
}

/**
 * The configuration in a parsed config.json. Throws ModelConfigError, naming the key, for another family, a feature the
 * engine does not compute, or numbers that do not fit together.
 */
export function parseConfigJson(json: unknown): ModelConfig {
  if (!isRecord(json)) throw new ModelConfigError('the file', json, 'a JSON object');
  const keys = new KeyReader(json);
  if (json.model_type !== 'deepseek_v3')
    throw new ModelConfigError('model_type', json.model_type, '"deepseek_v3"', WRONG_FAMILY);
  keys.mustBe('hidden_act', 'silu');
  keys.mustBe('scoring_func', 'sigmoid');
  keys.mustBe('topk_method', 'noaux_tc');
  keys.mustBe('moe_layer_freq', 1);
  const quantization = keys.get('quantization_config') ?? null;
  if (quantization !== null) {
    const needed = 'unquantized weights (float32, bfloat16 or float16)';
    throw new ModelConfigError('quantization_config', quantization, needed, 'Convert the weights to bfloat16 first.');
  }
  const vocabSize = keys.integer('vocab_size', 129280, 1);
  const heads = keys.integer('num_attention_heads', 128, 1, 4096);
  if (keys.get('num_key_value_heads') !== null) {
    keys.mustBe('num_key_value_heads', heads, 'Latent attention has one key head for each query head.');
  }
  const maxPositions = keys.integer('max_position_embeddings', 4096, 1, 2 ** 31);
  const config: ModelConfig = {
    model_type: 'deepseek_v3',
    vocab_size: vocabSize,
    hidden_size: keys.integer('hidden_size', 7168, 1),
    intermediate_size: keys.integer('intermediate_size', 18432, 1),
    moe_intermediate_size: keys.integer('moe_intermediate_size', 2048, 1),
    num_hidden_layers: keys.integer('num_hidden_layers', 61, 1, 4096),
    num_attention_heads: heads,
    n_shared_experts: keys.integer('n_shared_experts', 1, 0, 4096),
    n_routed_experts: keys.integer('n_routed_experts', 256, 1, 65536),
    num_experts_per_tok: keys.integer('num_experts_per_tok', 8, 1, 65536),
    routed_scaling_factor: keys.number('routed_scaling_factor', 2.5),
    kv_lora_rank: keys.integer('kv_lora_rank', 512, 1),
    q_lora_rank: keys.integerOrNull('q_lora_rank', 1536, 1),
    qk_rope_head_dim: keys.integer('qk_rope_head_dim', 64, 2, 65536),
    qk_nope_head_dim: keys.integer('qk_nope_head_dim', 128, 1, 65536),
    v_head_dim: keys.integer('v_head_dim', 128, 1, 65536),
    n_group: keys.integer('n_group', 8, 1, 65536),
    topk_group: keys.integer('topk_group', 4, 1, 65536),
    first_k_dense_replace: keys.integer('first_k_dense_replace', 3, 0),
    norm_topk_prob: keys.flag('norm_topk_prob', true),
    max_position_embeddings: maxPositions,
    initializer_range: keys.number('initializer_range', 0.02),
    rms_norm_eps: keys.number('rms_norm_eps', 1e-6),
    tie_word_embeddings: keys.flag('tie_word_embeddings', false),
    ...parseRope(json, maxPositions),
    rope_interleave: keys.flag('rope_interleave', true),
    attention_bias: keys.flag('attention_bias', false),
    bos_token_id: keys.tokenId('bos_token_id', 0, vocabSize),
    eos_token_id: parseEndIds(keys.get('eos_token_id', vocabSize > 1 ? 1 : null), vocabSize, CONFIG_FILE),
    pad_token_id: keys.tokenId('pad_token_id', null, vocabSize),
  };
  checkConfig(config);
  return config;
}

/** Throws ModelConfigError when the numbers of a config do not fit together or exceed what the kernels hold. */
export function checkConfig(config: ModelConfig): void {
  const refuse = (key: keyof ModelConfig, needed: string) => {
    throw new ModelConfigError(key, config[key], needed);
  };
  if (config.qk_rope_head_dim % 2 !== 0) refuse('qk_rope_head_dim', 'an even number (RoPE turns pairs)');
  const fastest = ropeFrequencies(config).reduce((most, frequency) => Math.max(most, frequency), 0);
  const scales = [fastest * config.max_position_embeddings, ropeAttentionFactor(config), attentionScale(config)];
  if (!scales.every(isFloat32)) refuse('rope_scaling', `factors whose angles and scales are ${FLOAT32_RANGE}`);
  if (!isMoeLayer(config, config.num_hidden_layers - 1)) return;

  const { n_routed_experts: experts, n_group: groups, topk_group: keptGroups, num_experts_per_tok: chosen } = config;
  const moeLayers = config.num_hidden_layers - config.first_k_dense_replace;
  if (moeLayers * experts * 3 > MAX_TENSORS)
    refuse('n_routed_experts', `at most ${MAX_TENSORS} expert weights in all layers`);
  if (groups > MAX_EXPERT_GROUPS) refuse('n_group', `at most ${MAX_EXPERT_GROUPS}`);
  if (experts % groups !== 0) refuse('n_group', `a divisor of n_routed_experts (${experts})`);
  // A group is scored by the sum of its two best experts.
  if (experts / groups < 2) refuse('n_group', `at least two experts a group (n_routed_experts is ${experts})`);
  if (keptGroups > groups) refuse('topk_group', `at most n_group (${groups})`);
  if (chosen > MAX_EXPERTS_PER_TOKEN) refuse('num_experts_per_tok', `at most ${MAX_EXPERTS_PER_TOKEN}`);
  const eligible = (keptGroups * experts) / groups;
  if (chosen > eligible) refuse('num_experts_per_tok', `at most ${eligible}, the experts in the kept groups,`);
}

/** Fields that transformers declares as float: an integer literal there does not load. */
const FLOAT_KEYS: ReadonlySet<string> = new Set([
  'attention_dropout',
  'routed_scaling_factor',
  'initializer_range',
  'rms_norm_eps',
  'rope_theta',
  'factor',
  'mscale',
  'mscale_all_dim',
  'attention_factor',
]);

/**
 * config.json as text, keys sorted. RoPE is written as rope_theta + rope_scaling, which transformers 4 and 5 both read;
 * the keys that only vLLM or the original code ask for are there too.
 */
export function writeConfigJson(config: ModelConfig): string {
  const json: Record<string, unknown> = {
    ...config,
    architectures: ['DeepseekV3ForCausalLM'],
    attention_dropout: 0,
    dtype: 'float32',
    head_dim: config.qk_rope_head_dim,
    hidden_act: 'silu',
    moe_layer_freq: 1,
    num_key_value_heads: config.num_attention_heads,
    num_nextn_predict_layers: 0,
    qk_head_dim: qkHeadDim(config),
    rope_scaling: ropeScalingJson(config),
    scoring_func: 'sigmoid',
    topk_method: 'noaux_tc',
    use_cache: true,
  };
  return `${writeObject(json, '')}\n`;
}

/** `type` is the older spelling of `rope_type`. Unset options are left out, `truncate` too unless false. */
function ropeScalingJson(config: ModelConfig): Record<string, unknown> | null {
  if (config.rope_scaling === null) return null;
  const set = Object.entries(config.rope_scaling).filter(
    ([key, value]) => value !== null && !(key === 'truncate' && value === true),
  );
  return { ...Object.fromEntries(set), type: config.rope_scaling.rope_type };
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
