// A pipeline as a job: a script a stage, one after the other by run.sh, from the models that were made before them.
import { folderTokenizer } from '../engine/languageModel';
import type { ModelFolder } from '../formats/huggingface/folder';
import type { StreamedFiles } from '../formats/huggingface/writeFolder';
import { shellWord } from '../lib/shell';
import { needsOf, type Pipeline, type StageOf } from '../runs/pipeline';
import { getTask } from '../tasks/registry';
import { numSteps } from '../trainer/grpo/grpoConfig';
import { modelFiles } from './job';
import { checkModelName, checkNeeds, JobError, type JobRequest, USUAL_PROBLEMS } from './jobRun';
import { pipelineReadme } from './pipelineReadme';
import {
  budgetDiffers,
  distilStep,
  grpoConfigOf,
  isJobStage,
  type JobStage,
  type NumberedStep,
  rejectStep,
  rhythmOf,
  type StageGround,
  type StageStep,
  sftStep,
} from './pipelineStages';
import { translated } from './plan';
import { distinctProblems, hasPrograms } from './problems';
import { askBase } from './prompts';
import { requirements } from './requirements';
import { rewardList } from './rewardList';
import { asMessages, dataFiles } from './rows';
import { staticFiles } from './staticFiles';
import { trlSettings } from './trainerSettings';
import { type Settings, yamlFile } from './yaml';

export interface JobPipeline {
  readonly pipeline: Pipeline;
  /** Those of `modelsToBegin` that are there, by name. */
  readonly models: ReadonlyMap<string, ModelFolder>;
}

/** The models that a job begins with: all that its stages need and do not make. */
export function modelsToBegin({ stages }: Pipeline): string[] {
  const own = stages.filter(isJobStage);
  const made = new Set(own.map(({ name }) => name));
  return [...new Set(own.flatMap((stage) => needsOf(stage).models))].filter((name) => !made.has(name));
}

