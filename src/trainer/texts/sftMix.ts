// Where the texts of supervised fine-tuning come from: sets of traces, and documents of a corpus, mixed by shares.
import * as v from 'valibot';
import { SoliloquyError } from '../../lib/errors';
import { rng } from '../../lib/rng';
import { type CorpusDocument, corpusSettingsSchema, document } from '../../tasks/corpus';
import { completeDifficulty } from '../../tasks/difficulty';
import { NIM } from '../../tasks/games/nimPosition';
import { NIM_TEACHER, nimTeacherSchema } from '../../tasks/games/nimTeacher';
import { teacherDocument } from '../../tasks/games/teacherGames';
import { proposalDocument } from '../../tasks/proposals';
import { getTask } from '../../tasks/registry';
import type { Difficulty } from '../../tasks/task';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import { lengthOf, type Sequence } from '../packing';
import { type SftPair, sftText, shuffledTexts } from './sft';

const share = v.optional(v.pipe(v.number(), v.gtValue(0)), 1);

/** Relative shares of texts; a set is gone through again and again, a corpus never ends. */
export const sftSourceSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('set'),
    /** Name of a set of question–completion pairs. */
    set: v.string(),
    share,
  }),
  v.strictObject({
    kind: v.literal('corpus'),
    corpus: v.optional(corpusSettingsSchema, {}),
    /** Task and difficulty, where they are others than the stage's. */
    task: v.optional(v.string()),
    difficulty: v.optional(v.record(v.string(), v.number())),
    share,
  }),
  /** Moves of a mediocre player of Nim, out of games against itself. */
  v.strictObject({
    kind: v.literal('games'),
    teacher: v.optional(nimTeacherSchema, NIM_TEACHER),
    /** Where it is another than the stage's. */
    difficulty: v.optional(v.record(v.string(), v.number())),
    share,
  }),
  /** Problems of the stage's task, asked by nobody: the question `?`, a problem for an answer. */
  v.strictObject({ kind: v.literal('proposals'), share }),
]);
export type SftSource = v.InferOutput<typeof sftSourceSchema>;

/** A set has no pair to learn from, or texts that cannot be trained on. */
export class SftSetError extends SoliloquyError {
  readonly code = 'bad_sft_set';
}

export interface SftMixContext {
  readonly tokenizer: Tokenizer;
  readonly seed: number;
  /** The most tokens of one text. */
  readonly maxTokens: number;
  readonly task: string;
  readonly difficulty: Difficulty;
  /** The pairs of a set by its name. */
  pairsOf(set: string): readonly SftPair[];
}

/**
 * Text number `index` of the mix, always the same for the same index and seed: one draw chooses the source, a second text
 * number within it. Throws SftSetError where a set is empty or a text too long.
 */
export function sftMix(sources: readonly SftSource[], context: SftMixContext): (index: number) => Sequence {
  const texts = sources.map((source, place) => sourceTexts(source, place, context));
  const total = sources.reduce((sum, source) => sum + source.share, 0);
  return (index) => {
    const draw = rng(context.seed, 'mix', index);
    let point = draw.uniform() * total;
    const chosen = sources.findIndex((source) => {
      point -= source.share;
      return point < 0;
    });
    const textAt = texts.at(chosen) as (index: number) => Sequence;
    return textAt(index);
  };
}

function sourceTexts(source: SftSource, place: number, context: SftMixContext): (index: number) => Sequence {
  const { tokenizer, seed, maxTokens } = context;
  if (source.kind === 'set') {
    const texts = context.pairsOf(source.set).map((pair) => sftText(tokenizer, pair));
    const longest = texts.reduce((most, text) => Math.max(most, lengthOf(text)), 0);
    if (texts.length === 0) {
      throw new SftSetError(
        `The set ${source.set} is empty: no answer was kept.`,
        'Sample more problems or answers, or filter less strictly.',
      );
    }
    if (longest > maxTokens) {
      throw new SftSetError(
        `The set ${source.set} has a text of ${longest} tokens; at most ${maxTokens} fit.`,
        'Raise tokens_per_step, or bound max_thinking_tokens.',
      );
    }
    return shuffledTexts(texts, seed + place);
  }
  const documentAt = sourceDocuments(source, place, context);
  return (index) => sftText(tokenizer, documentAt(index));
}

/** Document number `index` of a source that never ends. @param place of the source among the mix's. */
export function sourceDocuments(
  source: Exclude<SftSource, { kind: 'set' }>,
  place: number,
  { seed, ...stage }: Pick<SftMixContext, 'seed' | 'task' | 'difficulty'>,
): (index: number) => CorpusDocument {
  if (source.kind === 'games') {
    const difficulty = completeDifficulty(getTask(NIM).dials, source.difficulty ?? stage.difficulty);
    return (index) => teacherDocument(difficulty, source.teacher, seed, index, place);
  }
  if (source.kind === 'proposals') {
    const task = getTask(stage.task);
    const difficulty = completeDifficulty(task.dials, stage.difficulty);
    return (index) => proposalDocument(task, difficulty, rng(seed, 'corpus', index, place));
  }
  const task = getTask(source.task ?? stage.task);
  const given = source.difficulty ?? (source.task === undefined ? stage.difficulty : {});
  const difficulty = completeDifficulty(task.dials, given);
  return (index) => document(task, difficulty, source.corpus, rng(seed, 'corpus', index, place));
}
