// Where a chart's axis is marked. Pure.

/** Round numbers from `low` to `high` that enclose both, at most `most` + 1 of them: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(low: number, high: number, most = 5): number[] {
  // Values closer than a thousandth of themselves are as good as equal: finer steps would be lost in rounding.
  const span = Math.max(high - low, 1e-3 * Math.max(Math.abs(low), Math.abs(high), 1e-3));
  const power = 10 ** Math.floor(Math.log10(span / most));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= most) ?? 10 * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
