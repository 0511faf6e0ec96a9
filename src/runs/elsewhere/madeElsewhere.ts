// What is kept of a run that another program trained: who, with which settings, and what of its files was not taken as it was.
import * as v from 'valibot';

/** At most so many settings and so many names of anything are kept. */
export const MAX_TOLD = 500;
const MAX_NAMES = 20;
const MAX_STEP = 1e9;

const word = v.pipe(v.string(), v.maxLength(1000));
const names = v.pipe(v.array(word), v.maxLength(MAX_NAMES));
const count = v.pipe(v.number(), v.minValue(0));

/** What of the files was not taken as it was. */
const remarkSchema = v.variant('kind', [
  /** Neighbouring steps were joined: the later one's value of each metric is kept. */
  v.object({ kind: v.literal('stepsJoined'), found: count, stride: count }),
  /** Answers of some steps only were kept. */
  v.object({ kind: v.literal('answersThinned'), found: count, kept: count }),
  v.object({ kind: v.literal('rowsLeftOut'), count }),
  v.object({ kind: v.literal('textsCut'), count }),
  v.object({ kind: v.literal('lastLineCut'), files: names }),
  v.object({ kind: v.literal('linesAsSteps') }),
  /** Columns that hold neither numbers nor what is known. */
  v.object({ kind: v.literal('columnsLeftOut'), names }),
  v.object({ kind: v.literal('metricsLeftOut'), count }),
  /** Its rewards were summed with weight 1: the file has no sum and no weights. */
  v.object({ kind: v.literal('rewardsSummed') }),
  /** Its rewards have other weights than 1, as their metrics show, and the files do not say which. */
  v.object({ kind: v.literal('weightsUnknown') }),
  /** Answers of an evaluation, one to a question, that stood among the groups. */
  v.object({ kind: v.literal('singlesLeftOut'), count }),
  /** There is no file of metrics: they were computed from the answers. */
  v.object({ kind: v.literal('metricsOfAnswers') }),
]);

export const madeElsewhereSchema = v.object({
  /** The program, as far as its files show. */
  by: v.picklist(['TRL', 'veRL', 'other']),
  /** Its settings under its own names, as its files have them; nothing beyond them is known. */
  told: v.record(word, word),
  remarks: v.pipe(v.array(remarkSchema), v.maxLength(50)),
});

export type Remark = v.InferOutput<typeof remarkSchema>;
export type MadeElsewhere = v.InferOutput<typeof madeElsewhereSchema>;

/** Whether a value is the number of a step. */
export const isStep = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_STEP;

export const STEP_REMEDY = `A step is a whole number from 0 to ${MAX_STEP}; nothing was kept.`;

/** A remark's list of names, of which some may be too many or too long. */
export const fewNames = (all: Iterable<string>): string[] =>
  [...all].slice(0, MAX_NAMES).map((name) => name.slice(0, 100));
