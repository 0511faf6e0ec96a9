// Why a run cannot be had, or gone on with.
import { SoliloquyError } from '../lib/errors';

/** A run that another tab has. */
export class RunElsewhereError extends SoliloquyError {
  readonly code = 'run_elsewhere';
  constructor(remedy: string) {
    super('This run is open in another tab of this browser.', remedy);
  }
}

/** A run whose own reward came with a file, and which nobody has let run. */
export class UnreadCodeError extends SoliloquyError {
  readonly code = 'code_not_allowed';
  constructor(name: string) {
    super(`${name} came with a file, and so did the code of its own reward.`, 'Read the code, then let it run.');
  }
}

/** Asked for a checkpoint from before a step, and none is kept. */
export class NoCheckpointError extends SoliloquyError {
  readonly code = 'no_checkpoint_before';

  constructor(atMost: number) {
    super(
      `No checkpoint of step ${atMost} or before is kept.`,
      'Start another run, or open this one at its last checkpoint.',
    );
  }
}
