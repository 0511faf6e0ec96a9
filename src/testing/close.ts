// Closeness with a reason: every tolerance says why it is what it is, and a failure says where the worst number sits.

/** How far numbers may be apart, and why that far. */
export interface Tolerance {
  /** Bound on |actual − expected| as a share of the largest |expected|. */
  readonly relative?: number;
  /** Bound on |actual − expected|. With `relative` as well, either may be met. */
  readonly absolute?: number;
  /** The reason for the bound, e.g. `an f32 sum of 512 terms`. */
  readonly because: string;
}

/**
 * Throws unless both arrays have the same length and every pair of numbers is within the tolerance. NaN is close to nothing;
 * an infinity only to itself. The message names the worst index, both values, the bound and its reason.
 */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): void {
  const { relative, absolute, because } = tolerance;
  if (relative === undefined && absolute === undefined)
    throw new Error('expectClose needs a relative or an absolute bound');
  if (actual.length !== expected.length) {
    throw new Error(`${actual.length} numbers where ${expected.length} were expected (${because})`);
  }
  let largest = 0;
  for (const value of Array.from(expected)) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  const bound = Math.max((relative ?? 0) * largest, absolute ?? 0);

  let worst = -1;
  let worstError = bound;
  let numWrong = 0;
  for (let i = 0; i < expected.length; i++) {
    const [got, wanted] = [Number(actual[i]), Number(expected[i])];
    const error = Object.is(got, wanted) || got === wanted ? 0 : Math.abs(got - wanted);
    if (error <= bound) continue;
    numWrong++;
    if (worst < 0 || error > worstError || (Number.isNaN(error) && !Number.isNaN(worstError))) {
      worst = i;
      worstError = error;
    }
  }
  if (worst < 0) return;
  throw new Error(
    `${numWrong} of ${expected.length} numbers are not close; the worst is at ${worst}: got ${actual[worst]}, expected ` +
      `${expected[worst]}, apart by ${worstError.toExponential(2)} where ${bound.toExponential(2)} is allowed ` +
      `(largest expected ${largest.toExponential(2)}; ${because})`,
  );
}

/** |actual − expected| / |expected|, each in the L2 norm of the whole array; |actual| where expected is all zero. */
export function relativeL2(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (Number(actual[i]) - Number(expected[i])) ** 2;
    norm += Number(expected[i]) ** 2;
  }
  return Math.sqrt(difference) / (norm === 0 ? 1 : Math.sqrt(norm));
}
