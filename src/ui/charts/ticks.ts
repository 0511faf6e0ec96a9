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

/** The labels of an axis. Those that are plain decimals have the same number of digits after the point, as few as tell them. */
export function tickLabels(ticks: readonly number[], format: (value: number) => string): string[] {
  const labels = ticks.map(format);
  if (!labels.every((label) => /^\u2212?\d+(\.\d+)?$/.test(label))) return labels;
  const decimals = (tick: number) => String(Number(tick.toFixed(6))).split('.')[1]?.length ?? 0;
  const digits = Math.max(...ticks.map(decimals));
  return ticks.map((tick) => tick.toFixed(digits).replace('-', '\u2212'));
}
