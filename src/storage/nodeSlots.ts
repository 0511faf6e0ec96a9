// Checkpoint slots as files of Node: FOLDER/RUN/checkpoint-0 and checkpoint-1.
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { asStorageError } from './errors';
import { assertRunId, type SlotFile, type SlotFolder } from './slotFile';

const SLOT_NAMES = ['checkpoint-0', 'checkpoint-1'] as const;

function slotFile(descriptor: number): SlotFile {
  return {
    size: () => fstatSync(descriptor).size,
    read: (into, at) => readSync(descriptor, into, 0, into.length, at),
    write: (from, at) => writeSync(descriptor, from, 0, from.length, at),
    truncate: (sizeBytes) => ftruncateSync(descriptor, sizeBytes),
    flush: () => fsyncSync(descriptor),
    close: () => closeSync(descriptor),
  };
}

/** Makes a new name in the folder survive a crash, where the system can (Windows cannot open a folder). */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The slots below a folder, which is made when the first checkpoint is saved. */
export function nodeSlots(folder: string): SlotFolder {
  const slotsOf = (runId: string) => SLOT_NAMES.map((name) => join(folder, runId, name));
  return {
    async open(runId, slot, create) {
      assertRunId(runId);
      const path = join(folder, runId, SLOT_NAMES[slot]);
      const isNew = !existsSync(path);
      if (isNew && !create) return undefined;
      try {
        mkdirSync(join(folder, runId), { recursive: true });
        const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
        if (isNew) flushFolder(join(folder, runId));
        return slotFile(descriptor);
      } catch (error) {
        throw asStorageError(error, 'the checkpoint');
      }
    },
    async list() {
      if (!existsSync(folder)) return [];
      const names = readdirSync(folder).sort();
      return names.filter((runId) => slotsOf(runId).some((path) => existsSync(path)));
    },
    async delete(runId) {
      assertRunId(runId);
      for (const path of slotsOf(runId)) rmSync(path, { force: true });
      const runFolder = join(folder, runId);
      // A folder that holds anything else, such as a log, stays.
      if (existsSync(runFolder) && readdirSync(runFolder).length === 0) rmdirSync(runFolder);
    },
  };
}
