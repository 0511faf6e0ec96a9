// qwen2 (facts: transformers' Qwen2Config and modeling_qwen2): llama with biases on queries, keys and values, and a
// sliding window on the later layers where it is turned on.
import { ModelConfigError } from '../configError';
import { decoderArchitecture, readDecoder } from '../decoderKeys';
import type { Family } from '../description';
import type { KeyReader } from '../keyReader';
import { DECODER_NAMES, namedTensors } from '../tensorNames';

const MODEL_TYPE = 'qwen2';
const USUAL = {
  vocab_size: 151936,
  hidden_size: 4096,
  intermediate_size: 22016,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  max_position_embeddings: 32768,
};
const USUAL_TOKENS = { bos_token_id: null, eos_token_id: null, pad_token_id: null };

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

export const family: Family = {
  modelType: MODEL_TYPE,

  read(keys) {
    const decoder = readDecoder(keys, USUAL);
    const usesWindow = keys.flag('use_sliding_window', false);
    const window = usesWindow ? keys.integerOrNull('sliding_window', 4096, 1) : null;
    const windowed = windowedLayers(keys, decoder.num_hidden_layers);
    const settings = {
      ...decoder,
      use_sliding_window: usesWindow,
      sliding_window: window,
      layer_types: windowed.map((is) => (is && window !== null ? 'sliding_attention' : 'full_attention')),
    };
    return {
      family: MODEL_TYPE,
      architecture: decoderArchitecture(settings, (layer) => ({
        hasBias: true,
        window: windowed[layer] ? window : null,
      })),
      tokenIds: keys.tokenIds(USUAL_TOKENS, settings.vocab_size),
      initializerRange: settings.initializer_range,
      settings,
    };
  },

  extras: ({ architecture }) => ({
    architectures: ['Qwen2ForCausalLM'],
    attention_dropout: 0,
    max_window_layers: architecture.layers.length,
  }),

  tensors: (architecture) => namedTensors(architecture, DECODER_NAMES),
};
