// Arithmetic coding with registers of 32 bits: Witten, Neal & Cleary, "Arithmetic Coding for Data Compression", CACM 30(6), 1987.
// Whole numbers below 2⁵³ throughout, so that every engine of JavaScript makes the same bits.

const WHOLE = 2 ** 32;
const HALF = 2 ** 31;
const QUARTER = 2 ** 30;

/** The most that the frequencies of one choice may add up to: times a range of 2³² they stay below 2⁵³. */
export const MAX_TOTAL = 2 ** 20;

/** One of several choices: those before it have `low` of `total` together, those up to it `high`. */
export interface Share {
  readonly low: number;
  readonly high: number;
  readonly total: number;
}

export class ArithmeticEncoder {
  readonly #bytes: number[] = [];
  #byte = 0;
  #bits = 0;
  #low = 0;
  #high = WHOLE - 1;
  /** Bits that are the opposite of the next one that is certain. */
  #pending = 0;

  encode({ low, high, total }: Share): void {
    const range = this.#high - this.#low + 1;
    this.#high = this.#low + Math.floor((range * high) / total) - 1;
    this.#low += Math.floor((range * low) / total);
    for (;;) {
      if (this.#high < HALF) this.#settle(0);
      else if (this.#low >= HALF) {
        this.#settle(1);
        this.#low -= HALF;
        this.#high -= HALF;
      } else if (this.#low >= QUARTER && this.#high < 3 * QUARTER) {
        this.#pending++;
        this.#low -= QUARTER;
        this.#high -= QUARTER;
      } else return;
      this.#low *= 2;
      this.#high = 2 * this.#high + 1;
    }
  }

  /** Bits so far, those that are not yet certain included. */
  get numBits(): number {
    return 8 * this.#bytes.length + this.#bits + this.#pending;
  }

  /** Everything that was encoded. Nothing more may be. */
  finish(): Uint8Array {
    this.#pending++;
    this.#settle(this.#low < QUARTER ? 0 : 1);
    while (this.#bits > 0) this.#write(0);
    // What is not there reads as zeros.
    while (this.#bytes.at(-1) === 0) this.#bytes.pop();
    return Uint8Array.from(this.#bytes);
  }

  #settle(bit: 0 | 1): void {
    this.#write(bit);
    for (; this.#pending > 0; this.#pending--) this.#write(bit === 0 ? 1 : 0);
  }

  #write(bit: 0 | 1): void {
    this.#byte = 2 * this.#byte + bit;
    if (++this.#bits < 8) return;
    this.#bytes.push(this.#byte);
    this.#byte = 0;
    this.#bits = 0;
  }
}

export class ArithmeticDecoder {
  #low = 0;
  #high = WHOLE - 1;
  #code = 0;
  /** Bits that were read, those after the end included. */
  #place = 0;

  constructor(private readonly bytes: Uint8Array) {
    for (let i = 0; i < 32; i++) this.#code = 2 * this.#code + this.#read();
  }

  /** Where among `total` the next choice lies: the one whose low ≤ place < high is to be told to `take`. */
  placeOf(total: number): number {
    const range = this.#high - this.#low + 1;
    return Math.floor(((this.#code - this.#low + 1) * total - 1) / range);
  }

  take({ low, high, total }: Share): void {
    const range = this.#high - this.#low + 1;
    this.#high = this.#low + Math.floor((range * high) / total) - 1;
    this.#low += Math.floor((range * low) / total);
    for (;;) {
      let less = 0;
      if (this.#high < HALF) less = 0;
      else if (this.#low >= HALF) less = HALF;
      else if (this.#low >= QUARTER && this.#high < 3 * QUARTER) less = QUARTER;
      else return;
      this.#low = 2 * (this.#low - less);
      this.#high = 2 * (this.#high - less) + 1;
      this.#code = 2 * (this.#code - less) + this.#read();
    }
  }

  #read(): number {
    const byte = this.bytes[this.#place >> 3] ?? 0;
    return (byte >> (7 - (this.#place++ & 7))) & 1;
  }
}
