// qwen3 (facts: transformers' Qwen3Config and modeling_qwen3): qwen2 with a norm of each head of queries and keys, and biases
// only where the file says so.

import type { Family } from '../description';
import { decoderArchitecture, readDecoder, readWindows } from './shared/decoderKeys';
import { DECODER_NAMES, isLeftOut, namedTensors } from './shared/tensorNames';

const MODEL_TYPE = 'qwen3';
const USUAL = {
  vocab_size: 151936,
  hidden_size: 4096,
  intermediate_size: 22016,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 32,
  head_dim: 128,
  max_position_embeddings: 32768,
};
const USUAL_TOKENS = { bos_token_id: null, eos_token_id: null, pad_token_id: null };

export const family: Family = {
  modelType: MODEL_TYPE,

  read(keys) {
    const hasBias = keys.flag('attention_bias', false);
    const decoder = readDecoder(keys, USUAL);
    const { windows, ...window } = readWindows(keys, decoder.num_hidden_layers);
    const settings = { ...decoder, ...window, attention_bias: hasBias };
    return {
      family: MODEL_TYPE,
      architecture: decoderArchitecture(settings, {
        attention: (layer) => ({
          hasBias,
          hasOutputBias: hasBias,
          headNorm: { kind: 'perHead', epsilon: settings.rms_norm_eps },
          window: windows[layer] ?? null,
        }),
      }),
      tokenIds: keys.tokenIds(USUAL_TOKENS, settings.vocab_size),
      initializerRange: settings.initializer_range,
      settings,
    };
  },

  extras: ({ architecture }) => ({
    architectures: ['Qwen3ForCausalLM'],
    attention_dropout: 0,
    max_window_layers: architecture.layers.length,
  }),

  tensors: (architecture) => namedTensors(architecture, DECODER_NAMES),

  leavesOut: isLeftOut,
};
