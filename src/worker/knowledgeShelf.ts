// What was measured of models in this browser, by their weights.
import type { StoredFiles } from '../runs/store';
import { type KnowledgeMap, readKnowledgeMap } from '../tasks/knowledgeMap';

const PATH = 'map.json';
/** Of more models than these the maps that were measured first are deleted. */
const MOST_MAPS = 64;

export class KnowledgeShelf {
  constructor(private readonly files: StoredFiles) {}

  /** Undefined where nothing was measured, or what is stored is no map. */
  async find(model: string): Promise<KnowledgeMap | undefined> {
    const bytes = await this.files.read(model, PATH);
    return bytes && readKnowledgeMap(new TextDecoder().decode(bytes));
  }

  /** @throws StorageFullError */
  async keep(map: KnowledgeMap): Promise<void> {
    await this.files.write(map.model, PATH, new TextEncoder().encode(JSON.stringify(map)));
  }

  delete(model: string): Promise<void> {
    return this.files.delete(model);
  }

  /** Makes room for a map of another model. */
  async tidy(): Promise<void> {
    const names = await this.files.names();
    if (names.length < MOST_MAPS) return;
    const dated = await Promise.all(
      names.map(async (name) => ({ name, at: (await this.find(name))?.measuredAt ?? '' })),
    );
    dated.sort((a, b) => a.at.localeCompare(b.at));
    for (const { name } of dated.slice(0, 1 + names.length - MOST_MAPS)) await this.delete(name);
  }
}
