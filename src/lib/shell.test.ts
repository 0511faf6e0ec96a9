import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cliCommand, shellWord } from './shell';

test('a shell reads every word back as it was', () => {
  const word = fc.string({ unit: fc.constantFrom(...`ab /.-=~"'\\$\`!*?{}[]()<>|&;#\n`, 'é', '字') });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
      expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 40 },
  );
});

test('only what needs quotes has them', () => {
  expect(cliCommand('grpo', 'base', '--set', 'learning_rate=2e-4', '--out', "my run's $1")).toBe(
    "npm run cli -- grpo base --set learning_rate=2e-4 --out 'my run'\\''s $1'",
  );
});
