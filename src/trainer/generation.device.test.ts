// What the sampler draws does not depend on how it was batched, and its log-probabilities are the trainer's.
import { beforeAll, describe, expect, it } from 'vitest';
import type { GenerateRequest } from '../engine/generateRequest';
import { type DecodePace, Generator } from '../engine/generator';
import { type LanguageModel, loadLanguageModel } from '../engine/languageModel';
import type { Rollout } from '../engine/rollout';
import { floatTensor, numElements } from '../lib/tensors/storedTensor';
import type { GroupedQueryAttention } from '../model/architecture';
import { initialTensors } from '../model/parameters';
import { expectClose } from '../testing/close';
import { normalFloats } from '../testing/numbers';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { rolloutKey } from './evaluation/evaluate';
import { ScorePass } from './scorePass';
import { initialFolder } from './texts/pretrain';
import { TrainingBatch } from './trainingPass';

const runtime = setUpRuntime();
const MAX_NEW_TOKENS = 20;
const QUESTIONS = ['1+2=?', '2-1+2-0+1=?', '0-2=?'];
const MEMBERS = 3;

let model: LanguageModel;
let prompts: number[][];

/** One generator a size, so that each test sees programs compiled for its own batch. */
async function generate(
  groups: readonly number[],
  members: readonly number[],
  changes: Partial<GenerateRequest['sampling']> = {},
  room = groups.length * members.length,
  of = model,
  pace?: DecodePace,
  readsByStep = false,
): Promise<{ rollouts: Rollout[]; ended: Rollout[]; readbacks: number; steps: number }> {
  const capacity = {
    rollouts: room,
    maxNewTokens: MAX_NEW_TOKENS,
    promptTokens: 64,
    hasAlternatives: false,
    readsByStep,
  };
  const generator = new Generator(runtime(), of.weights, capacity, pace);
  const ended: Rollout[] = [];
  const rollouts = await generator.generate({
    prompts: groups.map((group) => prompts[group] as number[]),
    members: members.length,
    sampling: {
      temperature: 1,
      topP: 1,
      topK: 0,
      maxNewTokens: MAX_NEW_TOKENS,
      endTokens: model.tokenizer.endTokens,
      numTokens: model.tokenizer.vocabSize,
      ...changes,
    },
    key: (g, m) => rolloutKey(5, 'rollout', groups[g] as number, members[m] as number),
    onEnded: (rollouts) => ended.push(...rollouts),
  });
  const { readbacks, steps } = generator.timing;
  await generator.destroy();
  return { rollouts, ended, readbacks, steps };
}

const GROUPED: GroupedQueryAttention = {
  kind: 'groupedQuery',
  heads: 4,
  kvHeads: 2,
  headWidth: 8,
  rope: { width: 8, theta: 10000, isInterleaved: false, scaling: null },
  scale: 8 ** -0.5,
  hasBias: false,
  hasOutputBias: false,
  headNorm: null,
  window: null,
};

/** The tiny model with grouped-query attention in place of the latent one, and experts chosen by a softmax. */
function groupedModel(changes: Partial<GroupedQueryAttention> = {}): Promise<LanguageModel> {
  const folder = initialFolder(tinyRecipe());
  const attention = { ...GROUPED, ...changes };
  const layers = folder.description.architecture.layers.map((layer) => {
    const { feedForward } = layer;
    if (feedForward.kind === 'dense') return { ...layer, attention };
    return {
      ...layer,
      attention,
      feedForward: { ...feedForward, scores: 'softmax' as const, hasSelectionBias: false },
    };
  });
  const architecture = { ...folder.description.architecture, layers };
  const tensors = initialTensors(architecture, 0.3, 3);
  for (const [name, { shape }] of tensors)
    if (/\.bias$|(query|key)Norm/.test(name))
      tensors.set(name, floatTensor(shape, normalFloats(numElements(shape), 1)));
  const description = { ...folder.description, architecture };
  return loadLanguageModel(runtime(), 'grouped', { ...folder, description, tensors }, false);
}

beforeAll(async () => {
  model = await tinyModel(runtime(), false);
  prompts = QUESTIONS.map((question) => model.tokenizer.encodePrompt(question));
});

const draws = ({ tokens, logps, entropies, stop }: Rollout) => ({ tokens, logps, entropies, stop });

