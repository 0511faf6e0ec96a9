// Operations counted in closed form are those of the loops.
import { expect, it } from 'vitest';
import type { Architecture } from './architecture';
import { forwardOperations, keysSeen } from './operations';
import { countParameters } from './parameterShapes';
import { presetModel } from './presets';

it.each([undefined, 1, 5, 100])('a token sees itself and what is before it, %s keys at most', (most) => {
  for (const [first, end] of [
    [0, 0],
    [0, 1],
    [0, 9],
    [3, 9],
    [7, 8],
  ] as const) {
    let keys = 0;
    for (let position = first; position < end; position++) keys += Math.min(position + 1, most ?? position + 1);
    expect(keysSeen({ first, end }, most)).toBe(keys);
  }
});

it('two for each weight that multiplies, two for each product of a head with a key or a value that a token sees', () => {
  const { architecture } = presetModel('nano', 100, { tie_word_embeddings: true });
  const [heads, nope, rope, value] = [4, 16, 8, 16];
  const perToken = countParameters(architecture).active;
  const layers = architecture.layers.length;
  const expected = 2 * (7 * perToken + layers * heads * (nope + rope + value) * (1 + 2 + 3 + 4 + 1 + 2 + 3));
  const runs = [
    { first: 0, end: 4 },
    { first: 0, end: 3 },
  ];
  expect(forwardOperations(architecture, runs)).toBe(expected);
  // A row of an embedding is looked up, not multiplied.
  const untied = presetModel('nano', 100, { tie_word_embeddings: false }).architecture;
  expect(forwardOperations(untied, runs)).toBe(expected);
});

it('fewer where attention sees a window', () => {
  const attention = {
    kind: 'groupedQuery',
    heads: 4,
    kvHeads: 2,
    headWidth: 8,
    rope: null,
    scale: 1,
    hasBias: false,
    hasOutputBias: false,
    headNorm: null,
    window: null,
  } as const;
  const of = (window: number | null): Architecture => ({
    vocabulary: 10,
    width: 32,
    layers: [{ attention: { ...attention, window }, feedForward: { kind: 'dense', hidden: 8 }, epsilon: 1e-6 }],
    epsilon: 1e-6,
    isTied: true,
    maxPositions: 16,
  });
  const runs = [{ first: 0, end: 6 }];
  expect(forwardOperations(of(null), runs) - forwardOperations(of(2), runs)).toBe(2 * 2 * 4 * 8 * (1 + 2 + 3 + 4));
});
