// `reward-model PAIRS`: a model that grades answers, from pairs of which one is preferred.
import type { Command } from '../command';
import { preferenceOptions, runPreference, settingNames } from '../preferenceCommand';

export const rewardModelCommand: Command = {
  name: 'reward-model',
  summary: 'Train a model that grades answers, on pairs of which one is preferred (Bradley–Terry).',
  positionals: [{ name: '[PAIRS]', help: 'a JSONL file of {"prompt", "chosen", "rejected"}; left out with --resume' }],
  options: preferenceOptions('reward-model'),
  notes:
    'The model keeps its blocks and gets a head of one number in the place of its logits: transformers’\n' +
    '…ForSequenceClassification with one label. Names, loss and metrics are those of TRL’s RewardTrainer.',
  settings: settingNames('reward-model'),
  examples: [
    'reward-model pairs.jsonl --model base --out runs/judge',
    'reward-model pairs.jsonl --model base --set center_rewards_coefficient=0.01 --out runs/judge',
    'reward-model --resume runs/judge',
  ],
  run: (args) => runPreference('reward-model', rewardModelCommand, args),
};
