// olmoe (facts: transformers' OlmoeConfig and modeling_olmoe): queries and keys are normed over all heads at once, and every
// layer has experts, chosen by a softmax.
import type { ExpertsFeedForward } from '../architecture';
import { ModelConfigError, WRONG_FAMILY } from '../configError';
import type { Family } from '../description';
import type { KeyReader } from '../keyReader';
import { type DecoderSettings, decoderArchitecture, readDecoder } from './shared/decoderKeys';
import { MAX_EXPERT_TENSORS, MAX_EXPERTS_PER_TOKEN } from './shared/expertLimits';
import { DECODER_NAMES, isLeftOut, namedTensors } from './shared/tensorNames';

const MODEL_TYPE = 'olmoe';
const USUAL = {
  vocab_size: 50304,
  hidden_size: 2048,
  intermediate_size: 2048,
  num_hidden_layers: 16,
  num_attention_heads: 16,
  max_position_embeddings: 4096,
  rms_norm_eps: 1e-5,
};
const USUAL_TOKENS = { bos_token_id: null, eos_token_id: 50279, pad_token_id: 1 };

interface Settings extends DecoderSettings {
  readonly num_experts: number;
  readonly num_experts_per_tok: number;
  readonly norm_topk_prob: boolean;
  readonly attention_bias: boolean;
}

function readSettings(keys: KeyReader): Settings {
  const clip = keys.get('clip_qkv') ?? null;
  if (clip !== null) throw new ModelConfigError('clip_qkv', clip, 'null', WRONG_FAMILY);
  const decoder = readDecoder(keys, USUAL);
  // Both spellings are read by transformers.
  const key = keys.get('num_local_experts') === undefined ? 'num_experts' : 'num_local_experts';
  const numExperts = keys.integer(key, 64, 1, 65536);
  if (decoder.num_hidden_layers * numExperts * 3 > MAX_EXPERT_TENSORS)
    throw new ModelConfigError(key, numExperts, `at most ${MAX_EXPERT_TENSORS} expert weights in all layers`);
  return {
    ...decoder,
    num_experts: numExperts,
    num_experts_per_tok: keys.integer('num_experts_per_tok', 8, 1, Math.min(numExperts, MAX_EXPERTS_PER_TOKEN)),
    norm_topk_prob: keys.flag('norm_topk_prob', false),
    attention_bias: keys.flag('attention_bias', false),
  };
}

export const family: Family = {
  modelType: MODEL_TYPE,

  read(keys) {
    const settings = readSettings(keys);
    const hasBias = settings.attention_bias;
    const experts: ExpertsFeedForward = {
      kind: 'experts',
      numExperts: settings.num_experts,
      topK: settings.num_experts_per_tok,
      hidden: settings.intermediate_size,
      numShared: 0,
      scores: 'softmax',
      hasSelectionBias: false,
      numGroups: 1,
      keptGroups: 1,
      isNormalized: settings.norm_topk_prob,
      scale: 1,
    };
    return {
      family: MODEL_TYPE,
      architecture: decoderArchitecture(settings, {
        attention: () => ({
          hasBias,
          hasOutputBias: hasBias,
          headNorm: { kind: 'wholeWidth', epsilon: settings.rms_norm_eps },
        }),
        feedForward: () => experts,
      }),
      tokenIds: keys.tokenIds(USUAL_TOKENS, settings.vocab_size),
      initializerRange: settings.initializer_range,
      settings,
    };
  },

  // No auxiliary loss: balance is left to whoever trains.
  extras: () => ({
    architectures: ['OlmoeForCausalLM'],
    attention_dropout: 0,
    clip_qkv: null,
    output_router_logits: false,
  }),

  tensors: (architecture) => namedTensors(architecture, DECODER_NAMES),

  leavesOut: isLeftOut,
};
