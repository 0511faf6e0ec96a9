// Names that TRL, transformers and veRL have and we have not: what to write in their place, or that there is nothing.

const NOTHING = 'It is not supported: there is nothing here that it would set. Take it out.';
const ONE_ENGINE = 'It is not supported: one engine samples and trains. Take it out.';

const FOREIGN: readonly (readonly [name: RegExp, remedy: string])[] = [
  [
    /^(per_device_train_|generation_|train_)batch_size$/,
    'Use num_prompts: a generation has num_prompts × num_generations rollouts.',
  ],
  [
    /^(gradient_accumulation_steps|ppo_mini_batch_size)$/,
    'Use steps_per_generation: optimizer steps of one generation. Batches are packed by themselves.',
  ],
  [/^(num_train_epochs|total_epochs|total_training_steps)$/, 'Use max_steps.'],
  [/^max_prompt_length$/, 'It is not supported: a question has at most 64 tokens and is never cut. Take it out.'],
  [/^(max_response_length|max_new_tokens)$/, 'Use max_completion_length.'],
  [
    /^(reward_funcs|reward_function)$/,
    'Use reward_weights, which names the rewards: reward_weights={"accuracy":1,"format":0.1}.',
  ],
  [/^(bf16|tf32|torch_dtype|dtype)$/, 'Use fp16: the half precision there is. Or fp8.'],
  [/^warmup_ratio$/, 'Use warmup_steps.'],
  [/^(lr|optim_lr)$/, 'Use learning_rate.'],
  [/^n$/, 'Use num_generations.'],
  [/^(kl_loss_coef|kl_coef|use_kl_loss|use_kl_in_reward)$/, 'Use beta; 0 keeps no reference.'],
  [/^(clip_ratio|clip_ratio_low|cliprange)$/, 'Use epsilon.'],
  [/^clip_ratio_high$/, 'Use epsilon_high.'],
  [/^clip_ratio_c$/, 'Use delta.'],
  [/^(ppo_epochs|mu)$/, 'Use num_iterations.'],
  [/^entropy_coeff$/, 'Use entropy_coef.'],
  [/^(grad_clip|clip_grad)$/, 'Use max_grad_norm.'],
  [/^num_generations_eval$/, 'It is not supported: an evaluation draws one answer to each problem. Take it out.'],
  [/^adv_estimator$/, 'It is not supported: advantages are always of the group, as in GRPO. Take it out.'],
  [/^loss_agg_mode$/, 'Use loss_type.'],
  [/^norm_adv_by_std_in_grpo$/, 'Use scale_rewards: group or none.'],
  [/^(logging_steps|report_to|run_name)$/, 'Every step is logged: give --log FILE.'],
  [/^(save_steps|save_strategy)$/, 'Give --checkpoint-every N.'],
  [/^(eval_steps|eval_strategy)$/, 'Give --eval-every N.'],
  [/^output_dir$/, 'Give --out DIR.'],
  [/^(resume_from_checkpoint)$/, 'Give --resume DIR.'],
  [/^(vllm|use_vllm|use_liger|deepspeed|fsdp|ds3|use_transformers)/, ONE_ENGINE],
  [/^(repetition_penalty|optim|lora|use_peft|dataloader)/, NOTHING],
];

/** What to do instead of an option of another program; undefined for a name that none has. veRL's come with dots. */
export function foreignOption(name: string): string | undefined {
  const last = name.split('.').at(-1) as string;
  return FOREIGN.find(([pattern]) => pattern.test(last))?.[1];
}
