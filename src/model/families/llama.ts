// llama (facts: transformers' LlamaConfig and modeling_llama): grouped-query attention and dense layers throughout.

import type { Family } from '../description';
import { decoderArchitecture, readDecoder } from './shared/decoderKeys';
import { DECODER_NAMES, isLeftOut, namedTensors } from './shared/tensorNames';

const MODEL_TYPE = 'llama';
const USUAL = {
  vocab_size: 32000,
  hidden_size: 4096,
  intermediate_size: 11008,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  max_position_embeddings: 2048,
};
const USUAL_TOKENS = { bos_token_id: 1, eos_token_id: 2, pad_token_id: null };

export const family: Family = {
  modelType: MODEL_TYPE,

  read(keys) {
    keys.mustBe('mlp_bias', false);
    keys.mustBe('pretraining_tp', 1);
    const hasBias = keys.flag('attention_bias', false);
    const settings = { ...readDecoder(keys, USUAL), attention_bias: hasBias };
    return {
      family: MODEL_TYPE,
      architecture: decoderArchitecture(settings, { attention: () => ({ hasBias, hasOutputBias: hasBias }) }),
      tokenIds: keys.tokenIds(USUAL_TOKENS, settings.vocab_size),
      initializerRange: settings.initializer_range,
      settings,
    };
  },

  extras: () => ({ architectures: ['LlamaForCausalLM'], attention_dropout: 0, mlp_bias: false, pretraining_tp: 1 }),

  tensors: (architecture) => namedTensors(architecture, DECODER_NAMES),

  leavesOut: isLeftOut,
};
