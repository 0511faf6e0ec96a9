// A run as a job that goes on elsewhere: one folder with model, problems, rewards, settings and what starts it.
import { folderTokenizer, missingTokenizerFiles } from '../engine/languageModel';
import type { ModelFolder } from '../formats/huggingface/folder';
import { type StreamedFiles, streamFolder } from '../formats/huggingface/writeFolder';
import { CUSTOM } from '../rewards/custom';
import type { JobRequest, JobRun } from './jobRun';
import { hasChatTemplate, type JobPlan, ownModel, planJob } from './plan';
import { hasPrograms } from './problems';
import { askBase } from './prompts';
import { jobReadme } from './readme';
import { requirements } from './requirements';
import { OWN_REWARD_FILE, rewardList } from './rewardList';
import { asMessages, dataFiles, type PromptForm } from './rows';
import { staticFiles } from './staticFiles';
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
    ...(plan.isOwnModel ? modelFiles(run.name, ownModel(run), 'model') : []),
    ...problemFiles(plan),
    ...Object.entries(texts).map(([path, text]) => [path, encoder.encode(text)] as const),
  ]);
}

type JobFile = StreamedFiles extends ReadonlyMap<string, infer F> ? F : never;

/** A model's folder below one of the job. */
export function modelFiles(name: string, model: ModelFolder, folder: string): [string, JobFile][] {
  const tokenizer = folderTokenizer(name, model);
  const files = streamFolder(model, missingTokenizerFiles(model, tokenizer), tokenizer.endTokens);
  return [...files].map(([path, file]) => [`${folder}/${path}`, file]);
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
  return hasChatTemplate(ownModel(run)) ? asMessages : ({ question }) => question;
}

function settingFiles(plan: JobPlan): Record<string, string> {
  const { target, settings, run } = plan;
  const { config } = settings;
  const facts = { ...plan, hasHeldOut: plan.heldOut.length > 0 };
  const hasOwnReward = CUSTOM in config.reward_weights;
  return {
    ...staticFiles(target, false),
    ...(target === 'verl'
      ? { 'verl.sh': verlScript(verlSettings(facts)) }
      : { 'grpo.yaml': yamlFile(`The settings of the run ${run.name}, under TRL's names.`, trlSettings(facts)) }),
    'rewards.json': `${JSON.stringify(rewardList(config), null, 2)}\n`,
    ...(hasOwnReward && { [OWN_REWARD_FILE]: config.custom_reward }),
    'requirements.txt': requirements(target, hasOwnReward || hasPrograms(plan.train)),
  };
}