describe('a batch of rollouts', () => {
  it('equals its rows generated alone, bit for bit', async () => {
    const { rollouts } = await generate([0, 1, 2], [0, 1, 2]);
    for (const rollout of rollouts) {
      const alone = await generate([rollout.group], [rollout.member]);
      expect(alone.rollouts.map(draws)).toEqual([draws(rollout)]);
    }
    // Else the comparison would be of equal things.
    expect(new Set(rollouts.map((rollout) => rollout.tokens.join())).size).toBe(rollouts.length);
  });

  it('of grouped queries over keys in a window equals its rows generated alone, bit for bit', async () => {
    const of = await groupedModel({ window: 5 });
    const { rollouts } = await generate([0, 1, 2], [0, 1, 2], {}, 9, of);
    for (const rollout of rollouts) {
      const alone = await generate([rollout.group], [rollout.member], {}, 1, of);
      expect(alone.rollouts.map(draws)).toEqual([draws(rollout)]);
    }
  });

  it('is the same in a generator with room for more', async () => {
    const { rollouts } = await generate([0, 1, 2], [0, 1, 2]);
    expect((await generate([0, 1, 2], [0, 1, 2], {}, 31)).rollouts).toEqual(rollouts);
  });

  it('is drawn by many as by few, from experts that see as many tokens', async () => {
    const draw = async (room: number) => {
      model.weights.clearLoads();
      const { rollouts } = await generate([0, 1, 2], [0, 1, 2], {}, room);
      const [loads] = await runtime().readback.read([model.weights.loadsRange]);
      return { tokens: rollouts.map(({ tokens }) => tokens), loads: model.weights.unpackLoads(loads as ArrayBuffer) };
    };
    expect(await draw(64)).toEqual(await draw(9));
  });

  it('is the same among so many that one workgroup does not sort them', async () => {
    const few = await generate([0, 1, 2], [0, 1, 2], {}, 64);
    const many = await generate(
      [0, 1, 2],
      Array.from({ length: 60 }, (_, member) => member),
    );
    const same = many.rollouts.filter(({ member }) => member < MEMBERS);
    expect(same.map(draws)).toEqual(few.rollouts.map(draws));
  });

  it('is the same twice', async () => {
    const first = await generate([0, 1, 2], [0, 1, 2], { topP: 0.9, topK: 30 });
    const second = await generate([0, 1, 2], [0, 1, 2], { topP: 0.9, topK: 30 });
    expect(second.rollouts).toEqual(first.rollouts);
  });

  it('shares the prompt of a group and draws what each member would with a prompt of its own', async () => {
    const shared = await generate([1], [0, 1, 2]);
    const apart = await Promise.all([0, 1, 2].map((member) => generate([1], [member])));
    expect(shared.rollouts.map(draws)).toEqual(apart.flatMap(({ rollouts }) => rollouts.map(draws)));
    expect(shared.rollouts).toHaveLength(MEMBERS);
  });

  it.each([
    { stepsPerLook: 1, stepsAhead: 0 },
    { stepsPerLook: 1, stepsAhead: 1 },
    { stepsPerLook: 3, stepsAhead: 2 },
    { stepsPerLook: 7, stepsAhead: 7 },
    { stepsPerLook: MAX_NEW_TOKENS, stepsAhead: 0 },
  ])('is the same, and sends as many tokens to each expert, at a pace of %o', async (pace) => {
    const draw = async (given?: DecodePace) => {
      model.weights.clearLoads();
      const { rollouts } = await generate([0, 1, 2], [0, 1, 2], {}, 9, model, given);
      const [loads] = await runtime().readback.read([model.weights.loadsRange]);
      return { rollouts, loads: model.weights.unpackLoads(loads as ArrayBuffer) };
    };
    const usual = await draw();
    // Some end on the way, so that batches shrink at different steps.
    expect(new Set(usual.rollouts.map(({ tokens }) => Math.ceil(tokens.length / 7))).size).toBeGreaterThan(1);
    expect(await draw(pace)).toEqual(usual);
  });

  it('hands out each rollout once when it has ended', async () => {
    const { rollouts, ended } = await generate([0, 1, 2], [0, 1, 2]);
    expect(ended).toHaveLength(rollouts.length);
    expect(new Set(ended.map(({ group, member }) => rollouts[group * MEMBERS + member]))).toEqual(new Set(rollouts));
    for (const rollout of ended) expect(rollouts[rollout.group * MEMBERS + rollout.member]).toEqual(rollout);
  });

  it('is looked at once in eight decode steps at most', async () => {
    const { readbacks, steps } = await generate([0, 1, 2], [0, 1, 2], { endTokens: [] });
    expect(steps).toBe(MAX_NEW_TOKENS);
    expect(readbacks).toBeLessThanOrEqual(Math.ceil(steps / 8));
  });
});

describe('prompts that are read token by token', () => {
  const TOLERANCE = { absolute: 1e-5, because: 'other kernels add the same numbers in another order' };
  const draw = async (groups: readonly number[], members: readonly number[], readsByStep: boolean) => {
    model.weights.clearLoads();
    const { rollouts } = await generate(
      groups,
      members,
      {},
      groups.length * members.length,
      model,
      undefined,
      readsByStep,
    );
    const [loads] = await runtime().readback.read([model.weights.loadsRange]);
    return { rollouts, loads: model.weights.unpackLoads(loads as ArrayBuffer) };
  };

  it('are followed by what follows prompts read at once, from experts that saw as many tokens', async () => {
    const [byStep, atOnce] = [await draw([0, 1, 2], [0, 1, 2], true), await draw([0, 1, 2], [0, 1, 2], false)];
    expect(byStep.rollouts.map(({ tokens }) => tokens)).toEqual(atOnce.rollouts.map(({ tokens }) => tokens));
    byStep.rollouts.forEach(({ logps }, i) => {
      expectClose(logps, (atOnce.rollouts[i] as Rollout).logps, TOLERANCE);
    });
    expect(byStep.loads).toEqual(atOnce.loads);
  });

  it('are followed by the same bits however many are read and drawn', async () => {
    const { rollouts } = await draw([0, 1, 2], [0, 1, 2], true);
    for (const rollout of rollouts) {
      const alone = await draw([rollout.group], [rollout.member], true);
      expect(alone.rollouts.map(draws)).toEqual([draws(rollout)]);
    }
  });
});

