import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PipelineInfo, StageInfo } from '../../protocol/protocol';
import { presentPipelines } from '../../worker/presentPipeline';
import { type Graph, layoutGraph } from './graph';

const stage = (name: string, kind: StageInfo['kind'], ...needs: string[]): StageInfo => ({
  name,
  kind,
  summary: '',
  needs,
  settings: {},
});
const ready = (name: string): Graph => {
  const found = presentPipelines().find(({ full }) => full.name === name);
  return layoutGraph((found as { full: PipelineInfo }).full);
};
const lanesOf = ({ rows }: Graph) => rows.map(({ name, lane }) => [name, lane]);

describe('the graph of a pipeline', () => {
  it('of R1 has the base as its trunk: reasoning branches off, and its answers come back to the base', () => {
    const graph = ready('r1');
    expect(lanesOf(graph)).toEqual([
      ['base', 0],
      ['cold-start', 1],
      ['reasoning-rl', 1],
      ['verified', 1],
      ['rejection-sft', 0],
      ['final-rl', 0],
    ]);
    expect(graph.numLanes).toBe(2);
    const [base, coldStart, , verified, rejectionSft, finalRl] = graph.rows;
    expect(base).toMatchObject({ makes: 'input', incoming: [], continues: true });
    expect(coldStart).toMatchObject({ incoming: [0], passing: [0] });
    expect(verified).toMatchObject({ makes: 'set', incoming: [1], passing: [0] });
    expect(rejectionSft).toMatchObject({ incoming: [0, 1], passing: [] });
    expect(finalRl).toMatchObject({ incoming: [0], continues: false });
  });

  it('of distil-or-rl ends its three students in lanes of their own', () => {
    const { rows, numLanes } = ready('distil-or-rl');
    const student = rows.find(({ name }) => name === 'student');
    const students = rows.filter(({ needs }) => needs[0] === 'student');
    expect(students.map(({ incoming }) => incoming[0])).toEqual([student?.lane, student?.lane, student?.lane]);
    expect(students.at(-1)).toMatchObject({ lane: student?.lane, passing: [] });
    expect(numLanes).toBe(3);
  });

  it('of two models with nothing in common has a lane for each that is still needed', () => {
    const graph = layoutGraph({
      inputs: [],
      stages: [
        stage('a', 'initialize'),
        stage('b', 'initialize'),
        stage('c', 'sft', 'a'),
        stage('d', 'distil', 'c', 'b'),
      ],
    });
    expect(lanesOf(graph)).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 0],
      ['d', 0],
    ]);
  });

  it('never puts two lines into one lane, and brings every line to what needs it', () => {
    const pipelines = fc
      .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
      .map((all) =>
        all.map((needs, i) =>
          stage(`s${i}`, 'sft', ...(i === 0 ? [] : [...new Set(needs.map((need) => `s${need % i}`))])),
        ),
      );
    fc.assert(
      fc.property(pipelines, (stages) => {
        const { rows, numLanes } = layoutGraph({ inputs: [], stages });
        for (const [i, row] of rows.entries()) {
          expect(row.passing).not.toContain(row.lane);
          expect(row.lane).toBeLessThan(numLanes);
          for (const [n, need] of row.needs.entries()) {
            const from = rows.findIndex(({ name }) => name === need);
            const lane = rows[from]?.lane as number;
            expect(row.incoming[n]).toBe(lane);
            // All the way down nobody else is in the lane.
            for (const between of rows.slice(from + 1, i)) {
              expect(between.passing).toContain(lane);
              expect(between.lane).not.toBe(lane);
            }
          }
        }
      }),
    );
  });
});
