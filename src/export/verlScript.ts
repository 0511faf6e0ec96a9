// verl.sh: the command of veRL's trainer with a run's settings.
import { shellWord } from '../lib/shell';
import { type Settings, settingText } from './yaml';

/** What stands in every script: where things are, and how a GPU is shared between sampling and training. */
export const VERL_FIXED: Settings = {
  'algorithm.adv_estimator': 'grpo',
  'data.train_files': './data/train.parquet',
  'data.prompt_key': 'prompt',
  'data.reward_fn_key': 'data_source',
  'data.shuffle': true,
  'data.truncation': 'error',
  'actor_rollout_ref.model.use_remove_padding': false,
  'actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu': 8,
  'actor_rollout_ref.rollout.name': 'vllm',
  'actor_rollout_ref.rollout.tensor_model_parallel_size': 1,
  'actor_rollout_ref.rollout.gpu_memory_utilization': 0.5,
  'actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu': 8,
  'actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu': 8,
  'trainer.critic_warmup': 0,
  'trainer.logger': ['console'],
  'trainer.project_name': 'soliloquy',
  'trainer.default_local_dir': './checkpoints',
  'trainer.rollout_data_dir': './rollouts',
  'trainer.resume_mode': 'auto',
};

/** Strings stand bare, as Hydra takes them; a path in the folder is made a whole one, since Ray's workers begin elsewhere. */
function assigned([name, value]: readonly [string, Settings[string]]): string {
  if (typeof value === 'string' && value.startsWith('./')) return `${name}="$here/${value.slice(2)}"`;
  return shellWord(`${name}=${typeof value === 'string' ? value : settingText(value)}`);
}

export function verlScript(settings: Settings): string {
  const options = Object.entries({ ...VERL_FIXED, ...settings }).map((setting) => `  ${assigned(setting)} \\`);
  return `#!/usr/bin/env bash
# GRPO by veRL. Each option can be given again after the script's name: bash verl.sh trainer.total_training_steps=3
# Several nodes: see README.md. NNODES and GPUS say how many there are, and how many GPUs each has.
set -euo pipefail
cd "$(dirname "$0")"
here="$PWD"
python3 -m verl.trainer.main_ppo \\
${options.join('\n')}
  trainer.nnodes="\${NNODES:-1}" \\
  trainer.n_gpus_per_node="\${GPUS:-1}" \\
  "$@" 2>&1 | tee -a verl.log
bash merge.sh
`;
}
