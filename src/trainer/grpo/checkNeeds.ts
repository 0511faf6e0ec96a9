// Apart from the other checks, which the page makes too: this one looks at every reward there is.
import { rewardsNeed } from '../../rewards/registry';
import type { Task } from '../../tasks/task';
import type { GrpoConfig } from './grpoConfig';
import { GrpoConfigError } from './grpoConfigChecks';

/** What a run has beside its options. */
interface Beside {
  readonly rewardModel?: object | undefined;
  readonly curriculum?: object | undefined;
}

/** Throws GrpoConfigError where a reward has a weight and what it needs is not there, or is there and not rewarded. */
export function checkNeeds(config: Pick<GrpoConfig, 'reward_weights'>, { name, game }: Task, beside: Beside): void {
  if (rewardsNeed('game', config) && !game) {
    throw new GrpoConfigError(
      `The reward won is who wins a game, and ${name} is none.`,
      'Choose the task nim, or give accuracy a weight in the place of won.',
    );
  }
  if (rewardsNeed('reward model', config) !== (beside.rewardModel !== undefined)) {
    throw new GrpoConfigError(
      beside.rewardModel
        ? 'The run is given a reward model, but the reward reward_model has no weight.'
        : 'The reward reward_model has a weight, but the run is given no reward model.',
      'Give both: --reward-model M on the command line, and "reward_model" in reward_weights.',
    );
  }
  if (rewardsNeed('proposals', config) !== (beside.curriculum !== undefined)) {
    throw new GrpoConfigError(
      beside.curriculum
        ? 'The model writes its problems itself, but the reward learnable has no weight.'
        : 'The reward learnable has a weight, but the model does not write its problems itself.',
      'It goes with the pipeline curriculum; elsewhere give accuracy a weight in its place.',
    );
  }
}
