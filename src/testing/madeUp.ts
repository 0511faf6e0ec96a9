// The made-up content of the fake engine: tokens, metrics, rollouts and comparisons, each a pure function of its seed.
import { rng } from '../lib/rng';
import { wilsonInterval } from '../lib/wilson';
import nano from '../model/presets/nano.json';
import type {
  BeforeAfter,
  Catalogue,
  ComparedAnswer,
  ExpertLoad,
  GrpoConfig,
  ModelInfo,
  RolloutGroup,
  RolloutMember,
  RunRecord,
  ScalingMeasure,
  ThinkingControl,
} from '../protocol/protocol';
import { formatCompletion, parseCompletion } from '../tasks/completion';
import { task as chainedSums } from '../tasks/kinds/chainedSums';
import { allTasks } from '../tasks/registry';
import type { Problem } from '../tasks/task';
import { completionFor, PIECE, withParts } from './madeUpText';

export const MODEL: ModelInfo = {
  name: 'base',
  baseModel: 'base',
  runs: [],
  settings: { ...nano, vocab_size: 28, tie_word_embeddings: true, bos_token_id: 0, eos_token_id: 1, pad_token_id: 2 },
  experts: { numExperts: 8, topK: 2 },
  generation: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 96 },
  room: { answer: 256, completion: 192 },
  numParameters: 386_432,
  numActiveParameters: 171_200,
  sizeBytes: 1_545_728,
  gpuBytes: 21_000_000,
  gpuPeakBytes: 34_000_000,
  readme: '---\ntags:\n- chained_sums\n---\n\n# base\n\nA made-up model for the tests of the page.',
  notices: [],
};

/** Without pipelines, which know all that can be trained and so take long to read. */
export const CATALOGUE: Catalogue = {
  kept: { records: true, checkpoints: true },
  device: {
    kind: 'cpu',
    name: 'made up / no device',
    isSoftware: true,
    cpu: { threads: 2, threadLimit: 'cores', form: 'simd' },
    why: { kind: 'softwareGpu', adapter: 'made up / software' },
  },
  tasks: allTasks().map(({ name, dials, examples, game }) => ({
    name,
    dials,
    examples,
    ...(game && { isGame: true }),
  })),
  presets: [
    {
      name: 'R1-Zero',
      summary: 'Only rules reward a base model.',
      options: { learning_rate: 1e-4, loss_type: 'grpo', max_steps: 60 },
    },
    {
      name: 'DAPO',
      summary: 'The clip is wider upwards.',
      options: { learning_rate: 1e-4, loss_type: 'dapo', epsilon_high: 0.28, filter_groups: true },
    },
    {
      name: 'GSPO',
      summary: 'The ratio is taken once for a whole answer.',
      options: { learning_rate: 1e-4, importance_sampling_level: 'sequence', epsilon: 3e-4 },
    },
  ],
  rewards: [{ name: 'accuracy' }, { name: 'format' }, { name: 'won', needs: 'game' }],
  models: ['base', 'r1-zero', 'r1', 'distilled'].map((id) => ({
    id,
    sizeBytes: MODEL.sizeBytes,
    isShownFirst: id === 'r1',
  })),
  pipelines: [],
};

export function madeUpLoad(seed: number, numLayers: number, numExperts: number, numTokens: number): ExpertLoad[] {
  return Array.from({ length: numLayers }, (_, layer) => {
    const draw = rng(seed, 'init', layer);
    const counts = Array.from({ length: numExperts }, (__, expert) =>
      layer === 1 && expert === 5 ? 0 : Math.round((numTokens / numExperts) * 2 * (0.5 + draw.uniform())),
    );
    return { layer: layer + 1, counts };
  });
}

/** The made-up engine runs no code: a reward that throws anywhere fails on the first answer of every group. */
const failsInFake = ({ custom_reward }: GrpoConfig) => custom_reward.includes('throw');

/** Curves of the shapes seen in good runs: accuracy and length rise together, entropy falls. */
export function madeUpMetrics(run: RunRecord, step: number): Record<string, number> {
  const { config, evalEvery } = run.settings;
  const draw = rng(config.seed, 'shuffle', step);
  const noise = (size: number) => (draw.uniform() - 0.5) * size;
  const progress = 1 - Math.exp(-step / 20);
  const accuracy = Math.min(1, 0.39 + 0.48 * progress + noise(0.08));
  const length = 14 + 24 * (1 - Math.exp(-step / 9)) + noise(2);
  const english = 0.55 + 0.4 * progress + noise(0.04);
  const isMeasured = evalEvery > 0 && (step === 1 || step % evalEvery === 0);
  return {
    loss: noise(0.01),
    reward: accuracy + 0.1,
    ...(failsInFake(config) && { 'rewards/custom/errors': config.num_prompts }),
    reward_std: 0.4 - 0.2 * progress,
    'rewards/accuracy/mean': accuracy,
    'rewards/accuracy/std': 0.45 - 0.1 * progress,
    'rewards/format/mean': 0.99,
    frac_reward_zero_std: 0.15 + 0.3 * progress + noise(0.1),
    'completions/mean_length': length,
    'completions/mean_thinking_length': length - 5,
    'completions/min_length': length / 2,
    'completions/max_length': Math.min(config.max_completion_length, length * 1.8),
    'completions/clipped_ratio': 0.02,
    'completions/thinking_language/en': english,
    'completions/thinking_language/zh': 1 - english,
    entropy: 0.75 * Math.exp(-step / 30) + 0.15 + noise(0.05),
    kl: 0.05 * progress + Math.abs(noise(0.01)),
    grad_norm: 0.6 + noise(0.3),
    learning_rate: config.learning_rate,
    step_time: 0.3 + noise(0.02),
    num_tokens: step * 5000,
    'sampling/sampling_logp_difference/max': 1e-6,
    ...(isMeasured && {
      'eval/accuracy': Math.min(1, 0.39 + 0.46 * progress),
      'eval/mean_thinking_length': 9 + 24 * (1 - Math.exp(-step / 9)),
    }),
  };
}

