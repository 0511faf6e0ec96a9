// From the engine's results to what the page is told: plain data of protocol.ts. Shared by the worker and the CLI's recorder.

import type { LayerChoice } from '../engine/expertChoice';
import type { LanguageModel } from '../engine/languageModel';
import type { Alternative, Rollout } from '../engine/rollout';
import type { ControlledRollout } from '../engine/thinkingControl';
import { type Architecture, expertLayers } from '../model/architecture';
import { countParameters } from '../model/parameterShapes';
import { type Lineage, lineageName } from '../protocol/lineage';
import type {
  BeforeAfter,
  BeforeAfterPair,
  ComparedAnswer,
  LayerChoices,
  ModelInfo,
  RolloutGroup,
  RolloutMember,
  ScalingMeasure,
  StreamedToken,
  TokenPart,
} from '../protocol/protocol';
import { THINK_OPEN } from '../tasks/completion';
import type { Task } from '../tasks/task';
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { Evaluation, JudgedAnswer } from '../trainer/evaluation/evaluate';
import type { Measurement } from '../trainer/evaluation/scaling';
import type { Group, GrpoStep } from '../trainer/grpo/grpoStep';
import { longestCompletion } from '../trainer/positions';

/**
 * Says which part of a completion each token belongs to, token by token.
 * @param isOpened whether its prompt opened the thought
 */
export function createPartReader(tokenizer: Tokenizer, isOpened: boolean): (id: number) => TokenPart {
  const [thinkOpen, thinkClose, answerOpen, answerClose] = ['<think>', '</think>', '<answer>', '</answer>'].map((tag) =>
    tokenizer.idOf(tag),
  );
  let inside: TokenPart = isOpened ? 'thinking' : 'outside';
  return (id) => {
    if (id === thinkOpen || id === answerOpen) {
      inside = id === thinkOpen ? 'thinking' : 'answer';
      return 'tag';
    }
    if (id === thinkClose || id === answerClose || tokenizer.endTokens.includes(id)) {
      inside = 'outside';
      return 'tag';
    }
    return inside;
  };
}

function presentAlternatives(
  tokenizer: Tokenizer,
  alternatives: readonly Alternative[],
): StreamedToken['alternatives'] {
  return alternatives.map(({ token, logp }) => ({
    id: token,
    text: tokenizer.tokenText(token),
    probability: Math.exp(logp),
  }));
}

/** A rollout's tokens from `first` on; `partOf` must have read the ones before. */
export function presentTokens(
  tokenizer: Tokenizer,
  rollout: Rollout | ControlledRollout,
  first: number,
  partOf: (id: number) => TokenPart,
): StreamedToken[] {
  return rollout.tokens.slice(first).map((id, i) => {
    const forced = 'forced' in rollout ? rollout.forced.get(first + i) : undefined;
    return {
      id,
      text: tokenizer.endTokens.includes(id) ? '' : tokenizer.tokenText(id),
      part: partOf(id),
      probability: Math.exp(rollout.logps[first + i] as number),
      entropy: rollout.entropies[first + i] as number,
      alternatives: presentAlternatives(tokenizer, rollout.alternatives[first + i] ?? []),
      ...(forced && { forced }),
    };
  });
}

/** The choices from the token at place `first` on. */
export function presentChoices(choices: readonly LayerChoice[], first: number): LayerChoices[] {
  return choices.map(({ layer, numExperts, topK, experts, weights, scores, router, bias }) => ({
    layer,
    numExperts,
    tokens: Array.from({ length: experts.length / topK - first }, (_, i) =>
      Array.from({ length: topK }, (__, k) => {
        const at = (first + i) * topK + k;
        return { expert: experts[at] as number, weight: weights[at] as number };
      }),
    ),
    scores: Array.from({ length: experts.length / topK - first }, (_, i) => [
      ...scores.subarray((first + i) * numExperts, (first + i + 1) * numExperts),
    ]),
    router: { scoring: router.scoring, isNormalized: router.isNormalized, scale: router.scale, bias: [...bias] },
  }));
}

