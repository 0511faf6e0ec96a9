// The project's parity test: every fixture, every check, as `parity DIR` runs them.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FAMILY_FIXTURES, FIXTURES } from '../testing/fixture';
import { setUpRuntime } from '../testing/tinyModel';
import { LOSS_TYPE_NAMES } from '../trainer/objectives/lossTypes';
import { checkParity, readParityFolder } from './parity/checkParity';
import type { Check } from './parity/compare';

const runtime = setUpRuntime();
const pathOf = (name: string) => fileURLToPath(new URL(`../testing/fixtures/${name}`, import.meta.url));

/** Every check of a fixture, all of which must pass, and how many there are by name. */
async function passedChecks(name: string) {
  const checks: Check[] = [];
  const folder = await readParityFolder(pathOf(name));
  await checkParity(runtime(), folder, (check) => checks.push(check));
  expect(checks.filter((check) => !check.isPassed)).toEqual([]);
  const count = (pattern: RegExp) => checks.filter((check) => pattern.test(check.name)).length;
  expect([count(/^logits$/), count(/^adamw\.loss\./), count(/^greedy/)]).toEqual([1, 10, 1]);
  return { folder, count };
}

describe.each(FIXTURES)('the fixture %s', (name) => {
  it('gives what transformers and TRL computed', async () => {
    const { folder, count } = await passedChecks(name);
    expect(count(/^grad\./)).toBeGreaterThan(40);
    const variants = Object.values(folder.golden.numbers.grpo?.variants ?? {});
    expect(count(/^grpo\.\w+\.(loss|grad_norm)$/)).toBe(2 * variants.length);
    // No loss type is without numbers of TRL's.
    expect(new Set(variants.map(({ settings }) => settings.loss_type))).toEqual(new Set(LOSS_TYPE_NAMES));
    if (folder.miniBatches) {
      expect(count(/^mini_batches\.\w.*\.(loss|grad_norm)$/)).toBeGreaterThan(200);
      expect(count(/^mini_batches\..*\.weight$/)).toBe(3 * Object.keys(folder.miniBatches.numbers.cases).length);
    }
  });
});

describe.each(FAMILY_FIXTURES)('the fixture %s', (name) => {
  it('gives what transformers computed', async () => {
    const { count } = await passedChecks(name);
    expect(count(/^grad\./)).toBeGreaterThan(18);
  });
});
