// deepseek_v3 (facts: transformers' DeepseekV3Config and modeling_deepseek_v3): latent attention, the first layers
// dense, then experts.
import { type Architecture, allLayers, type ExpertsFeedForward, type LatentAttention } from '../architecture';
import { FLOAT32_RANGE, isFloat32, ModelConfigError } from '../configError';
import type { DiskTensor, Family, ModelDescription } from '../description';
import type { KeyReader } from '../keyReader';
import { headName, isBuffer, mtpPrefix } from '../parameterShapes';
import { ropeAttentionFactor, ropeFrequencies, yarnScale } from '../rope';
import { parseRope, type RopeSettings, ropeOf } from '../ropeJson';
import { MAX_EXPERT_GROUPS, MAX_EXPERT_TENSORS, MAX_EXPERTS_PER_TOKEN } from './shared/expertLimits';
import { DECODER_NAMES, isLeftOut, type NameRules, namedTensors } from './shared/tensorNames';

const MODEL_TYPE = 'deepseek_v3';

/** transformers normalises the latents with its default epsilon, whatever rms_norm_eps says. */
const LATENT_EPSILON = 1e-6;

interface Settings extends RopeSettings, Readonly<Record<string, unknown>> {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly moe_intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly n_shared_experts: number;
  readonly n_routed_experts: number;
  readonly num_experts_per_tok: number;
  readonly routed_scaling_factor: number;
  readonly kv_lora_rank: number;
  readonly q_lora_rank: number | null;
  readonly qk_rope_head_dim: number;
  readonly qk_nope_head_dim: number;
  readonly v_head_dim: number;
  readonly n_group: number;
  readonly topk_group: number;
  /** Layers before this one have a dense FFN, the others experts. */
  readonly first_k_dense_replace: number;
  readonly norm_topk_prob: boolean;
  readonly max_position_embeddings: number;
  readonly initializer_range: number;
  readonly rms_norm_eps: number;
  readonly tie_word_embeddings: boolean;
  readonly rope_interleave: boolean;
  readonly attention_bias: boolean;
  /** Modules for further tokens; of more than one, the first is the model's. */
  readonly num_nextn_predict_layers: number;
}

function readSettings(keys: KeyReader): Settings {
  keys.mustBe('hidden_act', 'silu');
  keys.mustBe('scoring_func', 'sigmoid');
  keys.mustBe('topk_method', 'noaux_tc');
  keys.mustBe('moe_layer_freq', 1);
  const heads = keys.integer('num_attention_heads', 128, 1, 4096);
  if (keys.get('num_key_value_heads') !== null)
    keys.mustBe('num_key_value_heads', heads, 'Latent attention has one key head for each query head.');
  const maxPositions = keys.integer('max_position_embeddings', 4096, 1, 2 ** 31);
  return {
    vocab_size: keys.integer('vocab_size', 129280, 1),
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
    ...parseRope(keys.json, maxPositions),
    rope_interleave: keys.flag('rope_interleave', true),
    attention_bias: keys.flag('attention_bias', false),
    num_nextn_predict_layers: Math.min(1, keys.integerOrNull('num_nextn_predict_layers', 0, 0) ?? 0),
  };
}

/** Throws ModelConfigError when the numbers do not fit together or exceed what the kernels hold. */
function check(settings: Settings, { layers, mtp }: Architecture): void {
  const refuse = (key: keyof Settings, needed: string) => {
    throw new ModelConfigError(String(key), settings[key], needed);
  };
  const attention = layers[0]?.attention as LatentAttention;
  if (attention.rope.width % 2 !== 0) refuse('qk_rope_head_dim', 'an even number (RoPE turns pairs)');
  const fastest = ropeFrequencies(attention.rope).reduce((most, frequency) => Math.max(most, frequency), 0);
  const factors = [
    fastest * settings.max_position_embeddings,
    ropeAttentionFactor(attention.rope.scaling),
    attention.scale,
  ];
  if (!factors.every(isFloat32)) refuse('rope_scaling', `factors whose angles and scales are ${FLOAT32_RANGE}`);
  const expertLayers = Math.max(0, layers.length - settings.first_k_dense_replace) + (mtp ? 1 : 0);
  if (expertLayers === 0) return;

  const { n_routed_experts: experts, n_group: groups, topk_group: keptGroups, num_experts_per_tok: chosen } = settings;
  if (expertLayers * experts * 3 > MAX_EXPERT_TENSORS)
    refuse('n_routed_experts', `at most ${MAX_EXPERT_TENSORS} expert weights in all layers`);
  if (groups > MAX_EXPERT_GROUPS) refuse('n_group', `at most ${MAX_EXPERT_GROUPS}`);
  if (experts % groups !== 0) refuse('n_group', `a divisor of n_routed_experts (${experts})`);
  // A group is scored by the sum of its two best experts.
  if (experts / groups < 2) refuse('n_group', `at least two experts a group (n_routed_experts is ${experts})`);
  if (keptGroups > groups) refuse('topk_group', `at most n_group (${groups})`);
  if (chosen > MAX_EXPERTS_PER_TOKEN) refuse('num_experts_per_tok', `at most ${MAX_EXPERTS_PER_TOKEN}`);
  const eligible = (keptGroups * experts) / groups;
  if (chosen > eligible) refuse('num_experts_per_tok', `at most ${eligible}, the experts in the kept groups,`);
}

