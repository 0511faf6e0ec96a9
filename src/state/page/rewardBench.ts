import { createBrowserSandbox } from '../../sandbox/browserSandbox';
import { RewardBench } from '../rewardBench';

export const { tryReward } = new RewardBench(createBrowserSandbox());