interface ModelChanges {
  readonly queryRank?: number | null;
  readonly numShared?: number;
  readonly grouped?: Partial<GroupedQueryAttention>;
}

describe('the full forward pass', () => {
  async function score(sequences: number[][], temperature = 1, of = model): Promise<number[][]> {
    const owner = new TrainingBatch(runtime(), of.weights, 512);
    const program = await ScorePass.compile(owner, of.weights, { temperature });
    const starts = owner.batch.write(sequences);
    program.submit();
    const logps = await program.readLogProbs();
    program.destroy();
    owner.destroy();
    return sequences.map((sequence, i) => {
      const start = starts[i] as number;
      return [...logps.subarray(start, start + sequence.length - 1)];
    });
  }

  /** Everything that the tiny model has not, of sizes that are multiples of nothing. */
  async function oddModel(queryRank: number | null, numShared: number): Promise<LanguageModel> {
    const recipe = tinyRecipe({
      model: {
        hidden_size: 15,
        intermediate_size: 13,
        num_hidden_layers: 2,
        num_attention_heads: 3,
        first_k_dense_replace: 1,
        n_routed_experts: 6,
        n_group: 3,
        topk_group: 2,
        n_shared_experts: numShared,
        moe_intermediate_size: 7,
        kv_lora_rank: 9,
        q_lora_rank: queryRank,
        qk_nope_head_dim: 3,
        qk_rope_head_dim: 6,
        v_head_dim: 5,
        rope_interleave: false,
        attention_bias: true,
        tie_word_embeddings: true,
        initializer_range: 0.3,
      },
    });
    const folder = initialFolder(recipe);
    const tensors = new Map(folder.tensors);
    for (const [name, { shape }] of tensors)
      if (name.endsWith('.bias')) tensors.set(name, floatTensor(shape, normalFloats(numElements(shape), 1)));
    return loadLanguageModel(runtime(), recipe.name, { ...folder, tensors }, false);
  }

  async function modelOf(s: ModelChanges): Promise<LanguageModel> {
    if (s.grouped) return groupedModel(s.grouped);
    return s.queryRank === undefined ? model : oddModel(s.queryRank, s.numShared ?? 0);
  }

  // A generator with room for many rollouts multiplies in other kernels than one for few.
  it.each([
    { temperature: 1, room: 9 },
    { temperature: 0.6, room: 9 },
    { temperature: 1, room: 64 },
    { temperature: 1, room: 9, queryRank: 5 },
    { temperature: 1, room: 64, queryRank: 5 },
    // Without a low-rank query only the latent's projection has a bias.
    { temperature: 1, room: 9, queryRank: null },
    { temperature: 1, room: 9, queryRank: null, numShared: 2 },
    { temperature: 1, room: 64, queryRank: null, numShared: 2 },
    { temperature: 1, room: 9, grouped: {} },
    { temperature: 1, room: 64, grouped: { hasBias: true, hasOutputBias: true, window: 4 } },
    { temperature: 1, room: 9, grouped: { kvHeads: 1, headWidth: 7, rope: null } },
    {
      temperature: 1,
      room: 9,
      grouped: {
        kvHeads: 4,
        rope: { width: 4, theta: 100, isInterleaved: true, scaling: { kind: 'linear', factor: 2 } },
        headNorm: { kind: 'perHead', epsilon: 1e-6 },
      },
    },
    { temperature: 1, room: 64, grouped: { headNorm: { kind: 'wholeWidth', epsilon: 1e-5 }, window: 9 } },
  ] as const)('gives the log-probabilities that cached decoding drew with, for %o', async (s) => {
    const { temperature, room } = s;
    const of = await modelOf(s);
    const { rollouts } = await generate([0, 1, 2], [0, 1, 2], { temperature }, room, of);
    const sequences = rollouts.map(({ group, tokens }) => [...(prompts[group] as number[]), ...tokens]);
    const scored = await score(sequences, temperature, of);
    const differences = rollouts.flatMap(({ group, logps }, i) =>
      logps.map((logp, t) => Math.abs(logp - (scored[i]?.[(prompts[group] as number[]).length - 1 + t] as number))),
    );
    expect(differences.length).toBeGreaterThan(100);
    // f32 sums of a few dozen terms in another order, on log-probabilities of a few nats.
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  });

  it('scores a packed batch as its sequences alone, bit for bit', async () => {
    const { rollouts } = await generate([0, 1, 2], [0, 1]);
    const sequences = rollouts.map(({ group, tokens }) => [...(prompts[group] as number[]), ...tokens]);
    const together = await score(sequences);
    for (const [i, sequence] of sequences.entries()) expect(await score([sequence])).toEqual([together[i]]);
  });
});
