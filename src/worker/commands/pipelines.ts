// Commands about pipelines.
import type { Commands } from '../../protocol/command';
import type { PipelineApi } from '../../protocol/pipelines';
import type { Engine } from '../engine';

export const pipelineCommands = ({ pipelines, active, computing }: Engine): Commands<PipelineApi> => ({
  listPipelines: () => pipelines.list(),

  async runPipeline(name, only) {
    await computing.settle();
    active.assertNotTraining('run a pipeline');
    return pipelines.run(name, only);
  },

  stopPipeline: () => pipelines.stop(),

  async deletePipeline(name) {
    await pipelines.delete(name);
    return null;
  },

  openPipeline: (text, fileName) => pipelines.open(text, fileName),

  pipelineFile: (name) => pipelines.file(name),

  stageSteps: (pipeline, stage) => pipelines.steps(pipeline, stage),

  exportCheckpoint: (pipeline, checkpoint) => pipelines.zip(pipeline, checkpoint),
});
