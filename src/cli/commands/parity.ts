// `parity DIR`: compares this program with numbers that transformers and TRL computed.
import type { Command } from '../command';
import { note, printLine } from '../console';
import { findModelFolder } from '../models';
import { checkParity, readParityFolder } from '../parity/checkParity';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';

export const parityCommand: Command = {
  name: 'parity',
  summary: 'Compare logits, gradients, AdamW, GRPO and greedy decoding with golden numbers.',
  positionals: [
    { name: 'DIR', help: 'a folder with config.json, model.safetensors, golden.json and golden.safetensors' },
  ],
  options: DEVICE_OPTION,
  notes:
    'A line a check: its error, and how much is allowed. Logits: the largest difference over the largest ' +
    'logit. Gradients: the\n' +
    'norm of the difference over the norm of the golden one. One that is smaller than 1e-7 of the largest is zero but for\n' +
    'rounding (the router where one expert is always chosen with weight 1): its difference is compared with the largest, and\n' +
    'at most 1e-7 of it. GRPO losses near zero are compared on the scale of 0.01, its metrics on the scale of 1. AdamW’s\n' +
    'gradient norms after the first step may be off by 1e-3, since steps near the sign of a gradient let rounding grow.',
  examples: ['parity src/testing/fixtures/deepseek_v3'],
  async run(args) {
    const directory = findModelFolder(args.positional(0) as string);
    const folder = await readParityFolder(directory);
    for (const place of folder.golden.ignoredSettings) {
      note(`golden.json: ${place} is not an option of this program, and is ignored.`);
    }
    const runtime = await openNodeRuntime(args);
    let total = 0;
    let failed = 0;
    await checkParity(runtime, folder, (check) => {
      total++;
      if (!check.isPassed) failed++;
      printLine(
        `${check.isPassed ? 'pass' : 'FAIL'}  ${check.name}  ${check.error.toExponential(2)} (at most ` +
          `${check.allowed.toExponential(0)})`,
      );
    });
    printLine(`${total - failed} passed, ${failed} failed on ${runtime.device.name}`);
    return failed === 0 ? 0 : 1;
  },
};
