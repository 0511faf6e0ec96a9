// From the trainer's pipelines to what the page is told: plain data of protocol.ts. Shared by the worker and the made-up engine.

import type { Catalogue, DescribedError, PipelineInfo, PipelineRun } from '../protocol/protocol';
import { allNeedsOf, type Pipeline } from '../runs/pipeline';
import { type PipelineRecord, toDo } from '../runs/pipelineRecord';
import { allPipelines } from '../runs/ready';

export function presentPipeline(pipeline: Pipeline): PipelineInfo {
  const { name, summary, task, inputs, evaluation, stages } = pipeline;
  const { problems, temperature } = evaluation;
  return {
    name,
    summary,
    task,
    inputs,
    evaluation: { problems, temperature },
    stages: stages.map((stage) => {
      const { name: stageName, kind, summary: stageSummary, ...settings } = stage;
      const needs = allNeedsOf(stage).filter((need) => !(need in pipeline.sets || need in pipeline.preferences));
      return { name: stageName, kind, summary: stageSummary, needs, settings };
    }),
  };
}

/** The ready ones. */
export function presentPipelines(): Catalogue['pipelines'] {
  const minis = allPipelines(true);
  return allPipelines().map((full, i) => ({
    full: presentPipeline(full),
    mini: presentPipeline(minis[i] as Pipeline),
  }));
}

interface Standing {
  readonly status?: PipelineRun['status'];
  readonly only?: string | undefined;
  readonly problem?: DescribedError;
}

/** Without a status: as one that rests. */
export function presentRecord(record: Pick<PipelineRecord, 'pipeline' | 'done'>, standing: Standing = {}): PipelineRun {
  const { status, only, problem } = standing;
  const { pipeline, done } = record;
  // Between the last bit of the one stage that is wanted and the end of the run, the rest would be next.
  const next = toDo(record, only)[0] ?? toDo(record)[0];
  return {
    pipeline: presentPipeline(pipeline),
    done,
    next,
    status: status ?? (next === undefined ? 'finished' : 'stopped'),
    isElsewhere: false,
    ...(problem && { problem }),
  };
}
