// Checkpoint slots in the browser's private file system (OPFS). Works in a worker only: sync access handles exist nowhere else.
import { asStorageError, CheckpointInUseError, StorageUnavailableError } from './errors';
import { assertRunId, type SlotFile, type SlotFolder } from './slotFile';

const FOLDER = 'checkpoints';
/** The lock of a killed page goes within a second; a lock that stays longer has a living owner. */
const LOCK_ATTEMPTS = 12;
const LOCK_WAIT_MS = 100;

const slotName = (slot: number) => `slot-${slot}`;

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}

/** A handle's entry, or undefined where there is none. */
async function ifFound<T>(entry: Promise<T>): Promise<T | undefined> {
  try {
    return await entry;
  } catch (error) {
    if (isNamed(error, 'NotFoundError')) return undefined;
    throw asStorageError(error, 'the checkpoint');
  }
}

async function lock(handle: FileSystemFileHandle, runId: string): Promise<FileSystemSyncAccessHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (error) {
      if (!isNamed(error, 'NoModificationAllowedError')) throw error;
      if (attempt === LOCK_ATTEMPTS) throw new CheckpointInUseError(runId, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, LOCK_WAIT_MS));
    }
  }
}

function slotFile(handle: FileSystemSyncAccessHandle): SlotFile {
  return {
    size: () => handle.getSize(),
    read: (into, at) => handle.read(into as Uint8Array<ArrayBuffer>, { at }),
    write: (from, at) => handle.write(from as Uint8Array<ArrayBuffer>, { at }),
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    flush: () => handle.flush(),
    close: () => handle.close(),
  };
}

/** Throws unless a file can be opened for writing here. */
async function probe(root: FileSystemDirectoryHandle): Promise<void> {
  const handle = await root.getFileHandle('probe', { create: true });
  try {
    (await handle.createSyncAccessHandle()).close();
  } catch (error) {
    // Another tab probes at this moment.
    if (!isNamed(error, 'NoModificationAllowedError')) throw error;
  }
}

/** The slots of this origin. Throws StorageUnavailableError where the browser offers no such storage. */
export async function openOpfsSlots(): Promise<SlotFolder> {
  let folder: FileSystemDirectoryHandle;
  try {
    const root = await navigator.storage.getDirectory();
    folder = await root.getDirectoryHandle(FOLDER, { create: true });
    // Some private windows have folders and refuse every file in them.
    await probe(root);
  } catch (error) {
    throw new StorageUnavailableError('checkpoints', { cause: error });
  }
  return {
    async open(runId, slot, create) {
      assertRunId(runId);
      const runFolder = await ifFound(folder.getDirectoryHandle(runId, { create }));
      const handle = await ifFound(runFolder?.getFileHandle(slotName(slot), { create }) ?? Promise.resolve(undefined));
      return handle === undefined ? undefined : slotFile(await lock(handle, runId));
    },
    async list() {
      const runIds: string[] = [];
      for await (const [name, entry] of folder.entries()) if (entry.kind === 'directory') runIds.push(name);
      return runIds.sort();
    },
    async delete(runId) {
      assertRunId(runId);
      try {
        await folder.removeEntry(runId, { recursive: true });
      } catch (error) {
        if (isNamed(error, 'NoModificationAllowedError')) throw new CheckpointInUseError(runId, { cause: error });
        if (!isNamed(error, 'NotFoundError')) throw error;
      }
    },
  };
}
