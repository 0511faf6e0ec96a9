// Learning from preferences as a pipeline of the page: pairs of a simulated rater or the reader's own, a grader taught by them,
// GRPO for its grades, and beside it GRPO for right answers.
import { hashText } from '../lib/hash';
import { inputName } from '../protocol/lineage';
import { CLIMB, LEARNED_ALONE, type PreferenceText, TRUTH_ALONE } from '../protocol/preferences';
import type { RaterName } from '../rewards/raters';

export const LEARNED = 'learned';
export const VERIFIED = 'verified';
const [GIVEN, PAIRS, GRADER] = ['mine', 'pairs', 'grader'];

/** Whose preferences: a simulated rater's, or what the reader chose. */
export type Judge = RaterName | readonly PreferenceText[];

/** Fewer choices than these say too little to learn from. */
export const FEWEST_PAIRS = 6;
const SAMPLED_PAIRS = 256;
const STEPS = 60;
const GROUPS = { num_prompts: 8, num_generations: 8, max_steps: STEPS } as const;
const EVALUATION = { problems: 64, temperature: 1 } as const;

/** The pipeline without a name. @param input the model that it starts from */
export function preferenceStages(input: string, judge: Judge) {
  const isSimulated = typeof judge === 'string';
  const grpo = { kind: 'grpo', from: input, preset: 'R1-Zero' } as const;
  return {
    ...{ task: 'chained_sums', inputs: [input], evaluation: EVALUATION },
    ...(!isSimulated && { preferences: { [PAIRS]: judge } }),
    stages: [
      ...(isSimulated
        ? [
            {
              kind: 'pairs',
              name: PAIRS,
              from: input,
              sampling: { rater: judge, pairs: SAMPLED_PAIRS, temperature: 1 },
            },
          ]
        : []),
      {
        ...{ kind: 'reward-model', name: GRADER, from: input, pairs: PAIRS },
        training: isSimulated
          ? { per_device_train_batch_size: 16, num_train_epochs: 4 }
          : { per_device_train_batch_size: Math.min(8, judge.length), num_train_epochs: 8 },
      },
      {
        ...grpo,
        ...{ name: LEARNED, reward_model: GRADER },
        options: { ...CLIMB, ...GROUPS, reward_weights: LEARNED_ALONE },
      },
      { ...grpo, name: VERIFIED, options: { ...CLIMB, ...GROUPS, reward_weights: TRUTH_ALONE } },
    ],
  };
}

/**
 * The pipeline as a file, under a name that its judge and its model decide: the same ones are gone on with.
 * @param model the name of the loaded model, which it starts from
 */
export function preferencePipeline(model: string, judge: Judge): { readonly name: string; readonly text: string } {
  const input = inputName(model);
  const key = hashText(JSON.stringify([input, judge]))
    .toString(16)
    .padStart(8, '0');
  const name = `preference-${typeof judge === 'string' ? judge : GIVEN}-${key}`;
  const pipeline = {
    name,
    summary: `What ${model} becomes when it is rewarded by a learned reward, and by the verifier.`,
    ...preferenceStages(input, judge),
  };
  return { name, text: `${JSON.stringify(pipeline, null, 2)}\n` };
}
