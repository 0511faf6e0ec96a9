// Which pipeline is looked at, and in which form. Pure.
import type { Catalogue, PipelineInfo, PipelineRun } from '../protocol/protocol';

/** What the reader chose so far. */
export interface PipelineChoice {
  /** A pipeline by the name of its full form, or one from a file by its own. */
  readonly chosen: string | undefined;
  readonly isMini: boolean | undefined;
}

export interface ChosenPipeline {
  readonly full: PipelineInfo;
  /** One from a file has no other form. */
  readonly hasForms: boolean;
  readonly isMini: boolean;
  /** As it was begun, or as it would be. */
  readonly pipeline: PipelineInfo;
  readonly run: PipelineRun | undefined;
}

const DEFAULT = 'r1';

/** Those that came from a file. */
export function givenPipelines(
  { pipelines }: Pick<Catalogue, 'pipelines'>,
  runs: Readonly<Record<string, PipelineRun>>,
): PipelineRun[] {
  const ready = new Set(pipelines.flatMap(({ full, mini }) => [full.name, mini.name]));
  return Object.values(runs).filter(({ pipeline }) => !ready.has(pipeline.name));
}

/**
 * What the reader chose; where nothing was chosen, what was begun here, unfinished first; else R1, in the form that suits the
 * device.
 */
export function chosenPipeline(
  catalogue: Pick<Catalogue, 'pipelines' | 'device'>,
  runs: Readonly<Record<string, PipelineRun>>,
  choice: PipelineChoice,
): ChosenPipeline | undefined {
  const { pipelines, device } = catalogue;
  const isOpen = ({ status }: PipelineRun) => Number(status !== 'finished');
  const begun = Object.values(runs)
    .sort((a, b) => isOpen(b) - isOpen(a))
    .map(({ pipeline }) => pipeline.name);
  const wanted = choice.chosen ?? begun[0] ?? DEFAULT;
  const given = givenPipelines(catalogue, runs).find(({ pipeline }) => pipeline.name === wanted);
  if (given) return { full: given.pipeline, hasForms: false, isMini: false, pipeline: given.pipeline, run: given };
  const pair = pipelines.find(({ full, mini }) => full.name === wanted || mini.name === wanted) ?? pipelines[0];
  if (pair === undefined) return undefined;
  const { full, mini } = pair;
  const inForm = begun.find((name) => name === full.name || name === mini.name);
  const isMini = choice.isMini ?? (inForm === undefined ? device.isSoftware : inForm === mini.name);
  const ready = isMini ? mini : full;
  const run = runs[ready.name];
  return { full, hasForms: true, isMini, pipeline: run?.pipeline ?? ready, run };
}
