// Rows as text for a terminal.
import type { BenchRow } from './measure';
import type { KernelTimes } from './workload';

const figure = (value: number | undefined, digits: number) =>
  value === undefined
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Few digits, but three that mean something. */
const rateFigure = (value: number | undefined) => figure(value, value !== undefined && value < 100 ? 1 : 0);

/** The cells of a row: workload, system, ms, ± ms, tokens/s, gflop/s, remark. */
export function cells(row: BenchRow): string[] {
  const remark = row.error === undefined ? (row.detail ?? '') : `failed: ${row.error}`;
  return [
    row.workload,
    row.system,
    figure(row.ms, 1),
    row.spreadMs ? `±${figure(row.spreadMs, 1)}` : '',
    rateFigure(row.tokensPerSecond),
    figure(row.gflops, 2),
    remark,
  ];
}

const WIDTHS = [20, 14, 11, 9, 11, 9];

function line(texts: readonly string[]): string {
  const columns = texts.map((text, i) => {
    const width = WIDTHS[i];
    if (width === undefined) return `  ${text}`;
    return i < 2 ? text.padEnd(width) : text.padStart(width);
  });
  return columns.join('').trimEnd();
}

export const tableHead = line(['workload', 'system', 'ms', '', 'tokens/s', 'gflop/s', '']);

export function tableRow(row: BenchRow): string {
  return line(cells(row));
}

/** Kernels by their share of the time. */
export function profileTable(title: string, kernels: KernelTimes): string {
  const total = [...kernels.values()].reduce((sum, { ms }) => sum + ms, 0);
  const rows = [...kernels].sort(([, a], [, b]) => b.ms - a.ms);
  const lines = rows.map(([kernel, { ms, count }]) => {
    const share = `${((100 * ms) / Math.max(total, 1e-9)).toFixed(1)} %`;
    return `  ${kernel.padEnd(34)}${ms.toFixed(3).padStart(10)}${String(count).padStart(8)}${share.padStart(9)}`;
  });
  return [
    `\n${title}: ${total.toFixed(1)} ms`,
    `  ${'kernel'.padEnd(34)}${'ms'.padStart(10)}${'times'.padStart(8)}`,
    ...lines,
  ].join('\n');
}
