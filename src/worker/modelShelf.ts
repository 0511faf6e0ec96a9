// The models that the reader keeps in this browser: whole Hugging Face folders under names of their own.
import * as v from 'valibot';
import { type FileSource, mapSource } from '../formats/huggingface/fileSource';
import { SessionError } from '../protocol/command';
import type { KeptModel } from '../protocol/models';
import type { StoredFiles } from '../runs/store';

const ABOUT = 'kept.json';
const MAX_NAME = 60;

const aboutSchema = v.object({ name: v.string(), keptAt: v.string(), sizeBytes: v.number() });
type About = v.InferOutput<typeof aboutSchema>;

const encode = (about: About) => new TextEncoder().encode(JSON.stringify(about));

export class ModelShelf {
  /** @param shippedNames names that a model of the reader's own cannot have */
  constructor(
    private readonly files: StoredFiles,
    private readonly shippedNames: () => Promise<readonly string[]>,
  ) {}

  /** Newest first. One that was not written to its end is left out. */
  async list(): Promise<readonly KeptModel[]> {
    const kept = await Promise.all((await this.files.names()).map((id) => this.#find(id)));
    return kept.filter((model) => model !== undefined).sort((a, b) => b.keptAt.localeCompare(a.keptAt));
  }

  /** Keeps a folder. @throws StorageFullError; nothing of it is kept then. */
  async keep(name: string, folder: ReadonlyMap<string, Uint8Array>): Promise<KeptModel> {
    const id = crypto.randomUUID();
    const sizeBytes = [...folder.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    const about = { name: await this.#freeName(name, id), keptAt: new Date().toISOString(), sizeBytes };
    try {
      for (const [path, bytes] of folder) await this.files.write(id, path, bytes);
      // Last: what has it is whole.
      await this.files.write(id, ABOUT, encode(about));
    } catch (error) {
      await this.files.delete(id);
      throw error;
    }
    return this.#get(id);
  }

  async rename(id: string, name: string): Promise<KeptModel> {
    const { keptAt, sizeBytes } = await this.#get(id);
    await this.files.write(id, ABOUT, encode({ name: await this.#freeName(name, id), keptAt, sizeBytes }));
    return this.#get(id);
  }

  delete(id: string): Promise<void> {
    return this.files.delete(id);
  }

  /** Throws SessionError where there is no such model. */
  async source(id: string): Promise<FileSource> {
    const { name } = await this.#get(id);
    const paths = (await this.files.list(id)).filter((path) => path !== ABOUT);
    const entries = await Promise.all(
      paths.map(async (path) => [path, (await this.files.read(id, path)) ?? new Uint8Array()] as const),
    );
    return mapSource(name, new Map(entries));
  }

  async #get(id: string): Promise<KeptModel> {
    const found = await this.#find(id);
    if (found) return found;
    throw new SessionError('This model is not kept here.', 'Choose one of the models in the list.');
  }

  async #find(id: string): Promise<KeptModel | undefined> {
    const bytes = await this.files.read(id, ABOUT);
    if (bytes === undefined) return undefined;
    const about = v.safeParse(aboutSchema, JSON.parse(new TextDecoder().decode(bytes)));
    if (!about.success) return undefined;
    const readme = await this.files.read(id, 'README.md');
    return { id, ...about.output, readme: readme && new TextDecoder().decode(readme) };
  }

  /** The name, with a number where it is taken. */
  async #freeName(wanted: string, id: string): Promise<string> {
    const name = wanted.trim().slice(0, MAX_NAME) || 'model';
    const others = (await this.list()).filter((model) => model.id !== id).map((model) => model.name);
    const taken = new Set([...others, ...(await this.shippedNames())]);
    for (let count = 1; ; count++) {
      const free = count === 1 ? name : `${name} ${count}`;
      if (!taken.has(free)) return free;
    }
  }
}
