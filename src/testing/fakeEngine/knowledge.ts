// What a model knows, made up: fewer problems are right the larger they are.
import type { EngineApi, KnowledgeMap, Result } from '../../protocol/protocol';
import { withCell } from '../../tasks/knowledgeMap';
import { allGrids, cellKey, cellsOf } from '../../tasks/sizes';
import type { Host } from './host';
import { ok } from './results';

type KnowledgePart = Pick<EngineApi, 'knowledge' | 'measureKnowledge' | 'stopKnowledge' | 'forgetKnowledge'>;

const CELL_MS = 30;

export class FakeKnowledge implements KnowledgePart {
  readonly #maps = new Map<string, KnowledgeMap>();
  #isStopWanted = false;

  constructor(private readonly host: Host) {}

  knowledge = async (): Promise<Result<KnowledgeMap>> => ok(this.#current());

  measureKnowledge = async (numProblems: number): Promise<Result<KnowledgeMap>> => {
    this.#isStopWanted = false;
    const map = this.#current();
    void this.#measure(map, numProblems);
    return ok(map);
  };

  stopKnowledge = async (): Promise<void> => {
    this.#isStopWanted = true;
  };

  forgetKnowledge = async (model: string): Promise<Result<null>> => {
    this.#isStopWanted = true;
    this.#maps.delete(model);
    return ok(null);
  };

  #current(): KnowledgeMap {
    const { name } = this.host.model;
    const tasks = allGrids().map(({ task }) => task);
    const fresh = { model: name, name, device: 'made up', measuredAt: '2026-01-01T00:00:00Z', tasks, cells: [] };
    return this.#maps.get(name) ?? fresh;
  }

  async #measure(begun: KnowledgeMap, problems: number): Promise<void> {
    let map = begun;
    const done = new Set(begun.cells.map(cellKey));
    for (const grid of allGrids()) {
      for (const place of cellsOf(grid)) {
        if (done.has(cellKey(place))) continue;
        await this.host.wait(CELL_MS);
        if (this.#isStopWanted) return this.#end(map, true);
        const [x, y] = [grid.columns.sizes.indexOf(place.column), grid.rows.sizes.indexOf(place.row)];
        const cell = { ...place, right: Math.round(problems / (1 + x + y / 4)), problems };
        map = withCell(map, cell, '2026-01-01T00:00:00Z');
        this.#maps.set(map.model, map);
        this.host.emit({ type: 'knowledgeMeasured', model: map.model, cell, measuredAt: map.measuredAt });
      }
    }
    this.#end(map, false);
  }

  #end({ model }: KnowledgeMap, isStopped: boolean): void {
    this.host.emit({ type: 'knowledgeEnded', model, isStopped });
  }
}
