import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rng } from '../../lib/rng';
import { getTask } from '../../tasks/registry';
import { buildTokenizerJson } from '../../tokenizer/build';
import { createTokenizer } from '../../tokenizer/tokenizer';
import { ArithmeticDecoder, ArithmeticEncoder, MAX_TOTAL } from './arithmeticCoder';
import { frequenciesOf } from './frequencies';
import { MOST_BYTES, type PackedFile, PackedFileError, readPackedFile, writePackedFile } from './packedFile';
import { joinPieces, splitPieces } from './pieces';

const tokenizer = createTokenizer(buildTokenizerJson([getTask('chained_sums')]));
const utf8 = (text: string) => new TextEncoder().encode(text);

/** Frequencies of a few choices, and choices of them. */
const coded = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 40 }).chain((frequencies) =>
  fc.record({
    frequencies: fc.constant(frequencies),
    choices: fc.array(fc.nat(frequencies.length - 1), { maxLength: 300 }),
  }),
);

const shareOf = (frequencies: readonly number[], choice: number) => {
  const low = frequencies.slice(0, choice).reduce((sum, frequency) => sum + frequency, 0);
  const total = frequencies.reduce((sum, frequency) => sum + frequency, 0);
  return { low, high: low + (frequencies[choice] as number), total };
};

describe('the arithmetic coder', () => {
  it('gives back what was encoded, within two bits of its information', () => {
    fc.assert(
      fc.property(coded, ({ frequencies, choices }) => {
        const encoder = new ArithmeticEncoder();
        let information = 0;
        for (const choice of choices) {
          const share = shareOf(frequencies, choice);
          information += Math.log2(share.total / (share.high - share.low));
          encoder.encode(share);
        }
        const bytes = encoder.finish();
        expect(8 * bytes.length).toBeLessThanOrEqual(information + 10);
        const decoder = new ArithmeticDecoder(bytes);
        for (const choice of choices) {
          const place = decoder.placeOf(shareOf(frequencies, 0).total);
          const found = frequencies.findIndex((_, i) => place < shareOf(frequencies, i).high);
          expect(found).toBe(choice);
          decoder.take(shareOf(frequencies, found));
        }
      }),
    );
  });

  it('bears the rarest and the surest choice of the largest total', () => {
    const shares = [
      { low: 0, high: 1, total: MAX_TOTAL },
      { low: 1, high: MAX_TOTAL, total: MAX_TOTAL },
    ] as const;
    const draw = rng(1, 'evaluate');
    const choices = Array.from({ length: 3000 }, () => (draw.chance(0.01) ? 0 : 1));
    const encoder = new ArithmeticEncoder();
    for (const choice of choices) encoder.encode(shares[choice] as (typeof shares)[number]);
    const decoder = new ArithmeticDecoder(encoder.finish());
    for (const choice of choices) {
      expect(decoder.placeOf(MAX_TOTAL) < 1 ? 0 : 1).toBe(choice);
      decoder.take(shares[choice] as (typeof shares)[number]);
    }
  });
});

it('frequencies are softmax in whole numbers, at least 1 each', () => {
  const draw = rng(2, 'evaluate');
  const logits = Float32Array.from({ length: 130 }, () => 6 * draw.normal());
  const frequencies = frequenciesOf(logits, 120) as Uint32Array;
  expect(frequencies.length).toBe(120);
  expect(frequencies.reduce((sum, frequency) => sum + frequency, 0)).toBe(MAX_TOTAL);
  expect(Math.min(...frequencies)).toBeGreaterThanOrEqual(1);
  const total = logits.slice(0, 120).reduce((sum, logit) => sum + Math.exp(logit), 0);
  for (const [i, frequency] of frequencies.entries()) {
    // What each gets at least, and what the likeliest gets of the rounding.
    expect(Math.abs(frequency / MAX_TOTAL - Math.exp(logits[i] as number) / total)).toBeLessThan(240 / MAX_TOTAL);
  }
  expect(frequenciesOf(Float32Array.of(0, Number.NaN), 2)).toBeUndefined();
  expect([...(frequenciesOf(Float32Array.of(0, -1e30), 2) as Uint32Array)]).toEqual([MAX_TOTAL - 1, 1]);
});

describe('pieces', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.stringMatching(/^[0-9+\-=?;\n<>thinkase/]*$/),
    fc.constantFrom('9-8+3=?<think>9-8=1;1+3=4</think><answer>4</answer>', '<|begin|>', 'naïve\r\n\u{1f600}é\u0000'),
  );

  it.each([false, true])('of any text are joined to the same bytes (each line by itself: %s)', (isLines) => {
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const bytes = utf8(texts.join('\n'));
        expect(joinPieces(splitPieces(bytes, tokenizer, isLines), tokenizer, isLines)).toEqual(bytes);
      }),
    );
  });

  it('of any bytes are joined to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(joinPieces(splitPieces(bytes, tokenizer, false), tokenizer, false)).toEqual(bytes);
      }),
    );
  });

  it('are tokens where the tokenizer reads, and single bytes where it does not', () => {
    const pieces = splitPieces(utf8('9-8=1é'), tokenizer, false);
    expect(pieces.map((piece) => ('token' in piece ? tokenizer.tokenText(piece.token) : piece.byte))).toEqual([
      ...'9-8=1',
      ...utf8('é'),
    ]);
    expect(splitPieces(utf8('1\n2'), tokenizer, true)[1]).toEqual({ token: tokenizer.eosId });
  });
});

describe('the file', () => {
  const file: PackedFile = {
    isLines: true,
    model: '0123456789abcdef',
    probe: 0xdeadbeef,
    crc: 7,
    numPieces: 300,
    numBytes: 1000,
    device: 'processor',
    payload: Uint8Array.of(1, 2, 3),
  };

  it('is read as it was written', () => expect(readPackedFile(writePackedFile(file))).toEqual(file));

  it('is refused where it is cut, claims too much or is another', () => {
    const bytes = writePackedFile(file);
    for (let length = 0; length < bytes.length - 3; length++) {
      expect(() => readPackedFile(bytes.subarray(0, length))).toThrow(PackedFileError);
    }
    expect(() => readPackedFile(writePackedFile({ ...file, numPieces: MOST_BYTES + 1 }))).toThrow(/at most 1048576/);
    expect(() => readPackedFile(utf8('<!doctype html>'))).toThrow(/no file that compress made/);
  });

  it('never fails otherwise, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (tail) => {
        try {
          readPackedFile(Uint8Array.from([...utf8('SLQ1'), ...tail]));
        } catch (error) {
          expect(error).toBeInstanceOf(PackedFileError);
        }
      }),
    );
  });
});
