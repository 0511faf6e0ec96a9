// Layouts of packed texts for tests of attention, as src/model/packedBatch.ts writes them.

/** The spans (N, 4) of sequences of these lengths that share nothing. */
export function spansOf(lengths: readonly number[]): number[] {
  let first = 0;
  return lengths.flatMap((length) => {
    const span = [first, first, first, first + length];
    first += length;
    return Array.from({ length }, () => span).flat();
  });
}

/** Index of the first token of each one's sequence, of sequences of these lengths. */
export function startsOf(lengths: readonly number[]): number[] {
  return spansOf(lengths).filter((_, i) => i % 4 === 2);
}

/** How long a text is that goes on in several ways. */
interface TextLengths {
  readonly prefix: number;
  readonly continuations: readonly number[];
}

/** Texts whose continuations share their prefix, and the same with every continuation behind a copy of its prefix. */
export class SharedTexts {
  readonly spans: number[] = [];
  /** Rows of the shared layout that make up each sequence on its own. */
  readonly #sequences: number[][] = [];
  readonly rows: number;

  constructor(texts: readonly TextLengths[]) {
    const rowsFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
    let at = 0;
    for (const { prefix, continuations } of texts) {
      const start = at;
      const end = start + continuations.reduce((sum, length) => sum + length, prefix);
      for (let i = 0; i < prefix; i++) this.spans.push(start, start, start, end);
      at += prefix;
      for (const length of continuations) {
        for (let i = 0; i < length; i++) this.spans.push(start, start + prefix, at, at + length);
        this.#sequences.push([...rowsFrom(start, prefix), ...rowsFrom(at, length)]);
        at += length;
      }
    }
    this.rows = at;
  }

  /** Index of the first token of each one's sequence in the layout with copies. */
  get sequenceStart(): number[] {
    return startsOf(this.#sequences.map(({ length }) => length));
  }

  /** Rows of the shared layout → those of the layout with copies. */
  expand(x: Float32Array, width: number): Float32Array {
    return Float32Array.from(this.#sequences.flat().flatMap((row) => [...x.subarray(row * width, (row + 1) * width)]));
  }

  /** As `expand`, with zeros in every copy of a row but its first. */
  expandOnce(x: Float32Array, width: number): Float32Array {
    const seen = new Set<number>();
    const isFirst = this.#sequences.flat().map((row) => !seen.has(row) && seen.add(row) !== undefined);
    return this.expand(x, width).map((value, i) => (isFirst[Math.floor(i / width)] ? value : 0));
  }

  /** Adds up the copies of each row. */
  gather(x: ArrayLike<number>, width: number): Float64Array {
    const sum = new Float64Array(this.rows * width);
    this.#sequences.flat().forEach((row, i) => {
      for (let c = 0; c < width; c++)
        sum[row * width + c] = (sum[row * width + c] as number) + Number(x[i * width + c]);
    });
    return sum;
  }
}
