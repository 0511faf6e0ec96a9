// A pipeline as a graph: a row for each input and stage, in order, and lanes in which lines run down from what is made to what is
// made of it. Pure.
import type { PipelineInfo } from '../../protocol/protocol';

export interface GraphRow {
  readonly name: string;
  readonly makes: 'input' | 'model' | 'set';
  /** What it is made from. */
  readonly needs: readonly string[];
  readonly lane: number;
  /** Lanes from which an arrow comes in, in the order of `needs`. */
  readonly incoming: readonly number[];
  /** Lanes whose line goes on past this row. */
  readonly passing: readonly number[];
  /** Whether something below is made from it. */
  readonly continues: boolean;
}

export interface Graph {
  readonly rows: readonly GraphRow[];
  readonly numLanes: number;
}

/**
 * A line keeps its lane down to the last row that needs it. That row takes the lane over, so that the longest-lived model is the
 * trunk and what is made on the way branches off and comes back; every other row takes the first lane that is free.
 */
export function layoutGraph({ inputs, stages }: Pick<PipelineInfo, 'inputs' | 'stages'>): Graph {
  const nodes = [
    ...inputs.map((name) => ({ name, makes: 'input' as const, needs: [] })),
    ...stages.map(({ name, kind, needs }) => {
      const makes = kind === 'reject' || kind === 'pairs' ? ('set' as const) : ('model' as const);
      return { name, makes, needs: [...new Set(needs)] };
    }),
  ];
  const lastUse = new Map<string, number>();
  for (const [i, { needs }] of nodes.entries()) for (const need of needs) lastUse.set(need, i);
  const laneOf = new Map<string, number>();
  /** What runs down each lane. */
  const lanes: (string | undefined)[] = [];
  const rows = nodes.map((node, i): GraphRow => {
    const incoming = node.needs.map((need) => laneOf.get(need) ?? 0);
    const ending = node.needs.filter((need) => lastUse.get(need) === i).map((need) => laneOf.get(need) ?? 0);
    for (const lane of ending) lanes[lane] = undefined;
    const passing = [...lanes.keys()].filter((lane) => lanes[lane] !== undefined);
    const free = [...lanes.keys(), lanes.length].find((lane) => lanes[lane] === undefined) ?? lanes.length;
    const lane = ending[0] ?? free;
    const continues = lastUse.has(node.name);
    lanes[lane] = continues ? node.name : undefined;
    laneOf.set(node.name, lane);
    return { ...node, lane, incoming, passing, continues };
  });
  return { rows, numLanes: Math.max(1, lanes.length) };
}
