// Which pipeline is looked at, and in which form. Pure.
import type { Catalogue, PipelineInfo, PipelineRun } from '../worker/protocol';

/** What the reader chose so far. */
export interface PipelineChoice {
  /** A pipeline by the name of its full form. */
  readonly chosen: string | undefined;
  readonly isMini: boolean | undefined;
}

export interface ChosenPipeline {
  readonly full: PipelineInfo;
  readonly isMini: boolean;
  /** As it was begun, or as it would be. */
  readonly pipeline: PipelineInfo;
  readonly run: PipelineRun | undefined;
}

const DEFAULT = 'r1';

/**
 * What the reader chose; where nothing was chosen, what was begun here, unfinished first; else R1, in the form that suits the
 * device.
 */
export function chosenPipeline(
  { pipelines, device }: Pick<Catalogue, 'pipelines' | 'device'>,
  runs: Readonly<Record<string, PipelineRun>>,
  choice: PipelineChoice,
): ChosenPipeline | undefined {
  const isOpen = ({ status }: PipelineRun) => Number(status !== 'finished');
  const begun = Object.values(runs)
    .sort((a, b) => isOpen(b) - isOpen(a))
    .map(({ pipeline }) => pipeline.name);
  const wanted = choice.chosen ?? begun[0] ?? DEFAULT;
  const pair = pipelines.find(({ full, mini }) => full.name === wanted || mini.name === wanted) ?? pipelines[0];
  if (pair === undefined) return undefined;
  const { full, mini } = pair;
  const inForm = begun.find((name) => name === full.name || name === mini.name);
  const isMini = choice.isMini ?? (inForm === undefined ? device.isSoftware : inForm === mini.name);
  const ready = isMini ? mini : full;
  const run = runs[ready.name];
  return { full, isMini, pipeline: run?.pipeline ?? ready, run };
}
