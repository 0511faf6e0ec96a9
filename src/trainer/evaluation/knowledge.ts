// The map of what a model knows, measured: held-out problems of every size, each answered once as the model answers by itself.
import { Generator } from '../../engine/generator';
import { type LanguageModel, samplingOf } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { cardTags } from '../../lib/cardTags';
import type { MeasuredCell } from '../../tasks/knowledgeMap';
import { getTask } from '../../tasks/registry';
import { allGrids, type CellPlace, cellKey, cellProblems, cellsOf, type SizeGrid } from '../../tasks/sizes';
import type { Problem } from '../../tasks/task';
import { type Tokenizer, UnreadableTextError } from '../../tokenizer/tokenizer';
import { checkAnswers } from '../health';
import { longestCompletion, MAX_PROMPT_TOKENS } from '../positions';
import { type SampleOptions, sampleAnswers } from './evaluate';

/** Looked at to tell whether a task's problems can be read. */
const LOOKED_AT = 4;

/** The grids of the tasks that a model can read, first those that its card names. */
export function readableGrids(tokenizer: Tokenizer, card: string): readonly SizeGrid[] {
  const tags = cardTags(card);
  const readable = allGrids().filter((grid) =>
    cellsOf(grid).every((place) =>
      cellProblems(place, LOOKED_AT).every(({ question }) => canRead(tokenizer, question)),
    ),
  );
  return [...readable].sort((a, b) => Number(tags.includes(b.task)) - Number(tags.includes(a.task)));
}

function canRead(tokenizer: Tokenizer, question: string): boolean {
  try {
    tokenizer.encodePrompt(question);
    return true;
  } catch (error) {
    if (error instanceof UnreadableTextError) return false;
    throw error;
  }
}

export interface KnowledgePlan {
  /** In the order in which they are measured. */
  readonly places: readonly CellPlace[];
  /** Problems of each cell, fewer where there are hardly more. */
  readonly numProblems: number;
  /** Answers at once; no number of a measurement depends on it. */
  readonly batch: number;
}

/**
 * Measures one cell after the other. Problems whose prompt is longer than what there is room for are left out.
 * @throws WreckedModelError where the weights cannot answer; the signal's reason once it is aborted.
 */
export async function* measureKnowledge(
  runtime: Runtime,
  model: LanguageModel,
  { places, numProblems, batch }: KnowledgePlan,
  { inTurn, signal }: Pick<SampleOptions, 'inTurn' | 'signal'> = {},
): AsyncGenerator<MeasuredCell> {
  const { tokenizer, architecture, generation } = model;
  // A chat template takes its part of every prompt.
  const promptTokens = MAX_PROMPT_TOKENS + tokenizer.encodePrompt('').length;
  const room = longestCompletion(architecture) + MAX_PROMPT_TOKENS - promptTokens;
  const maxNewTokens = Math.max(1, Math.min(generation.maxNewTokens, room));
  const capacity = { rollouts: batch, maxNewTokens, promptTokens: batch * promptTokens, hasAlternatives: false };
  const generator = new Generator(runtime, model.weights, capacity);
  const options = { sampling: samplingOf(model, { maxNewTokens }), seed: 0, samples: 1, inTurn, signal };
  const isShort = ({ question }: Problem) => tokenizer.encodePrompt(question).length <= promptTokens;
  try {
    for (const place of places) {
      const problems = cellProblems(place, numProblems).filter(isShort);
      const answers = await sampleAnswers(runtime, model, generator, getTask(place.task), problems, options);
      const judged = answers.flat();
      const rollouts = judged.map(({ rollout }) => rollout);
      if (rollouts.length > 0) checkAnswers(model.name, architecture.vocabulary, rollouts);
      yield { ...place, right: judged.filter(({ verdict }) => verdict.correct).length, problems: problems.length };
    }
  } finally {
    await generator.destroy();
  }
}

/** The cells that a map does not have yet. */
export function openPlaces(grids: readonly SizeGrid[], measured: readonly CellPlace[]): readonly CellPlace[] {
  const done = new Set(measured.map(cellKey));
  return grids.flatMap(cellsOf).filter((place) => !done.has(cellKey(place)));
}
