// Apart from the other checks, which the page makes too: this one looks at every reward there is.
import { needsGame } from '../../rewards/registry';
import type { Task } from '../../tasks/task';
import type { GrpoConfig } from './grpoConfig';
import { GrpoConfigError } from './grpoConfigChecks';

/** Throws GrpoConfigError where the reward `won` has a weight and the task is no game. */
export function checkGame({ reward_weights }: Pick<GrpoConfig, 'reward_weights'>, { name, game }: Task): void {
  if (!needsGame({ reward_weights }) || game) return;
  throw new GrpoConfigError(
    `The reward won is who wins a game, and ${name} is none.`,
    'Choose the task nim, or give accuracy a weight in the place of won.',
  );
}
