import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedLength } from '../model/packedBatch';
import { type Layout, lengthOf, pack, type Sequence, sequenceFrom, TextStream } from './packing';

const CAPACITY = 24;
const tokens = (min: number, max: number) => fc.array(fc.nat(9), { minLength: min, maxLength: max });
/** Prompts of few kinds, so that neighbours share one. */
const sequences = fc.array(
  fc.record({ prompt: fc.constantFrom([1], [1, 2, 3], [4, 5, 6, 7, 8]), completion: tokens(0, 12) }),
  { maxLength: 20 },
);
const layouts: readonly Layout[] = ['whole', 'shared'];

/** What the members of a batch are, read back from its texts. */
function unpack(texts: ReturnType<typeof pack>[number]['texts']): number[][] {
  return texts.flatMap(({ prefix, continuations }) =>
    continuations.length > 0 ? continuations.map((ids) => [...prefix, ...ids]) : [[...prefix]],
  );
}

describe.each(layouts)('packing in the layout %s', (layout) => {
  it('keeps every sequence, in order, and fits', () => {
    fc.assert(
      fc.property(sequences, (given) => {
        const batches = pack(given, CAPACITY, layout);
        expect(batches.flatMap(({ members }) => members)).toEqual(given.map((_, i) => i));
        expect(batches.flatMap(({ texts }) => unpack(texts))).toEqual(
          given.map(({ prompt, completion }) => [...prompt, ...completion]),
        );
        for (const { texts, numTokens } of batches) {
          expect(numTokens).toBe(texts.reduce((sum, text) => sum + sharedLength(text), 0));
          expect(numTokens).toBeLessThanOrEqual(CAPACITY);
        }
      }),
    );
  });

  it('begins a batch only where the next sequence does not fit', () => {
    fc.assert(
      fc.property(sequences, (given) => {
        const batches = pack(given, CAPACITY, layout);
        for (const [b, { members }] of batches.entries()) {
          const next = batches[b + 1]?.members[0];
          if (next !== undefined)
            expect(
              pack(
                [...members, next].map((i) => given[i] as Sequence),
                CAPACITY,
                layout,
              ),
            ).toHaveLength(2);
        }
      }),
    );
  });

  it('refuses a sequence that no batch holds', () => {
    const long = { prompt: [1], completion: new Array<number>(CAPACITY + 1).fill(2) };
    expect(() => pack([long], CAPACITY, layout)).toThrow('does not fit');
  });
});

describe('a stream of texts', () => {
  it('goes on from its position, and each of its batches is one of the layout whole', () => {
    fc.assert(
      fc.property(fc.array(tokens(2, 12), { minLength: 1, maxLength: 9 }), fc.nat(5), (texts, numBatches) => {
        const textAt = (index: number) => sequenceFrom(texts[index % texts.length] as number[], 1);
        const stream = new TextStream(textAt, CAPACITY);
        for (let i = 0; i < numBatches; i++) stream.nextBatch();
        const resumed = new TextStream(textAt, CAPACITY, stream.position);
        const batch = stream.nextBatch();
        expect(resumed.nextBatch()).toEqual(batch);
        expect(pack(batch, CAPACITY, 'whole')).toHaveLength(1);
      }),
    );
  });

  it('never predicts the first token of a text', () => {
    expect(sequenceFrom([7, 8, 9], 0)).toEqual({ prompt: [7], completion: [8, 9] });
    expect(lengthOf(sequenceFrom([7, 8, 9], 2))).toBe(3);
  });
});
