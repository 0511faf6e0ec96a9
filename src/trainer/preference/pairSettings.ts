// How pairs are made for learning from preferences, and what is told of them.
import * as v from 'valibot';
import { RATERS } from '../../rewards/raters';
import { preferenceTextSchema } from './pairs';

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

export const pairSettingsSchema = v.object({
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 42),
  /** Who compares: a name, or the largest size of problem whose answers are checked. */
  rater: v.optional(v.union([v.picklist(Object.keys(RATERS) as (keyof typeof RATERS)[]), positive]), 'teacher'),
  /** Pairs that are wanted. */
  pairs: v.optional(v.pipe(positive, v.maxValue(100_000)), 1024),
  /** Of the answers; null: the model's. */
  temperature: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0))), null),
});
export type PairSettings = v.InferOutput<typeof pairSettingsSchema>;

/** The largest size of problem that a rater checks. */
export const skillOf = (rater: PairSettings['rater']): number => (typeof rater === 'number' ? rater : RATERS[rater]);

/** A pair in TRL's preference format, and what the verifier says of its answers, which nobody learns from. */
export const sampledPairSchema = v.object({
  ...preferenceTextSchema.entries,
  chosen_correct: v.boolean(),
  rejected_correct: v.boolean(),
});
export type SampledPair = v.InferOutput<typeof sampledPairSchema>;

export const pairReportSchema = v.object({
  pairs: v.number(),
  /** Problems that were answered twice. */
  problems: v.number(),
  /** Share of the chosen answers, and of the rejected ones, that are right. */
  chosen_correct: share,
  rejected_correct: share,
});
export type PairReport = v.InferOutput<typeof pairReportSchema>;

export function pairReport(pairs: readonly SampledPair[], problems: number): PairReport {
  const right = (side: 'chosen_correct' | 'rejected_correct') =>
    pairs.filter((pair) => pair[side]).length / Math.max(1, pairs.length);
  return {
    pairs: pairs.length,
    problems,
    chosen_correct: right('chosen_correct'),
    rejected_correct: right('rejected_correct'),
  };
}
