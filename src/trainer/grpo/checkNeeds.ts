// Apart from the other checks, which the page makes too: this one looks at every reward there is.
import { rewardsNeed } from '../../rewards/registry';
import type { Task } from '../../tasks/task';
import type { GrpoConfig } from './grpoConfig';
import { GrpoConfigError } from './grpoConfigChecks';

/** Throws GrpoConfigError where `won` has a weight and the task is no game, or `reward_model` and there is none. */
export function checkNeeds(
  config: Pick<GrpoConfig, 'reward_weights'>,
  { name, game }: Task,
  hasRewardModel: boolean,
): void {
  if (rewardsNeed('game', config) && !game) {
    throw new GrpoConfigError(
      `The reward won is who wins a game, and ${name} is none.`,
      'Choose the task nim, or give accuracy a weight in the place of won.',
    );
  }
  if (rewardsNeed('reward model', config) !== hasRewardModel) {
    throw new GrpoConfigError(
      hasRewardModel
        ? 'The run is given a reward model, but the reward reward_model has no weight.'
        : 'The reward reward_model has a weight, but the run is given no reward model.',
      'Give both: --reward-model M on the command line, and "reward_model" in reward_weights.',
    );
  }
}
