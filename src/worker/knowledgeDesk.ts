// What the loaded model knows: the map of its weights as they are now, and the measurement that fills it.
import { folderTokenizer } from '../engine/languageModel';
import type { ModelFolder } from '../formats/huggingface/folder';
import { weightsId } from '../lib/tensors/weightsId';
import { SessionError } from '../protocol/command';
import { lineageName } from '../protocol/lineage';
import { openStoredFiles } from '../storage/storedFiles';
import type { KnowledgeMap } from '../tasks/knowledgeMap';
import { readableGrids } from '../trainer/evaluation/knowledge';
import type { Engine } from './engine';
import { runKnowledgeJob } from './knowledgeJob';
import { KnowledgeShelf } from './knowledgeShelf';

export async function openKnowledgeDesk(engine: Engine): Promise<KnowledgeDesk> {
  return new KnowledgeDesk(engine, new KnowledgeShelf(await openStoredFiles('maps')));
}

export class KnowledgeDesk {
  #measuring: AbortController | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly engine: Engine,
    private readonly shelf: KnowledgeShelf,
  ) {}

  async current(): Promise<KnowledgeMap> {
    return (await this.#read()).map;
  }

  /** Goes on with the map. @throws SessionError while one is being measured. */
  async measure(numProblems: number): Promise<KnowledgeMap> {
    if (this.#measuring)
      throw new SessionError('What a model knows is being measured.', 'Stop it, or wait for its end.');
    const controller = new AbortController();
    this.#measuring = controller;
    try {
      const { computing, runServices } = this.engine;
      await computing.settle();
      const { folder, map } = await this.#read();
      if (map.cells.length === 0) await this.shelf.tidy();
      const begun = { ...map, device: computing.device.name };
      const services = { ...runServices, shelf: this.shelf };
      this.#ended = runKnowledgeJob(services, folder, begun, numProblems, controller.signal).finally(() => {
        this.#measuring = undefined;
      });
      return begun;
    } catch (error) {
      this.#measuring = undefined;
      throw error;
    }
  }

  stop(): void {
    this.#measuring?.abort();
  }

  async forget(model: string): Promise<void> {
    this.stop();
    // Or a cell that is being written would bring the map back.
    await this.#ended;
    await this.shelf.delete(model);
  }

  /** The loaded model as it is now, and its map so far. */
  async #read(): Promise<{ readonly folder: ModelFolder; readonly map: KnowledgeMap }> {
    const { lane, active, computing } = this.engine;
    const folder = await lane.run(() => active.folder());
    const model = await weightsId(folder.tensors);
    const found = await this.shelf.find(model);
    if (found) return { folder, map: found };
    const name = lineageName(active.lineage);
    const tasks = readableGrids(folderTokenizer(name, folder), folder.readme ?? '').map(({ task }) => task);
    const { name: device } = computing.device;
    return { folder, map: { model, name, device, measuredAt: new Date().toISOString(), tasks, cells: [] } };
  }
}
