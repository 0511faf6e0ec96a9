// The base of every error a person may read: what was found, what was needed, what to do.

/** Every kind of error. The page has words of its own for each, in each of its languages. */
export type ErrorCode =
  // Anything thrown that is no SoliloquyError.
  | 'fault'
  // What computes.
  | 'webgpu_missing'
  | 'simd_missing'
  | 'no_device'
  | 'device_too_small'
  | 'no_half_precision'
  | 'out_of_memory'
  | 'device_lost'
  | 'device_silent'
  | 'gpu_validation'
  | 'shader_not_compiled'
  | 'shader_form'
  | 'no_profile'
  | 'worker_crashed'
  | 'no_engine'
  // Files of a model.
  | 'bad_model_folder'
  | 'bad_model_config'
  | 'bad_safetensors'
  | 'bad_zip'
  | 'bad_tokenizer'
  | 'wrong_tokenizer'
  | 'wrong_head'
  | 'tokenizer_limit'
  | 'bad_chat_template'
  // Asking.
  | 'no_model'
  | 'bad_question'
  | 'unreadable_text'
  | 'text_too_long'
  | 'bad_thinking_control'
  | 'no_room_to_generate'
  | 'wrecked_model'
  // Tasks and rewards.
  | 'unknown_task'
  | 'bad_difficulty'
  | 'too_few_problems'
  | 'unrated_task'
  | 'bad_problem_set'
  | 'problem_set_in_use'
  | 'unknown_reward'
  | 'missing_reward'
  | 'bad_reward_value'
  | 'sandbox_failed'
  // Training.
  | 'unknown_preset'
  | 'bad_grpo_config'
  | 'bad_precision'
  | 'completion_too_long'
  | 'bad_sft_set'
  | 'nothing_trained'
  | 'bad_module'
  | 'bad_teacher'
  | 'bad_snapshot'
  | 'wrecked_run'
  | 'unknown_pipeline'
  | 'bad_pipeline'
  | 'bad_scaling_recipe'
  | 'bad_job'
  // What the engine does not do now.
  | 'not_now'
  | 'pipeline_not_now'
  | 'no_checkpoint_before'
  | 'run_elsewhere'
  | 'run_here_already'
  | 'bad_run_file'
  | 'bad_results'
  | 'code_not_allowed'
  // What is kept.
  | 'storage_full'
  | 'storage_unavailable'
  | 'store_replaced'
  | 'checkpoint_damaged'
  | 'checkpoint_in_use'
  // Compressed files.
  | 'bad_packed_file'
  | 'packed_elsewhere'
  // The command line.
  | 'bad_usage'
  | 'bad_golden';

/** An error as plain data, for a boundary that carries nothing else. */
export interface DescribedError {
  readonly code: ErrorCode;
  /** What was found and what was needed, with its figures; a sentence in English. */
  readonly userMessage: string;
  /** What to do, in English. */
  readonly remedy: string;
}

/** An error with a sentence for the person (`userMessage`) and what they can do about it (`remedy`). */
export abstract class SoliloquyError extends Error implements DescribedError {
  abstract readonly code: ErrorCode;
  readonly userMessage: string;
  readonly remedy: string;

  constructor(userMessage: string, remedy: string, options?: ErrorOptions) {
    super(`${userMessage} ${remedy}`, options);
    this.name = new.target.name;
    this.userMessage = userMessage;
    this.remedy = remedy;
  }
}

/** Anything thrown, as plain data. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof SoliloquyError) {
    const { code, userMessage, remedy } = error;
    return { code, userMessage, remedy };
  }
  return {
    code: 'fault',
    userMessage: error instanceof Error ? error.message : String(error),
    remedy: 'This is a fault of the program. Reload, and report it with this text.',
  };
}
