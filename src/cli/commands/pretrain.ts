// `pretrain RECIPE`: a base model from nothing.
import { readFileSync } from 'node:fs';
import { pretrain, pretrainRecipe } from '../../trainer/pretrain';
import type { Command } from '../command';
import { printLine } from '../console';
import { saveModel } from '../models';
import { openNodeRuntime } from '../runtime';

export const pretrainCommand: Command = {
  name: 'pretrain',
  summary: 'Train a base model from nothing by a recipe.',
  positionals: [{ name: 'RECIPE', help: 'a recipe file, such as recipes/base.json' }],
  options: { out: { value: 'DIR', help: 'where the model goes' } },
  examples: ['pretrain recipes/base.json --out runs/base'],
  async run(args) {
    const out = args.required('out');
    const recipe = pretrainRecipe(JSON.parse(readFileSync(args.positional(0) as string, 'utf8')));
    const runtime = await openNodeRuntime();
    const model = await pretrain(runtime, recipe, async (p, current) => {
      printLine(JSON.stringify(p));
      if (p.step % 400 === 0) await saveModel(runtime, current, out);
      return true;
    });
    await saveModel(runtime, model, out);
    return 0;
  },
};
