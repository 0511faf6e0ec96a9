// The answers of a step as a file has them: parsed, not believed.
import * as v from 'valibot';
import type { RolloutGroup } from './run';

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9));
// JSON has null for a number that is not finite.
const figure = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
);
const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const rewardName = v.pipe(v.string(), v.regex(/^[A-Za-z][\w/.@ -]{0,63}$/));

const memberSchema = v.object({
  tokens: v.pipe(
    v.array(v.object({ text: text(1000), part: v.picklist(['thinking', 'answer', 'tag', 'outside']), logp: figure })),
    v.maxLength(65_536),
  ),
  answer: v.optional(text(65_536)),
  rewards: v.record(rewardName, v.nullable(v.number())),
  reward: figure,
  advantage: figure,
  error: v.optional(v.object({ message: text(2000), line: v.optional(count) })),
  stopReason: v.picklist(['end', 'length', 'unknown']),
});

export const groupSchema = v.object({
  step: count,
  index: count,
  question: text(10_000),
  gold: text(10_000),
  rewardMean: figure,
  rewardStd: figure,
  isLeftOut: v.optional(v.boolean()),
  members: v.pipe(v.array(memberSchema), v.maxLength(256)),
}) as unknown as v.GenericSchema<unknown, RolloutGroup>;
