// Figures as a Markdown table, in its place between two comments of a document.
import type { BenchRow } from './measure';
import { cells } from './table';

const END = '<!-- /bench -->';
const startOf = (device: string) => `<!-- bench: ${device} -->`;

/** A table of the rows, in the order of `workloads`. */
export function markdownTable(rows: readonly BenchRow[], workloads: readonly string[]): string {
  const place = ({ workload }: BenchRow) => workloads.indexOf(workload);
  const lines = [...rows]
    .sort((a, b) => place(a) - place(b))
    .map((row) => cells(row).map((text) => text.replaceAll('|', '\\|')))
    .map(([workload, system, ms, spread, ...rest]) => [workload, system, `${ms} ${spread}`.trim(), ...rest]);
  const head = ['workload', 'system', 'ms', 'tokens/s', 'gflop/s', ''];
  return [head, head.map(() => '---'), ...lines].map((texts) => `| ${texts.join(' | ')} |`).join('\n');
}

/** The document with the table of a device replaced, or added at the end where it has none. */
export function withTable(document: string, device: string, table: string): string {
  const start = startOf(device);
  const block = `${start}\n${table}\n${END}`;
  const from = document.indexOf(start);
  const to = document.indexOf(END, from);
  if (from < 0 || to < 0) return `${document.trimEnd()}\n\n## ${device}\n\n${block}\n`;
  return document.slice(0, from) + block + document.slice(to + END.length);
}
