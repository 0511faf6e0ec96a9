// The keys of config.json that transformers' decoders with grouped-query attention share.
import type { Architecture, FeedForward, GroupedQueryAttention } from '../../architecture';
import { FLOAT32_RANGE, isFloat32, ModelConfigError } from '../../configError';
import type { KeyReader } from '../../keyReader';
import { ropeAttentionFactor, ropeFrequencies } from '../../rope';
import { parseRope, type RopeSettings, ropeOf } from '../../ropeJson';

/** As they are written again. */
export interface DecoderSettings extends RopeSettings, Readonly<Record<string, unknown>> {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly max_position_embeddings: number;
  readonly initializer_range: number;
  readonly rms_norm_eps: number;
  readonly tie_word_embeddings: boolean;
}

type Usual = {
  readonly [K in
    | 'vocab_size'
    | 'hidden_size'
    | 'intermediate_size'
    | 'num_hidden_layers'
    | 'num_attention_heads'
    | 'max_position_embeddings']: number;
} & { readonly [K in 'num_key_value_heads' | 'head_dim' | 'rms_norm_eps']?: number };

/** @param usual transformers' values of the family, for missing keys. Throws ModelConfigError, naming the key. */
export function readDecoder(keys: KeyReader, usual: Usual): DecoderSettings {
  const hidden_size = keys.integer('hidden_size', usual.hidden_size, 1);
  const num_attention_heads = keys.integer('num_attention_heads', usual.num_attention_heads, 1, 4096);
  const num_key_value_heads =
    keys.integerOrNull('num_key_value_heads', usual.num_key_value_heads ?? null, 1) ?? num_attention_heads;
  if (num_attention_heads % num_key_value_heads !== 0) {
    const needed = `a divisor of num_attention_heads (${num_attention_heads})`;
    throw new ModelConfigError('num_key_value_heads', num_key_value_heads, needed);
  }
  const head_dim = keys.integerOrNull('head_dim', usual.head_dim ?? null, 2) ?? hidden_size / num_attention_heads;
  if (head_dim % 2 !== 0) throw new ModelConfigError('head_dim', head_dim, 'an even number (RoPE turns pairs)');
  const maxPositions = keys.integer('max_position_embeddings', usual.max_position_embeddings, 1, 2 ** 31);
  return {
    vocab_size: keys.integer('vocab_size', usual.vocab_size, 1),
    hidden_size,
    intermediate_size: keys.integer('intermediate_size', usual.intermediate_size, 1),
    num_hidden_layers: keys.integer('num_hidden_layers', usual.num_hidden_layers, 1, 4096),
    num_attention_heads,
    num_key_value_heads,
    head_dim,
    max_position_embeddings: maxPositions,
    initializer_range: keys.number('initializer_range', 0.02),
    rms_norm_eps: keys.number('rms_norm_eps', usual.rms_norm_eps ?? 1e-6),
    tie_word_embeddings: keys.flag('tie_word_embeddings', false),
    ...parseRope(keys.json, maxPositions),
  };
}

/** The windows of Qwen's layers: of each, or null, and the keys as they are written again. Throws ModelConfigError. */
export function readWindows(keys: KeyReader, numLayers: number) {
  const usesWindow = keys.flag('use_sliding_window', false);
  const window = usesWindow ? keys.integerOrNull('sliding_window', 4096, 1) : null;
  const windows = windowedLayers(keys, numLayers).map((is) => (is ? window : null));
  return {
    windows,
    use_sliding_window: usesWindow,
    sliding_window: window,
    layer_types: windows.map((of) => (of === null ? 'full_attention' : 'sliding_attention')),
  };
}

/** Whether each layer attends to a window: by `layer_types`, else the layers from max_window_layers on. */
function windowedLayers(keys: KeyReader, numLayers: number): readonly boolean[] {
  const types = keys.get('layer_types') ?? null;
  if (types === null) {
    const first = keys.integer('max_window_layers', 28, 0);
    return Array.from({ length: numLayers }, (_, layer) => layer >= first);
  }
  const isKnown = (type: unknown) => type === 'full_attention' || type === 'sliding_attention';
  if (!Array.isArray(types) || types.length !== numLayers || !types.every(isKnown)) {
    const needed = `"full_attention" or "sliding_attention" for each of ${numLayers} layers`;
    throw new ModelConfigError('layer_types', types, needed);
  }
  return types.map((type) => type === 'sliding_attention');
}

/** How a layer differs from that of a llama without biases. */
interface LayerKinds {
  attention?(layer: number): Partial<GroupedQueryAttention>;
  feedForward?(layer: number): FeedForward;
}

/** The architecture of those keys. Throws ModelConfigError where RoPE's angles leave float32. */
export function decoderArchitecture(s: DecoderSettings, kinds: LayerKinds = {}): Architecture {
  const rope = ropeOf(s, s.head_dim, false);
  const fastest = ropeFrequencies(rope).reduce((most, frequency) => Math.max(most, frequency), 0);
  if (![fastest * s.max_position_embeddings, ropeAttentionFactor(rope.scaling)].every(isFloat32))
    throw new ModelConfigError('rope_scaling', s.rope_scaling, `factors whose angles are ${FLOAT32_RANGE}`);
  const plain: GroupedQueryAttention = {
    kind: 'groupedQuery',
    heads: s.num_attention_heads,
    kvHeads: s.num_key_value_heads,
    headWidth: s.head_dim,
    rope,
    scale: s.head_dim ** -0.5,
    hasBias: false,
    hasOutputBias: false,
    headNorm: null,
    window: null,
  };
  return {
    vocabulary: s.vocab_size,
    width: s.hidden_size,
    layers: Array.from({ length: s.num_hidden_layers }, (_, layer) => ({
      attention: { ...plain, ...kinds.attention?.(layer) },
      feedForward: kinds.feedForward?.(layer) ?? { kind: 'dense', hidden: s.intermediate_size },
      epsilon: s.rms_norm_eps,
    })),
    epsilon: s.rms_norm_eps,
    isTied: s.tie_word_embeddings,
    maxPositions: s.max_position_embeddings,
  };
}
