// What was measured of a model, cell by cell: how many problems of each size it answers right.
import * as v from 'valibot';
import { type CellPlace, cellKey } from './sizes';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const size = v.union([v.pipe(v.string(), v.maxLength(20)), count]);

const measuredCellSchema = v.pipe(
  v.object({ task: v.pipe(v.string(), v.maxLength(40)), row: size, column: size, right: count, problems: count }),
  v.check(({ right, problems }) => right <= problems),
);

export type MeasuredCell = v.InferOutput<typeof measuredCellSchema>;

const knowledgeMapSchema = v.object({
  /** Which weights were measured (`weightsId`). */
  model: v.string(),
  name: v.string(),
  /** What computed, and when the last cell was measured: an ISO date. */
  device: v.string(),
  measuredAt: v.string(),
  /** Tasks whose problems the model can read. */
  tasks: v.array(v.string()),
  cells: v.pipe(v.array(measuredCellSchema), v.maxLength(1000)),
});

export type KnowledgeMap = v.InferOutput<typeof knowledgeMapSchema>;

/** A map as a file has it; undefined for anything else. */
export function readKnowledgeMap(text: string): KnowledgeMap | undefined {
  try {
    const found = v.safeParse(knowledgeMapSchema, JSON.parse(text));
    return found.success ? found.output : undefined;
  } catch {
    return undefined;
  }
}

/** The map with a cell that was measured just now, in the place of an older one. */
export function withCell(map: KnowledgeMap, cell: MeasuredCell, measuredAt: string): KnowledgeMap {
  const others = map.cells.filter((other) => cellKey(other) !== cellKey(cell));
  return { ...map, measuredAt, cells: [...others, cell] };
}

/** What a map says of a cell; undefined where it was not measured. */
export function cellOf({ cells }: Pick<KnowledgeMap, 'cells'>, place: CellPlace): MeasuredCell | undefined {
  const key = cellKey(place);
  return cells.find((cell) => cellKey(cell) === key);
}
