import { describe, expect, it } from 'vitest';
import { markdownTable, withTable } from './markdown';
import type { BenchRow } from './measure';
import { deviceFileName, mergeRows } from './results';
import { tableRow } from './table';

const row: BenchRow = {
  workload: 'train-dense',
  system: 'soliloquy',
  ms: 1718.82,
  spreadMs: 12.34,
  tokensPerSecond: 596.2,
  gflops: 3.781,
};
const failed: BenchRow = { workload: 'gemm-512', system: 'tfjs', error: 'no shader-f16 | here' };

describe('a row in the terminal', () => {
  it('has its figures with few digits', () => {
    expect(tableRow(row)).toMatch(/^train-dense +soliloquy +1,718\.8 +±12\.3 +596 +3\.78$/);
  });

  it('says why there are none', () => {
    expect(tableRow(failed)).toMatch(/^gemm-512 +tfjs +– +– +– +failed: no shader-f16 \| here$/);
  });
});

describe('the Markdown table', () => {
  const table = markdownTable([row, failed], ['gemm-512', 'train-dense']);

  it('is in the order of the workloads and escapes bars', () => {
    expect(table.split('\n').slice(2)).toEqual([
      '| gemm-512 | tfjs | – | – | – | failed: no shader-f16 \\| here |',
      '| train-dense | soliloquy | 1,718.8 ±12.3 | 596 | 3.78 |  |',
    ]);
  });

  it('replaces the one of its device and no other', () => {
    const both = withTable(withTable('# Benchmarks\n', 'GPU 1', 'one'), 'GPU 2', 'two');
    const again = withTable(both, 'GPU 1', 'three');
    expect(again).not.toContain('one');
    expect(again).toContain('<!-- bench: GPU 1 -->\nthree\n<!-- /bench -->');
    expect(again).toContain('<!-- bench: GPU 2 -->\ntwo\n<!-- /bench -->');
    expect(withTable(again, 'GPU 1', 'three')).toBe(again);
  });
});

it('a new row takes the place of the one of its workload and system', () => {
  const faster = { ...row, ms: 900 };
  expect(mergeRows([row, failed], [faster])).toEqual([faster, failed]);
});

it('a device has a file name', () => {
  expect(deviceFileName('llvmpipe: Mesa 25.0.7 (LLVM 19.1.7)')).toBe('llvmpipe-mesa-25.0.7-llvm-19.1.7');
});
