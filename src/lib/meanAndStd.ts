// Mean and spread of what was given.

/** Mean, and std with ddof 1, of the values that are not null. NaN where there are too few. */
export function meanAndStd(values: readonly (number | null)[]): { mean: number; std: number } {
  const given = values.filter((value) => value !== null);
  const [first = Number.NaN] = given;
  // Summing differences from the first value makes the std of equal values exactly 0.
  const mean = first + given.reduce((sum, value) => sum + (value - first), 0) / given.length;
  const squares = given.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: given.length > 1 ? Math.sqrt(squares / (given.length - 1)) : Number.NaN };
}
