// The run that a job is made of, from the folder where the command line keeps it.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { JobRun } from '../export/jobRun';
import { type JobPipeline, modelsToBegin } from '../export/pipelineJob';
import type { ModelFolder } from '../formats/huggingface/folder';
import { findRecord } from '../runs/pipelineRecord';
import { isOwnTask } from '../tasks/own/problemSet';
import { findTask } from '../tasks/registry';
import { type Arguments, UsageError } from './command';
import { isFolder } from './files';
import { finishedRunSchema, grpoRunSettingsSchema, RUN_SETTINGS_FILE } from './grpoRun';
import { readModel } from './models';
import { pipelineFolder } from './pipelineFolder';
import { RunFolder } from './runFolder';
import { parseSettings } from './settings';

/** What a folder holds. Throws UsageError where that is neither a run of `grpo` nor a pipeline. */
export function readJobSource(args: Arguments, path: string): Promise<JobRun | JobPipeline> {
  return existsSync(join(path, 'pipeline.json')) ? readJobPipeline(path) : readJobRun(args, path);
}

/** A pipeline with those of the models it begins with that are made. */
async function readJobPipeline(path: string): Promise<JobPipeline> {
  const record = await findRecord(pipelineFolder(path));
  if (record === undefined) throw new UsageError(`${path} holds no pipeline.`, 'Give the --out folder of `pipeline`.');
  const models = new Map<string, ModelFolder>();
  for (const name of modelsToBegin(record.pipeline)) {
    const folder = join(path, name);
    if (existsSync(join(folder, 'config.json'))) models.set(name, (await readModel(folder)).folder);
  }
  return { pipeline: record.pipeline, models };
}

/** A run that is over, or one as it was last saved. Throws UsageError where the folder holds none. */
async function readJobRun(args: Arguments, path: string): Promise<JobRun> {
  const run = existsSync(join(path, RUN_SETTINGS_FILE)) ? await readFinished(path) : await readStopped(path);
  if (!isOwnTask(run.settings.task) || findTask(run.settings.task) !== undefined) return run;
  throw args.usage('The run trains on problems of your own.', 'Give the file that they were read from as --task-file.');
}

async function readFinished(path: string): Promise<JobRun> {
  const file = join(path, RUN_SETTINGS_FILE);
  const { settings, step } = parseSettings(finishedRunSchema, readJson(file), file);
  return { name: basename(path), settings, step, model: (await readModel(path)).folder };
}

async function readStopped(path: string): Promise<JobRun> {
  if (!existsSync(join(path, 'checkpoint'))) {
    const found = isFolder(path) ? 'there is neither grpo.json nor a checkpoint in it' : 'there is no such folder';
    throw new UsageError(`${path} is no run of grpo: ${found}.`, 'Give the --out folder of `grpo` or of `pipeline`.');
  }
  const { model, step, about } = await new RunFolder(path).load('grpo');
  const settings = parseSettings(grpoRunSettingsSchema, about.settings, 'the checkpoint');
  return { name: basename(path), settings, step, model };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file} cannot be read.`, 'Train the run again, or restore the file.', { cause });
  }
}
