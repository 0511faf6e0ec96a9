// Probabilities as whole numbers, the same wherever the logits are: only sums, products and comparisons, which IEEE 754 fixes.
import { MAX_TOTAL } from './arithmeticCoder';

/** e^x below it adds nothing to a share of MAX_TOTAL. */
const LEAST_EXPONENT = -40;
/** Of Taylor's series on [0, ln 2): the rest is below the last bit. */
const TERMS = 16;

const POWERS: number[] = [1];
while (POWERS.length < 64) POWERS.push((POWERS.at(-1) as number) / 2);

/** e^x for x ≤ 0. `Math.exp` is not the same in every engine. */
function exp(x: number): number {
  if (x < LEAST_EXPONENT) return 0;
  const whole = Math.floor(x * Math.LOG2E);
  const rest = x - whole * Math.LN2;
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= TERMS; k++) {
    term *= rest / k;
    sum += term;
  }
  return sum * (POWERS[-whole] as number);
}

/**
 * Softmax as frequencies that add up to MAX_TOTAL, each at least 1, so that whatever comes can be encoded.
 * @param count how many of the logits are choices: fewer than MAX_TOTAL
 * @returns undefined where a logit is not a number.
 */
export function frequenciesOf(logits: Float32Array, count: number): Uint32Array | undefined {
  let most = 0;
  for (let i = 0; i < count; i++) {
    const logit = logits[i] as number;
    if (!Number.isFinite(logit)) return undefined;
    if (logit > (logits[most] as number)) most = i;
  }
  const top = logits[most] as number;
  const weights = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    weights[i] = exp((logits[i] as number) - top);
    sum += weights[i] as number;
  }
  const frequencies = new Uint32Array(count);
  const room = MAX_TOTAL - count;
  let given = 0;
  for (let i = 0; i < count; i++) {
    const frequency = 1 + Math.floor(((weights[i] as number) / sum) * room);
    frequencies[i] = frequency;
    given += frequency;
  }
  frequencies[most] = (frequencies[most] as number) + MAX_TOTAL - given;
  return frequencies;
}

/** Counts of what came so far: an adaptive model of few choices, for what the language model has no token for. */
export class Counts {
  readonly frequencies: Uint32Array;
  #total: number;

  constructor(start: readonly number[]) {
    this.frequencies = Uint32Array.from(start);
    this.#total = start.reduce((sum, count) => sum + count, 0);
  }

  /** One more of a choice. Old ones count less and less, so that the total stays within bounds. */
  add(choice: number): void {
    const { frequencies } = this;
    frequencies[choice] = (frequencies[choice] as number) + STEP;
    this.#total += STEP;
    if (this.#total < MOST_COUNTS) return;
    this.#total = 0;
    for (const [i, count] of frequencies.entries()) {
      frequencies[i] = (count >> 1) + 1;
      this.#total += frequencies[i] as number;
    }
  }
}

const STEP = 32;
const MOST_COUNTS = 2 ** 16;