/** The group as a reward that fails leaves it. */
export function withFailure(group: RolloutGroup, config: GrpoConfig): RolloutGroup {
  if (!failsInFake(config)) return group;
  const members = group.members.map((member, m) => ({
    ...member,
    advantage: 0,
    rewards: { ...member.rewards, custom: null },
    ...(m === 0 && { error: { kind: 'exception' as const, message: 'Error: no such thing', line: 2 } }),
  }));
  return { ...group, members, isLeftOut: true, rewardMean: Number.NaN, rewardStd: Number.NaN };
}

interface GroupAt {
  readonly seed: number;
  readonly step: number;
  readonly index: number;
  readonly size: number;
}

export function madeUpGroup(problem: Problem, { seed, step, index, size }: GroupAt): RolloutGroup {
  const draw = rng(seed, 'rollout', step, index);
  const skill = 0.4 + 0.5 * (1 - Math.exp(-step / 20));
  const isEasy = index % 5 === 4;
  const drafts = Array.from({ length: size }, () => {
    const isRight = isEasy || draw.chance(skill);
    const isCut = !isRight && draw.chance(0.2);
    const whole = isRight
      ? completionFor(problem, draw, draw.chance(0.7) ? 'en' : 'mixed')
      : formatCompletion('', chainedSums.blunder(problem, draw));
    const text = isCut ? completionFor(problem, draw).slice(0, -9) : whole;
    const { answer, wellFormed } = parseCompletion(text);
    const accuracy = chainedSums.verify(problem, answer).correct ? 1 : 0;
    const format = wellFormed ? 1 : 0;
    return { text, answer, isCut, rewards: { accuracy, format }, reward: accuracy + 0.1 * format };
  });
  const mean = drafts.reduce((sum, { reward }) => sum + reward, 0) / size;
  const std = Math.sqrt(drafts.reduce((sum, { reward }) => sum + (reward - mean) ** 2, 0) / (size - 1));
  const members = drafts.map(
    ({ text, answer, isCut, rewards, reward }): RolloutMember => ({
      tokens: withParts(text).map((token) => ({ ...token, logp: Math.log(0.6 + 0.4 * draw.uniform()) })),
      answer,
      rewards,
      reward,
      advantage: (reward - mean) / (std + 1e-4),
      stopReason: isCut ? 'length' : 'end',
    }),
  );
  const { question, answer: gold } = problem;
  return { step, index, question, gold, rewardMean: mean, rewardStd: std, members };
}

export function madeUpBeforeAfter(numProblems: number, seed: number): BeforeAfter {
  const pairs = Array.from({ length: numProblems }, (_, index) => {
    const draw = rng(seed, 'evaluate', index);
    const problem = chainedSums.generate(draw, {});
    const right = completionFor(problem, draw);
    const wrong = formatCompletion('', chainedSums.blunder(problem, draw));
    const side = (isRight: boolean): ComparedAnswer => {
      const text = isRight ? right : wrong;
      const thinkingTokens = withParts(text).filter(({ part }) => part === 'thinking').length;
      return { text, answer: parseCompletion(text).answer, correct: isRight, thinkingTokens };
    };
    const before = side(draw.chance(0.4));
    const after = side(draw.chance(0.85));
    const same = (before.text === after.text ? before.text : /^(?:<think>)?/.exec(before.text)?.[0]) ?? '';
    const isSame = before.text === after.text;
    const parted = (side: ComparedAnswer): ComparedAnswer =>
      isSame ? side : { ...side, differing: side.text.slice(same.length).match(PIECE)?.[0] ?? '' };
    return {
      question: problem.question,
      gold: problem.answer,
      grade: chainedSums.grade.of(problem),
      before: parted(before),
      after: parted(after),
      firstDifference: isSame ? -1 : same.length,
    };
  });
  const share = (count: number) => count / Math.max(1, numProblems);
  return {
    gradedBy: chainedSums.grade.name,
    accuracyBefore: share(pairs.filter(({ before }) => before.correct).length),
    accuracyAfter: share(pairs.filter(({ after }) => after.correct).length),
    thinkingTokensBefore: 9.8,
    thinkingTokensAfter: 30.9,
    pairs,
  };
}

/** The first model hardly gains from thinking, the second does. */
export function madeUpMeasure(model: number, control: ThinkingControl | undefined, samples: number): ScalingMeasure {
  const natural = model === 0 ? 10 : 31;
  const meanThinkingTokens =
    control === undefined
      ? natural
      : control.budget === null
        ? natural + 4 + 9 * control.waits
        : Math.min(control.budget, natural);
  const accuracy = 0.28 + (model === 0 ? 0.12 : 0.6) * (1 - Math.exp(-meanThinkingTokens / 14));
  const sizes = [...new Set([1, 2, 4, 8, 16, 32].filter((k) => k < samples).concat(samples))];
  const votes = sizes.map((k) => ({
    k,
    pass: 1 - (1 - accuracy) ** k,
    majority: accuracy + (accuracy > 0.5 ? 0.06 : 0.01) * Math.log2(k),
  }));
  return {
    ...(control && { control }),
    accuracy,
    accuracyInterval: wilsonInterval(accuracy * 64, 64),
    meanThinkingTokens,
    votes,
  };
}