function presentMember(tokenizer: Tokenizer, member: Group['members'][number]): RolloutMember {
  const { rollout, completion, isThinkingOpened } = member.answer;
  const partOf = createPartReader(tokenizer, isThinkingOpened);
  return {
    tokens: rollout.tokens.map((id, i) => ({
      text: tokenizer.endTokens.includes(id) ? '' : tokenizer.tokenText(id),
      part: partOf(id),
      logp: rollout.logps[i] as number,
    })),
    answer: completion.answer,
    rewards: member.score.scores,
    reward: member.score.total ?? 0,
    advantage: member.advantage,
    ...(member.score.error && { error: member.score.error }),
    stopReason: rollout.stop === 'end' ? 'end' : 'length',
  };
}

export function presentGroups(tokenizer: Tokenizer, step: GrpoStep): RolloutGroup[] {
  return step.groups.map((group, index) => ({
    step: step.step,
    index,
    question: group.problem.question,
    gold: group.problem.answer,
    rewardMean: group.rewardMean,
    rewardStd: group.rewardStd,
    isLeftOut: group.isLeftOut,
    members: group.members.map((member) => presentMember(tokenizer, member)),
  }));
}

export function presentMeasurement({ control, evaluation, accuracyInterval, votes }: Measurement): ScalingMeasure {
  const { accuracy, meanThinkingTokens } = evaluation;
  return { ...(control && { control }), accuracy, accuracyInterval, meanThinkingTokens, votes };
}

/** Two models' answers to one problem, with the token at which they part. */
function presentPair(tokenizer: Tokenizer, task: Task, before: JudgedAnswer, after: JudgedAnswer): BeforeAfterPair {
  const drawn = before.rollout.tokens;
  const other = after.rollout.tokens;
  let shared = 0;
  while (shared < drawn.length && drawn[shared] === other[shared]) shared++;
  const isSame = shared === drawn.length && shared === other.length;
  const side = ({ completion, verdict, thinkingTokens, rollout }: JudgedAnswer): ComparedAnswer => {
    const token = rollout.tokens[shared];
    return {
      text: completion.text,
      answer: completion.answer,
      correct: verdict.correct,
      thinkingTokens,
      ...(!isSame && { differing: token === undefined ? '' : tokenizer.decode([token]) }),
    };
  };
  const { problem } = before;
  const opened = before.isThinkingOpened ? THINK_OPEN.length : 0;
  return {
    question: problem.question,
    gold: problem.answer,
    ...(task.grade && { grade: task.grade.of(problem) }),
    before: side(before),
    after: side(after),
    firstDifference: isSame ? -1 : opened + tokenizer.decode(drawn.slice(0, shared)).length,
  };
}

/** Two models of one tokenizer on the same problems of a task with the same seed, side by side. */
export function presentBeforeAfter(
  tokenizer: Tokenizer,
  task: Task,
  before: Evaluation,
  after: Evaluation,
): BeforeAfter {
  return {
    ...(task.grade && { gradedBy: task.grade.name }),
    accuracyBefore: before.accuracy,
    accuracyAfter: after.accuracy,
    thinkingTokensBefore: before.meanThinkingTokens,
    thinkingTokensAfter: after.meanThinkingTokens,
    pairs: before.answers.map((answer, i) => presentPair(tokenizer, task, answer, after.answers[i] as JudgedAnswer)),
  };
}

/** No answer on Ask is longer, whatever the model has positions for. */
const MAX_ANSWER_TOKENS = 256;

/** The longest answer, in tokens, that Ask makes room for. */
export const longestAnswer = ({ maxPositions }: Pick<Architecture, 'maxPositions'>): number =>
  Math.min(MAX_ANSWER_TOKENS, maxPositions);

/** @param readme its card as it is now. */
export function presentModel(model: LanguageModel, lineage: Lineage, readme: string | undefined): ModelInfo {
  const { architecture, folder } = model;
  const { total, active } = countParameters(architecture);
  const { experts } = expertLayers(architecture)[0] ?? {};
  const { family, settings, tokenIds } = folder.description;
  const { memory } = model.weights.device;
  return {
    name: lineageName(lineage),
    baseModel: lineage.baseModel,
    runs: lineage.runs,
    settings: { model_type: family, ...settings, ...tokenIds },
    experts: experts && { numExperts: experts.numExperts, topK: experts.topK },
    generation: model.generation,
    room: { answer: longestAnswer(architecture), completion: longestCompletion(architecture) },
    numParameters: total,
    numActiveParameters: active,
    sizeBytes: total * 4,
    gpuBytes: memory.bytes,
    gpuPeakBytes: memory.peakBytes,
    readme,
    notices: folder.notices ?? [],
  };
}