function architectureOf(s: Settings): Architecture {
  const rope = ropeOf(s, s.qk_rope_head_dim, s.rope_interleave);
  const attention: LatentAttention = {
    kind: 'latent',
    heads: s.num_attention_heads,
    queryRank: s.q_lora_rank,
    rank: s.kv_lora_rank,
    nope: s.qk_nope_head_dim,
    rope,
    value: s.v_head_dim,
    scale: (s.qk_nope_head_dim + s.qk_rope_head_dim) ** -0.5 * yarnScale(rope.scaling),
    hasBias: s.attention_bias,
    epsilon: LATENT_EPSILON,
  };
  const experts: ExpertsFeedForward = {
    kind: 'experts',
    numExperts: s.n_routed_experts,
    topK: s.num_experts_per_tok,
    hidden: s.moe_intermediate_size,
    numShared: s.n_shared_experts,
    scores: 'sigmoid',
    hasSelectionBias: true,
    numGroups: s.n_group,
    keptGroups: s.topk_group,
    isNormalized: s.norm_topk_prob,
    scale: s.routed_scaling_factor,
  };
  const dense = { kind: 'dense', hidden: s.intermediate_size } as const;
  return {
    vocabulary: s.vocab_size,
    width: s.hidden_size,
    layers: Array.from({ length: s.num_hidden_layers }, (_, layer) => ({
      attention,
      feedForward: layer < s.first_k_dense_replace ? dense : experts,
      epsilon: s.rms_norm_eps,
    })),
    epsilon: s.rms_norm_eps,
    isTied: s.tie_word_embeddings,
    maxPositions: s.max_position_embeddings,
    ...(s.num_nextn_predict_layers > 0 && { mtp: { attention, feedForward: experts, epsilon: s.rms_norm_eps } }),
  };
}

const NAMES: NameRules = [
  [/\.queryDown\./, '.q_a_proj.'],
  [/\.queryNorm\./, '.q_a_layernorm.'],
  [/\.queryUp\./, '.q_b_proj.'],
  [/\.latentDown\./, '.kv_a_proj_with_mqa.'],
  [/\.latentNorm\./, '.kv_a_layernorm.'],
  [/\.latentUp\./, '.kv_b_proj.'],
  [/\.shared\./, '.shared_experts.'],
  [/\.mtp\.embeddingNorm\./, '.enorm.'],
  [/\.mtp\.hiddenNorm\./, '.hnorm.'],
  [/\.mtp\.join\./, '.eh_proj.'],
  [/\.mtp\.norm\./, '.shared_head.norm.'],
  ...DECODER_NAMES,
  [/\.router\.selectionBias$/, '.gate.e_score_correction_bias'],
];

/** The module shares embedding and head with the model; on disk they are there again, which vLLM asks for. */
function mtpCopies(architecture: Architecture): DiskTensor[] {
  const { vocabulary, width } = architecture;
  const prefix = `model.${mtpPrefix(architecture)}`;
  return [
    { name: `${prefix}embed_tokens.weight`, shape: [vocabulary, width], copyOf: 'embedding.weight' },
    { name: `${prefix}shared_head.head.weight`, shape: [vocabulary, width], copyOf: headName(architecture) },
  ];
}

export const family: Family = {
  modelType: MODEL_TYPE,

  read(keys): ModelDescription {
    const settings = readSettings(keys);
    const architecture = architectureOf(settings);
    check(settings, architecture);
    const usual = { bos_token_id: 0, eos_token_id: 1, pad_token_id: null };
    return {
      family: MODEL_TYPE,
      architecture,
      tokenIds: keys.tokenIds(usual, settings.vocab_size),
      initializerRange: settings.initializer_range,
      settings,
    };
  },

  // The keys that only vLLM or the original code ask for are there too.
  extras({ settings }) {
    const { qk_rope_head_dim, qk_nope_head_dim, num_attention_heads } = settings as Settings;
    return {
      architectures: ['DeepseekV3ForCausalLM'],
      attention_dropout: 0,
      head_dim: qk_rope_head_dim,
      moe_layer_freq: 1,
      num_key_value_heads: num_attention_heads,
      qk_head_dim: qk_nope_head_dim + qk_rope_head_dim,
      scoring_func: 'sigmoid',
      topk_method: 'noaux_tc',
    };
  },

  floatKeys: ['routed_scaling_factor'],

  tensors(architecture) {
    const { width } = architecture;
    const layers = allLayers(architecture);
    const own = namedTensors(architecture, NAMES).flatMap((tensor): DiskTensor[] => {
      const { name, parameter } = tensor;
      const { feedForward } = layers[Number(parameter.split('.')[1])] ?? {};
      // transformers always has shared experts: where there are none, their tensors are there with no elements.
      if (!isBuffer(parameter) || feedForward?.kind !== 'experts' || feedForward.numShared > 0) return [tensor];
      const prefix = name.replace(/gate\.e_score_correction_bias$/, 'shared_experts.');
      return [
        tensor,
        { name: `${prefix}gate_proj.weight`, shape: [0, width] },
        { name: `${prefix}up_proj.weight`, shape: [0, width] },
        { name: `${prefix}down_proj.weight`, shape: [width, 0] },
      ];
    });
    return architecture.mtp ? [...own, ...mtpCopies(architecture)] : own;
  },

  leavesOut: isLeftOut,

  // transformers writes num_nextn_predict_layers 1 beside weights that have no such module.
  asStored(description, names) {
    const { architecture, settings } = description;
    const prefix = `model.${mtpPrefix(architecture)}`;
    if (!architecture.mtp || [...names].some((name) => name.startsWith(prefix))) return description;
    const { mtp: _, ...others } = architecture;
    return { ...description, architecture: others, settings: { ...settings, num_nextn_predict_layers: 0 } };
  },
};
