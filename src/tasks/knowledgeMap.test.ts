import { describe, expect, it } from 'vitest';
import { cellOf, type KnowledgeMap, readKnowledgeMap, withCell } from './knowledgeMap';

const EMPTY: KnowledgeMap = {
  model: 'f00',
  name: 'base',
  device: 'processor',
  measuredAt: '2026-01-01T00:00:00.000Z',
  tasks: ['chained_sums'],
  cells: [],
};
const cell = (right: number) => ({ task: 'chained_sums', row: 4, column: 1, right, problems: 8 });

describe('a map of what a model knows', () => {
  it('has each cell once, as it was measured last', () => {
    const twice = withCell(withCell(EMPTY, cell(2), '2026-01-02'), cell(5), '2026-01-03');
    expect(twice).toEqual({ ...EMPTY, measuredAt: '2026-01-03', cells: [cell(5)] });
    expect(cellOf(twice, { task: 'chained_sums', row: 4, column: 1 })).toEqual(cell(5));
    expect(cellOf(twice, { task: 'chained_sums', row: 5, column: 1 })).toBeUndefined();
  });

  it('is read from the text of a file, and nothing else is', () => {
    const map = withCell(EMPTY, cell(3), '2026-01-02');
    expect(readKnowledgeMap(JSON.stringify(map))).toEqual(map);
    for (const text of ['', '{', 'null', '[]', '<html>', JSON.stringify({ ...map, cells: [cell(9)] })])
      expect(readKnowledgeMap(text)).toBeUndefined();
  });
});
