// The record of a run that another program trained, as it is kept beside those of this one.
import { grpoConfig } from '../../trainer/grpo/grpoConfig';
import type { RunRecord } from '../run';
import type { RunElsewhere } from './readResults';

const MAX_NAME = 80;

/** A name as it can be shown: on one line, and read in the order in which it is written. */
const shownAs = (text: string | undefined): string =>
  (text ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}]/gu, '')
    .trim()
    .slice(0, MAX_NAME);

export function recordOf({ name, about, steps, maxSteps }: RunElsewhere, id: string, now: Date): RunRecord {
  const step = steps.at(-1)?.metrics.step ?? 0;
  const { told } = about;
  const model = told.model_name_or_path ?? told.model ?? told['actor_rollout_ref.model.path'];
  return {
    id,
    name: shownAs(name) || about.by,
    createdAt: now.toISOString(),
    madeElsewhere: about,
    baseModel: shownAs(model) || '?',
    parents: [],
    settings: {
      task: shownAs(told.task) || '?',
      difficulty: {},
      preset: about.by,
      config: grpoConfig({ max_steps: Math.max(1, step, maxSteps ?? 0) }),
      evalProblems: 0,
      evalEvery: 0,
      checkpointEvery: 0,
    },
    devices: [],
    step,
    status: 'finished',
  };
}
