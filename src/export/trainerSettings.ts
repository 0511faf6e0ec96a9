// The settings of a job as its trainer's files have them: the run's own, and what each trainer wants to know beside.
import { MAX_PROMPT_TOKENS } from '../trainer/positions';
import type { JobPlan } from './plan';
import type { Settings } from './yaml';

/** Of a base of the hub, whose prompt tells the form of an answer. */
const LARGE_PROMPT_TOKENS = 512;

/** Held-out answers that TRL samples at once. */
const EVAL_BATCH = 64;

/** What they are written from. */
type SettingFacts = Pick<JobPlan, 'run' | 'model' | 'isOwnModel' | 'options'> & { readonly hasHeldOut: boolean };

/** grpo.yaml. */
export function trlSettings({ run, model, isOwnModel, hasHeldOut, options }: SettingFacts): Settings {
  const { evalEvery, checkpointEvery, config } = run.settings;
  const optimizerSteps = config.num_iterations * config.steps_per_generation;
  const { bf16, fp16, ...others } = options;
  return {
    model_name_or_path: model,
    dtype: 'float32',
    train_file: 'data/train.jsonl',
    ...(hasHeldOut && { heldout_file: 'data/heldout.jsonl' }),
    output_dir: 'output',
    ...others,
    // A large base is trained in TRL's own precision.
    ...(isOwnModel && { bf16: bf16 as boolean, fp16: fp16 as boolean }),
    router_aux_loss_coef: 0,
    logging_steps: 1,
    log_completions: true,
    num_completions_to_print: 4,
    save_steps: Math.max(1, checkpointEvery) * optimizerSteps,
    ...(hasHeldOut &&
      evalEvery > 0 && {
        eval_strategy: 'steps',
        eval_on_start: true,
        eval_steps: evalEvery * optimizerSteps,
        num_generations_eval: 1,
        per_device_eval_batch_size: EVAL_BATCH,
      }),
    report_to: 'none',
  };
}

/** Options of verl.sh. */
export function verlSettings({ run, model, isOwnModel, hasHeldOut, options }: SettingFacts): Settings {
  const { evalEvery, checkpointEvery } = run.settings;
  const isEvaluated = hasHeldOut && evalEvery > 0;
  return {
    'actor_rollout_ref.model.path': isOwnModel ? `./${model}` : model,
    'data.val_files': isEvaluated ? './data/heldout.parquet' : './data/train.parquet',
    'data.max_prompt_length': isOwnModel ? MAX_PROMPT_TOKENS : LARGE_PROMPT_TOKENS,
    ...options,
    'trainer.experiment_name': run.name.replace(/[^\w-]/g, '-'),
    'trainer.val_before_train': isEvaluated,
    'trainer.test_freq': isEvaluated ? evalEvery : -1,
    'trainer.save_freq': Math.max(1, checkpointEvery),
  };
}
