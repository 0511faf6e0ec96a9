// A pipeline's run in one sentence: how often its first checkpoint was right, and its last. Pure.
import type { Done, PipelineRun } from '../../protocol/protocol';

export interface PipelineStory {
  readonly first: string;
  readonly before: number;
  readonly last: string;
  readonly now: number;
  /** Held-out problems that each of the two was asked. */
  readonly problems: { readonly before: number; readonly now: number };
}

/** Undefined until two checkpoints were measured. */
export function findStory(done: PipelineRun['done']): PipelineStory | undefined {
  const measured = done.filter((checkpoint): checkpoint is Done & Required<Pick<Done, 'evaluation'>> =>
    Boolean(checkpoint.evaluation),
  );
  const first = measured[0];
  const last = measured.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  return {
    first: first.name,
    before: first.evaluation.accuracy,
    last: last.name,
    now: last.evaluation.accuracy,
    problems: { before: first.evaluation.problems, now: last.evaluation.problems },
  };
}
