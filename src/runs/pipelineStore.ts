// What a pipeline asks of storage. The CLI gives it a folder on disk, the page its own; the tests memory.
import { wholeFilesSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { readFolder } from '../formats/huggingface/readFolder';
import { SoliloquyError } from '../lib/errors';
import { PipelineError } from './pipeline';
import type { Checkpoint } from './store';

export interface PipelineStore {
  /** Said in messages: where it keeps things. */
  readonly name: string;
  /** A file by its path, such as `cold-start/model.safetensors`; undefined if there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Writes a file, whole or not at all. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Replaces the state of a stage, so that at every moment a whole one is there. */
  saveState(stage: string, state: Checkpoint): Promise<void>;
  loadState(stage: string): Promise<Checkpoint | undefined>;
  /** Forgets the states after a step; returns the step of the one that is left, if one is. */
  dropStatesAfter(stage: string, step: number): Promise<number | undefined>;
  clearState(stage: string): Promise<void>;
}

export async function writeText(store: PipelineStore, path: string, text: string): Promise<void> {
  await store.write(path, new TextEncoder().encode(text));
}

export async function readText(store: PipelineStore, path: string): Promise<string | undefined> {
  const bytes = await store.read(path);
  return bytes && new TextDecoder().decode(bytes);
}

/** What is wrong with a file of a pipeline, e.g. `is missing`. */
export function damaged(store: PipelineStore, path: string, found: string, cause?: unknown): PipelineError {
  const remedy = 'Begin the pipeline again in another place, or restore the file.';
  return new PipelineError(`${store.name}/${path} ${found}.`, remedy, { cause });
}

/** The model of a checkpoint. Throws PipelineError that names it where it cannot be read. */
export async function readCheckpoint(store: PipelineStore, name: string): Promise<ModelFolder> {
  try {
    return await readFolder(wholeFilesSource(`${store.name}/${name}`, (file) => store.read(`${name}/${file}`)));
  } catch (cause) {
    if (!(cause instanceof SoliloquyError)) throw cause;
    throw damaged(store, name, `cannot be read (${cause.userMessage.replace(/\.$/, '')})`, cause);
  }
}

export async function writeFiles(
  store: PipelineStore,
  name: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  for (const [file, bytes] of files) await store.write(`${name}/${file}`, bytes);
}
