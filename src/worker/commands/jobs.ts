// Commands about jobs. What makes them is loaded when one is asked for.
import type { JobRun } from '../../export/jobRun';
import type { JobPipeline } from '../../export/pipelineJob';
import type { ModelFolder } from '../../formats/huggingface/folder';
import { readFolder } from '../../formats/huggingface/readFolder';
import type { Commands } from '../../protocol/command';
import type { JobApi } from '../../protocol/jobs';
import type { RunRecord } from '../../protocol/protocol';
import { parsePipelineFile } from '../../runs/pipeline';
import type { Engine } from '../engine';
import { UnreadCodeError } from '../runErrors';

const loadJobs = () => import('../../export/job');
const loadPipelineJobs = () => import('../../export/pipelineJob');
const loadZip = () => import('../../export/zipJob');

export function jobCommands({ sources, problems, pipelines }: Engine): Commands<JobApi> {
  /** The run as it was last saved. Its weights are not needed where another base takes their place. */
  const jobRun = async (run: RunRecord, needsModel: boolean): Promise<JobRun> => {
    const { name, settings } = run;
    if (!needsModel) return { name, settings, step: run.step };
    const { model, step } = await sources.runSnapshot(run);
    return { name, settings, step, model };
  };

  /** The pipeline with those of the models it begins with that are made. */
  const jobPipeline = async (name: string, needsModels: boolean): Promise<JobPipeline> => {
    const { modelsToBegin } = await loadPipelineJobs();
    const pipeline = parsePipelineFile(await pipelines.file(name), name);
    const models = new Map<string, ModelFolder>();
    for (const model of needsModels ? modelsToBegin(pipeline) : []) {
      const source = await pipelines.source(name, model).catch(() => undefined);
      if (source) models.set(model, await readFolder(source));
    }
    return { pipeline, models };
  };

  return {
    async exportJob(source, request) {
      const { zipJob, folderNameOf } = await loadZip();
      const needsModel = request.model === undefined;
      if (source.kind === 'pipeline') {
        const { makePipelineJob } = await loadPipelineJobs();
        const job = await jobPipeline(source.name, needsModel);
        await problems.prepare(job.pipeline.task);
        return zipJob(makePipelineJob(job, request), folderNameOf(`${source.name}-${request.target}`));
      }
      const { makeJob } = await loadJobs();
      const run = await sources.run(source.runId);
      if (run.codeWaits) throw new UnreadCodeError(run.name);
      await problems.prepare(run.settings.task);
      const job = makeJob(await jobRun(run, needsModel), request);
      return zipJob(job, folderNameOf(`${run.name}-${request.target}`));
    },
  };
}
