// What rejection sampling makes: a set of texts that tell where they come from, and a count of what was left out.
import * as v from 'valibot';

/** Why an answer is left out, in the order in which the reasons are tried: each answer is counted under the first. */
export const REJECTION_REASONS = [
  'truncated',
  'malformed',
  'wrong',
  'language',
  'too_short',
  'too_long',
  'duplicate',
  'surplus',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** How many answers were sampled, kept, and left out for each reason. */
export const rejectionReportSchema = v.object({
  sampled: v.number(),
  kept: v.number(),
  dropped: v.object(v.entriesFromList(REJECTION_REASONS, v.number())),
  /** Questions to which at least one answer was kept. */
  problems: v.number(),
  /** Prompt and completion tokens of all samples. */
  tokens: v.number(),
});
export type RejectionReport = v.InferOutput<typeof rejectionReportSchema>;

/** A line of an SFT set: what is learned, and where it comes from. */
export const tracedPairSchema = v.object({
  question: v.string(),
  completion: v.string(),
  source: v.object({
    model: v.string(),
    task: v.string(),
    /** Seed, and places of the problem and the sample under it. */
    seed: v.number(),
    problem: v.number(),
    sample: v.number(),
    thinking_tokens: v.number(),
  }),
});
export type TracedPair = v.InferOutput<typeof tracedPairSchema>;
