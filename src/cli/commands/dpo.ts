// `dpo PAIRS`: direct preference optimization, from pairs of answers to a model that prefers the chosen ones.
import type { Command } from '../command';
import { preferenceOptions, runPreference, settingNames } from '../preferenceCommand';

export const dpoCommand: Command = {
  name: 'dpo',
  summary: 'Train a model on pairs of answers of which one is preferred (DPO).',
  positionals: [{ name: '[PAIRS]', help: 'a JSONL file of {"prompt", "chosen", "rejected"}; left out with --resume' }],
  options: preferenceOptions('dpo'),
  notes:
    'The reference of the loss is the model as it is before the first step. loss_type is sigmoid, sigmoid_norm, robust,\n' +
    'hinge or ipo; names, losses and metrics are those of TRL’s DPOTrainer. The task is what the evaluations ask.',
  settings: settingNames('dpo'),
  examples: [
    'dpo pairs.jsonl --model base --out runs/preferred',
    'dpo pairs.jsonl --model base --set loss_type=ipo --set beta=0.2 --steps 200 --out runs/ipo',
    'dpo --resume runs/preferred',
  ],
  run: (args) => runPreference('dpo', dpoCommand, args),
};
