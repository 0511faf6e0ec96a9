// From the trainer's pipelines to what the page is told: plain data of protocol.ts. Shared by the worker and the made-up engine.
import { needsOf, type Pipeline } from '../trainer/pipeline/pipeline';
import { allPipelines } from '../trainer/pipeline/ready';
import type { Catalogue, PipelineInfo } from './protocol';

export function presentPipeline({ name, summary, task, inputs, stages }: Pipeline): PipelineInfo {
  return {
    name,
    summary,
    task,
    inputs,
    stages: stages.map((stage) => {
      const { name: stageName, kind, summary: stageSummary, ...settings } = stage;
      const { models, sets } = needsOf(stage);
      return { name: stageName, kind, summary: stageSummary, needs: [...models, ...sets], settings };
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
