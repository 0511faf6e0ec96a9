// The project's parity test: both fixtures, every check, as `parity DIR` runs them.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FIXTURES } from '../testing/fixture';
import { setUpRuntime } from '../testing/tinyModel';
import { checkParity, readParityFolder } from './parity/checkParity';
import type { Check } from './parity/compare';

const runtime = setUpRuntime();
const pathOf = (name: string) => fileURLToPath(new URL(`../testing/fixtures/${name}`, import.meta.url));

describe.each(FIXTURES)('the fixture %s', (name) => {
  it('gives what transformers and TRL computed', async () => {
    const checks: Check[] = [];
    const folder = await readParityFolder(pathOf(name));
    await checkParity(runtime(), folder, (check) => checks.push(check));
    expect(checks.filter((check) => !check.isPassed)).toEqual([]);
    const count = (pattern: RegExp) => checks.filter((check) => pattern.test(check.name)).length;
    expect(count(/^logits$/)).toBe(1);
    expect(count(/^grad\./)).toBeGreaterThan(40);
    expect(count(/^adamw\.loss\./)).toBe(10);
    expect(count(/^grpo\.\w+\.(loss|grad_norm)$/)).toBe(22);
    expect(count(/^greedy/)).toBe(1);
    if (folder.miniBatches) {
      expect(count(/^mini_batches\.\w.*\.(loss|grad_norm)$/)).toBeGreaterThan(200);
      expect(count(/^mini_batches\..*\.weight$/)).toBe(3 * Object.keys(folder.miniBatches.numbers.cases).length);
    }
  });
});
