// The JSONL file of a run: one line a step, each a JSON object of a step and its metrics.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, writeGiven } from './files';

export type MetricsLog = (step: number, metrics: Readonly<Record<string, unknown>>) => void;

function stepOf(line: string): number {
  try {
    return Number((JSON.parse(line) as { step?: unknown }).step);
  } catch {
    return Number.NaN;
  }
}

/**
 * Opens a log. A new run begins it anew; a resumed one (`after` is the step of its checkpoint) keeps the lines up to
 * there, so that no step is in it twice. Throws UsageError where it cannot be written.
 */
export function openMetricsLog(path: string | undefined, after: number | undefined): MetricsLog {
  if (path === undefined) return () => {};
  writeGiven(path, () => {
    makeFolder(dirname(path));
    const lines = after !== undefined && existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    const kept = lines.filter((line) => line !== '' && stepOf(line) <= (after ?? -1));
    writeFileSync(path, kept.map((line) => `${line}\n`).join(''));
  });
  return (step, metrics) => writeGiven(path, () => appendFileSync(path, `${JSON.stringify({ step, ...metrics })}\n`));
}