/** @throws JobError where it cannot be made as asked; what a folder's tokenizer throws. */
export function makePipelineJob({ pipeline, models }: JobPipeline, request: JobRequest): StreamedFiles {
  const { target, model } = request;
  if (target === 'verl') {
    throw new JobError(
      'veRL’s trainer does reinforcement learning alone, and this is a pipeline of several stages.',
      'Choose TRL or Ray; or make a run of the stage on Train, and take that to veRL.',
    );
  }
  if (model !== undefined) checkModelName(model);
  const begin = modelsToBegin(pipeline);
  const missing = model === undefined ? begin.find((name) => !models.has(name)) : undefined;
  if (missing !== undefined) {
    throw new JobError(
      `${pipeline.name} begins with ${missing}, which is not made yet.`,
      'Run that stage here first, or start from a base of the hub.',
    );
  }
  const [first] = begin;
  const folder = first === undefined ? undefined : models.get(first);
  const ground: StageGround = {
    pipeline,
    isOwnModel: model === undefined,
    tokenizer: model === undefined && folder ? folderTokenizer(first as string, folder) : undefined,
    pathOf: (name) => (begin.includes(name) ? (model ?? `models/${name}`) : `output/${name}`),
  };
  const stages = pipeline.stages.filter(isJobStage);
  if (stages.length === 0)
    throw new JobError(
      `${pipeline.name} has no stage that goes on elsewhere.`,
      'Choose a pipeline that trains a model.',
    );
  const texts = new Map<string, string>();
  const steps = stages.map((stage, i): NumberedStep => {
    const path = `stages/${i + 1}-${stage.name}`;
    const step = stepOf(stage, ground, path, texts);
    const settings = { ...common(ground, step.script), ...step.settings };
    texts.set(`${path}.yaml`, yamlFile(stage.summary || stage.name, settings));
    for (const [file, rows] of step.texts ?? [])
      texts.set(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return { ...step, name: stage.name, path: `${path}.yaml` };
  });
  const problems = jobProblems(pipeline, stages, request);
  texts.set('run.sh', runScript(steps, target === 'ray'));
  texts.set('requirements.txt', requirements(target, hasPrograms(problems.train)));
  texts.set('README.md', pipelineReadme({ pipeline, target, model, begin, steps, train: problems.train.length }));
  const encoder = new TextEncoder();
  const prompt = model === undefined ? asMessages : askBase;
  return new Map([
    ...(model === undefined ? [...models].filter(([name]) => begin.includes(name)) : []).flatMap(([name, own]) =>
      modelFiles(name, own, `models/${name}`),
    ),
    ...dataFiles('trl', problems.train, 'train', prompt),
    ...dataFiles('trl', problems.heldOut, 'held-out', prompt),
    ...Object.entries(staticFiles(target, true)).map(([path, text]) => [path, encoder.encode(text)] as const),
    ...[...texts].map(([path, text]) => [path, encoder.encode(text)] as const),
  ]);
}

/** reject.py trains nothing, and knows no option of training. */
function common({ isOwnModel }: StageGround, script: string): Settings {
  if (script === 'reject.py') return { dtype: 'float32' };
  return { dtype: 'float32', ...(isOwnModel && { bf16: false }), logging_steps: 1, report_to: 'none' };
}

function stepOf(stage: JobStage, ground: StageGround, path: string, texts: Map<string, string>): StageStep {
  switch (stage.kind) {
    case 'sft':
      return sftStep(stage, ground);
    case 'reject':
      return rejectStep(stage, ground);
    case 'distil':
      return distilStep(stage, ground);
    case 'grpo':
      return grpoStep(stage, ground, path, texts);
  }
}

function grpoStep(stage: StageOf<'grpo'>, ground: StageGround, path: string, texts: Map<string, string>): StageStep {
  const { pipeline, isOwnModel, pathOf } = ground;
  const { task, difficulty, evaluation } = pipeline;
  const config = grpoConfigOf(stage, pipeline);
  const every = rhythmOf(numSteps(config));
  checkNeeds(config);
  const run = {
    name: stage.name,
    step: 0,
    settings: {
      task,
      difficulty,
      preset: stage.preset,
      config,
      evalProblems: evaluation.problems,
      evalEvery: every,
      checkpointEvery: every,
    },
  };
  const plan = translated('trl', config, isOwnModel, USUAL_PROBLEMS);
  texts.set(`${path}.rewards.json`, `${JSON.stringify(rewardList(plan.settings.config), null, 2)}\n`);
  const settings = trlSettings({ run, model: pathOf(stage.from), isOwnModel, hasHeldOut: true, options: plan.options });
  return {
    script: 'train.py',
    settings: { ...settings, rewards_file: `${path}.rewards.json`, output_dir: `output/${stage.name}` },
    differs: [...plan.differs.map((line) => `${stage.name}: ${line}`), ...budgetDiffers(stage)],
  };
}

function jobProblems(pipeline: Pipeline, stages: readonly JobStage[], { problems }: JobRequest) {
  const task = getTask(pipeline.task);
  const source = { task, difficulty: pipeline.difficulty, seed: pipeline.seed, numPrompts: 1 };
  const asked = Math.max(
    USUAL_PROBLEMS,
    ...stages.map((stage) => (stage.kind === 'reject' ? stage.sampling.problems : 0)),
  );
  const train = distinctProblems(source, 'train', problems ?? asked);
  if (problems !== undefined && train.length < problems) {
    throw new JobError(
      `${task.about.en.label} has ${train.length} distinct training problems at this difficulty, not ${problems}.`,
      `Ask for at most ${train.length}.`,
    );
  }
  return { train, heldOut: distinctProblems(source, 'held-out', pipeline.evaluation.problems) };
}

function runScript(steps: readonly NumberedStep[], isRay: boolean): string {
  const spread = `python ray_train.py --workers "\${WORKERS:-1}"`;
  const lines = steps.map(({ name, script, path }) => {
    const command = isRay && script === 'train.py' ? spread : `python ${script}`;
    return `stage ${shellWord(name)} ${command} --config ${shellWord(path)}`;
  });
  return `#!/usr/bin/env bash
# Every stage in its turn. One that is done is not done again: delete output/NAME/done to do so.
set -euo pipefail
cd "$(dirname "$0")"
stage() {
  local name="$1"
  shift
  [ -e "output/$name/done" ] && return
  echo "Stage $name"
  "$@"
  # Its settings lie beside what it made: they name the rewards and their weights.
  cp "\${@: -1}" "output/$name/settings.yaml"
  touch "output/$name/done"
}
${lines.join('\n')}
`;
}
