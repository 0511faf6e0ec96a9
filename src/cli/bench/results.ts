// Figures kept from one call to the next: a file a device, where a row replaces the one before it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRow } from './measure';

export interface BenchReport {
  readonly device: string;
  readonly model: string;
  readonly rows: readonly BenchRow[];
  readonly memory: { readonly bytes: number; readonly peakBytes: number };
}

/** `old` with each row of `fresh` in the place of that of the same workload and system, new ones at the end. */
export function mergeRows(old: readonly BenchRow[], fresh: readonly BenchRow[]): BenchRow[] {
  const key = ({ workload, system }: BenchRow) => `${workload}\n${system}`;
  return [...new Map([...old, ...fresh].map((row) => [key(row), row])).values()];
}

/** A file name for a device: `llvmpipe: Mesa 25.0.7 (LLVM 19.1.7)` → `llvmpipe-mesa-25.0.7-llvm-19.1.7`. */
export function deviceFileName(device: string): string {
  return device
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** Adds a report to what bench/results has of its device; returns all of it and where it lies. */
export function saveReport(benchFolder: string, report: BenchReport): { report: BenchReport; path: string } {
  const folder = join(benchFolder, 'results');
  const path = join(folder, `${deviceFileName(report.device)}.json`);
  const old = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as BenchReport).rows : [];
  const merged = { ...report, rows: mergeRows(old, report.rows) };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify(merged, null, 2)}\n`);
  return { report: merged, path };
}
