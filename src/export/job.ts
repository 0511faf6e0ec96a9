// A run as a job that goes on elsewhere: one folder with model, problems, rewards, settings and what starts it.
import { folderTokenizer, missingTokenizerFiles } from '../engine/languageModel';
import { type StreamedFiles, streamFolder } from '../formats/huggingface/writeFolder';
import { CUSTOM } from '../rewards/custom';
import type { JobRequest, JobRun, Target } from './jobRun';
import { hasChatTemplate, type JobPlan, planJob } from './plan';
import { askBase } from './prompts';
import { jobReadme } from './readme';
import { requirements } from './requirements';
import { asMessages, dataFiles, type PromptForm } from './rows';
import { OTHER_FILES, PYTHON_FILES } from './staticFiles';
import { trlSettings, verlSettings } from './trainerSettings';
import { verlScript } from './verlScript';
import { yamlFile } from './yaml';

/**
 * The job's files by their paths, of which the weights are made when they are written.
 * @throws JobError where it cannot be made as asked; what a folder's tokenizer throws.
 */
export function makeJob(run: JobRun, request: JobRequest): StreamedFiles {
  const plan = planJob(run, request);
  const texts = { ...settingFiles(plan), 'README.md': jobReadme(plan) };
  const encoder = new TextEncoder();
  return new Map([
    ...(plan.isOwnModel ? modelFiles(run) : []),
    ...problemFiles(plan),
    ...Object.entries(texts).map(([path, text]) => [path, encoder.encode(text)] as const),
  ]);
}

function modelFiles({
  name,
  model,
}: JobRun): [string, StreamedFiles extends ReadonlyMap<string, infer F> ? F : never][] {
  const tokenizer = folderTokenizer(name, model);
  const files = streamFolder(model, missingTokenizerFiles(model, tokenizer), tokenizer.endTokens);
  return [...files].map(([path, file]) => [`model/${path}`, file]);
}

function problemFiles(plan: JobPlan): Map<string, Uint8Array> {
  const { target, train, heldOut } = plan;
  const trainer = target === 'verl' ? 'verl' : 'trl';
  const prompt = promptForm(plan);
  return new Map([...dataFiles(trainer, train, 'train', prompt), ...dataFiles(trainer, heldOut, 'held-out', prompt)]);
}

/** Every prompt goes through the chat template of its model; one without a template reads the bare question, as in the tab. */
function promptForm({ run, isOwnModel }: JobPlan): PromptForm {
  if (!isOwnModel) return askBase;
  return hasChatTemplate(run) ? asMessages : ({ question }) => question;
}

function settingFiles(plan: JobPlan): Record<string, string> {
  const { target, settings, run } = plan;
  const { config } = settings;
  const unchanged = Object.entries({ ...PYTHON_FILES, ...OTHER_FILES }).filter(([name]) => isWanted(name, target));
  const hasOwnReward = CUSTOM in config.reward_weights;
  return {
    ...Object.fromEntries(unchanged),
    ...(target === 'verl'
      ? { 'verl.sh': verlScript(verlSettings(plan)) }
      : { 'grpo.yaml': yamlFile(`The settings of the run ${run.name}, under TRL's names.`, trlSettings(plan)) }),
    'rewards.json': `${JSON.stringify(rewardList(plan), null, 2)}\n`,
    ...(hasOwnReward && { [OWN_REWARD_FILE]: config.custom_reward }),
    'requirements.txt': requirements(target, hasOwnReward),
  };
}

/** Beside rewards.py: the reader's own reward. */
const OWN_REWARD_FILE = 'own_reward.js';

/** Files that not every job has: veRL trains by itself, and Ray's script is of no use without Ray. */
const NEEDED_BY: Readonly<Record<string, readonly Target[]>> = {
  'train.py': ['trl', 'ray'],
  'ray_train.py': ['ray'],
  'cluster.yaml': ['ray'],
  'merge.sh': ['verl'],
};
/** Of a pipeline's stages. */
const STAGE_SCRIPTS = ['sft.py', 'reject.py', 'distil.py'];

function isWanted(name: string, target: Target): boolean {
  return !STAGE_SCRIPTS.includes(name) && (NEEDED_BY[name]?.includes(target) ?? true);
}

/** Rewards that look at an answer's length are told the limit. */
const LENGTH_REWARDS: readonly string[] = ['soft_overlong', CUSTOM];

function rewardList({ settings: { config } }: JobPlan): object[] {
  return Object.entries(config.reward_weights).map(([name, weight]) => ({
    name,
    weight,
    ...(LENGTH_REWARDS.includes(name) && { max_completion_length: config.max_completion_length }),
    ...(name === CUSTOM && { file: OWN_REWARD_FILE }),
  }));
}
