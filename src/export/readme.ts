// README.md of a job: what it is, how it is started, and what is not as it was in the tab.
import { CUSTOM } from '../rewards/custom';
import { getTask } from '../tasks/registry';
import { numSteps } from '../trainer/grpo/grpoConfig';
import type { Target } from './jobRun';
import type { JobPlan } from './plan';
import { filled, NO_BITS, plain } from './readmeText';
import { VERL_COMMIT } from './requirements';
import ray from './texts/ray.md?raw';
import trl from './texts/trl.md?raw';
import verl from './texts/verl.md?raw';
import type { Settings } from './yaml';

const TRAINER: Readonly<Record<Target, string>> = {
  trl: 'TRL’s GRPOTrainer',
  ray: 'TRL’s GRPOTrainer, spread by Ray Train',
  verl: 'veRL',
};

export function jobReadme(plan: JobPlan): string {
  return `${[head(plan), files(plan), ...start(plan), differences(plan), BACK[plan.target]].join('\n\n')}\n`;
}

function head({ run, target, model, isOwnModel, train, heldOut, options }: JobPlan): string {
  const { task, config, preset } = run.settings;
  const label = plain(getTask(task).about.en.label);
  const more = stepsOf(options);
  const steps = `${more === 1 ? 'one step' : `${more} steps`}${isOwnModel ? ' more' : ''}`;
  const course = `The job does ${steps}, as many as that run was set to.`;
  const start = isOwnModel
    ? `It starts from the model as that run left it after ${run.step} of ${numSteps(config)} steps (\`model/\`).`
    : `It starts from \`${model}\` in the place of the run’s own model, whose weights are not in this folder.`;
  return [
    `# ${plain(run.name)}, continued by ${TRAINER[target]}`,
    `Reinforcement learning (GRPO, ${plain(preset)}) on “${label}”: the task, the rewards and the settings of a run that was ` +
      `made in Soliloquy. ${start} ${course} There are ${train.length} training problems and ${heldOut.length} held-out ` +
      'ones, each once; the split is the run’s own, by a hash of each problem.',
  ].join('\n\n');
}

function files({ target, isOwnModel, settings: { config } }: JobPlan): string {
  const rows: [string, string][] = [
    ...(isOwnModel ? [['model/', 'the model, a Hugging Face folder'] as [string, string]] : []),
    ['data/', 'training and held-out problems, as JSON lines and as Parquet: the same rows'],
    ['rewards.py, judging/', 'the rewards in plain Python: what a right answer and right steps are'],
    ['rewards.json', 'which rewards count, and how much'],
    ...(CUSTOM in config.reward_weights
      ? [['own_reward.js', 'your own reward as you wrote it; QuickJS runs it'] as [string, string]]
      : []),
    ...(target === 'verl'
      ? ([
          ['verl.sh', 'starts veRL’s trainer'],
          ['merge.sh', 'makes a Hugging Face folder of its newest checkpoint'],
        ] satisfies [string, string][])
      : ([
          ['train.py, grpo.yaml', 'trains by TRL; the settings, under TRL’s names'],
          ...(target === 'ray'
            ? [['ray_train.py, cluster.yaml', 'the same on a Ray cluster'] as [string, string]]
            : []),
        ] satisfies [string, string][])),
    ['requirements.txt', 'the packages and versions that this was written for'],
  ];
  return ['| File | Is |', '|---|---|', ...rows.map(([name, what]) => `| ${name} | ${what} |`)].join('\n');
}

/** Of TRL's optimizer; of veRL's generations. */
const stepsOf = (options: Settings) => options.max_steps ?? options['trainer.total_training_steps'];

const START: Readonly<Record<Target, readonly string[]>> = { trl: [trl], ray: [trl, ray], verl: [verl] };

/** How it is started, with what differs from job to job in its place. */
function start({ target, options }: JobPlan): string[] {
  const values: Readonly<Record<string, unknown>> = {
    batch: options.per_device_train_batch_size,
    steps: stepsOf(options),
    commit: VERL_COMMIT,
  };
  return START[target].map((text) => filled(text, values));
}

const SMALL_ON_VLLM =
  'veRL samples with vLLM, which is made for large models and may refuse one as small as this, whose heads are narrower ' +
  'than its kernels know. Then start from a base of the hub (`--model Qwen/Qwen3-0.6B` when the job is made), or use TRL.';

function differences(plan: JobPlan): string {
  const { run, target, isOwnModel, settings, differs } = plan;
  const { config: before } = run.settings;
  const { config: after } = settings;
  const large =
    'The tab’s settings fit models of less than a million parameters. For this base ' +
    `learning_rate is ${after.learning_rate} in the place of ${before.learning_rate}, the usual one of such models, and ` +
    `max_completion_length ${after.max_completion_length} in the place of ${before.max_completion_length}: they think in more ` +
    'words. Look at both again for your base.';
  const told = [
    'The training starts anew from the weights: the optimizer’s memory and the place in the schedule do not come along.',
    'The problems are a list, each once. The tab draws them by chance, so short and easy ones come more often there.',
    NO_BITS,
    ...(isOwnModel
      ? []
      : [
          large,
          'The prompt is written by that model’s own chat template, after a system message that asks for the tags.',
        ]),
    ...(target === 'verl'
      ? [
          'The prompt is written by the model’s chat template, which veRL always applies.',
          ...(isOwnModel ? [SMALL_ON_VLLM] : []),
        ]
      : ['The balance of experts is left alone (router_aux_loss_coef 0), as in the tab’s reinforcement learning.']),
    ...differs,
  ];
  return `## What differs from the run in the tab\n\n${told.map((line) => `- ${line}`).join('\n')}`;
}

const BACK: Readonly<Record<Target, string>> = {
  trl: `## Back in Soliloquy

\`output/\` opens on *Models*; \`trainer_state.json\` in its newest checkpoint opens on *Compare* beside the run.`,
  ray: `## Back in Soliloquy

\`output/\` opens on *Models*; \`trainer_state.json\` in its newest checkpoint opens on *Compare* beside the run.`,
  verl: `## Back in Soliloquy

\`merged/\` opens on *Models*; \`verl.log\` opens on *Compare* beside the run.`,
};
