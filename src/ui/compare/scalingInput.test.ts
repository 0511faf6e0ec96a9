import { describe, expect, it } from 'vitest';
import { controlsOf, kindOf, parseList } from './scalingInput';

describe('a list of numbers', () => {
  it('is read with any commas, in order and each once; anything else is refused', () => {
    expect(parseList('16, 0，8、8 32', 64)).toEqual([0, 8, 16, 32]);
    expect(parseList('', 64)).toEqual([]);
    for (const text of ['-1', '1.5', 'a', '65', '1;2']) expect(parseList(text, 64)).toBeUndefined();
  });

  it('is a control a number, each of its own kind', () => {
    const controls = controlsOf([0, 8], [1]);
    expect(controls).toEqual([
      { budget: 0, waits: 0 },
      { budget: 8, waits: 0 },
      { budget: null, waits: 1 },
    ]);
    const measured = { accuracy: 0, accuracyInterval: { low: 0, high: 1 }, meanThinkingTokens: 0, votes: [] };
    const kinds = [measured, ...controls.map((control) => ({ ...measured, control }))].map(kindOf);
    expect(kinds).toEqual(['free', 'budget', 'budget', 'waits']);
  });
});
