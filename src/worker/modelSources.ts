// Where models come from: shipped with the page, files that a person chose, runs and pipelines of this browser.
import * as v from 'valibot';
import { type FileSource, mapSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { readFolder } from '../formats/huggingface/readFolder';
import { readJson } from '../formats/huggingface/readJson';
import { urlSource } from '../formats/huggingface/urlSource';
import { unzipSource } from '../formats/huggingface/zipSource';
import type { Architecture } from '../model/architecture';
import { parseConfigJson } from '../model/configJson';
import { SessionError } from '../protocol/command';
import { type Lineage, lineageName, lineageOf } from '../protocol/lineage';
import type { EngineEvent, ModelSource, RunRecord, ShippedModel } from '../protocol/protocol';
import { readBase } from './baseModel';
import type { ModelShelf } from './modelShelf';
import type { PipelineSession } from './pipelineSession';
import { type RunSnapshot, unpackRunCheckpoint } from './runCheckpoint';
import type { Stores } from './stores';

const shippedModelsSchema = v.array(
  v.object({ id: v.string(), sizeBytes: v.number(), isShownFirst: v.optional(v.boolean(), false) }),
);

export interface FoundModel {
  readonly lineage: Lineage;
  readonly files: FileSource;
}

export class ModelSources {
  /** @param baseUrl where the page's files are. @param pipelines those of this browser, once they are open. */
  constructor(
    private readonly baseUrl: URL,
    private readonly stores: Pick<Stores, 'runs' | 'checkpoints' | 'bases'>,
    private readonly kept: Pick<ModelShelf, 'source'>,
    private readonly pipelines: () => PipelineSession,
    private readonly emit: (event: EngineEvent) => void,
  ) {}

  /** None where the page has no list of them. */
  async shippedModels(): Promise<readonly ShippedModel[]> {
    const response = await fetch(new URL('models/models.json', this.baseUrl));
    return response.ok ? v.parse(shippedModelsSchema, await response.json()) : [];
  }

  async shippedArchitecture(id: string): Promise<Architecture> {
    return parseConfigJson(await readJson(this.#shipped(id).files, 'config.json')).architecture;
  }

  shippedFolder(id: string): Promise<ModelFolder> {
    return readFolder(this.#shipped(id).files);
  }

  #shipped(id: string): FoundModel {
    const url = new URL(`models/${id}`, this.baseUrl).href;
    const onProgress = (_: string, done: number, total: number) =>
      this.emit({ type: 'modelLoadProgressed', stage: 'download', done, total });
    return { lineage: { baseModel: id, runs: [] }, files: urlSource(url, onProgress) };
  }

  async find(source: ModelSource): Promise<FoundModel> {
    switch (source.kind) {
      case 'shipped':
        return this.#shipped(source.id);
      case 'files': {
        const [first] = source.files;
        const isZip = source.files.length === 1 && first !== undefined && /\.zip$/i.test(first.name);
        const files = new Map(source.files.map(({ name, content }) => [name.replace(/^.*\//, ''), content]));
        return {
          lineage: { baseModel: source.name, runs: [] },
          files: isZip ? unzipSource(source.name, await bytesOf(first.content)) : mapSource(source.name, files),
        };
      }
      case 'run': {
        const run = await this.run(source.runId);
        return { lineage: lineageOf(run), files: (await this.runSnapshot(run)).source };
      }
      case 'kept': {
        const files = await this.kept.source(source.id);
        return { lineage: { baseModel: files.name, runs: [] }, files };
      }
      case 'checkpoint': {
        const files = await this.pipelines().source(source.pipeline, source.checkpoint);
        return { lineage: { baseModel: files.name, runs: [] }, files };
      }
    }
  }

  /** Throws SessionError where there is no such run. */
  async run(runId: string): Promise<RunRecord> {
    const found = await this.stores.runs.findRun(runId);
    if (!found) throw new SessionError('This run is not stored here.', 'Choose one of the runs in the list.');
    return found;
  }

  /** A run as its last checkpoint has it. Throws SessionError where it has none. */
  async runSnapshot(run: RunRecord): Promise<RunSnapshot> {
    const stored = await this.stores.checkpoints.loadCheckpoint(run.id);
    if (stored) return unpackRunCheckpoint(lineageName(lineageOf(run)), stored);
    throw new SessionError(`${run.name} has no checkpoint yet.`, 'Start it again; it is saved while it trains.');
  }

  /** The model that a run started from. Throws SessionError where it is not stored. */
  async beforeRun(runId: string): Promise<ModelFolder> {
    const { bases } = this.stores;
    if ((await bases.list(runId)).length > 0) return readBase(bases, runId);
    const { base } = await this.runSnapshot(await this.run(runId));
    if (!base) throw new SessionError('The model before this run is not stored.', 'Choose another model.');
    return base;
  }
}

async function bytesOf(content: Uint8Array | Blob): Promise<Uint8Array> {
  return content instanceof Uint8Array ? content : new Uint8Array(await content.arrayBuffer());
}
