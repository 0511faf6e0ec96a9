// Checkpoint slots in memory, gone with the page: where the browser offers no storage, and, with faults, in tests.
import { assertRunId, type SlotFile, type SlotFolder, type SlotIndex } from './slotFile';

/** What happens to a file's bytes. The tests put faults here. */
export interface Medium {
  bytes(): Uint8Array;
  write(from: Uint8Array, at: number): number;
  truncate(sizeBytes: number): void;
  flush(): void;
}

/** Bytes that grow as they are written to. */
export function plainMedium(): Medium {
  let bytes = new Uint8Array(0);
  const resize = (sizeBytes: number) => {
    const resized = new Uint8Array(sizeBytes);
    resized.set(bytes.subarray(0, sizeBytes));
    bytes = resized;
  };
  return {
    bytes: () => bytes,
    write(from, at) {
      if (at + from.length > bytes.length) resize(at + from.length);
      bytes.set(from, at);
      return from.length;
    },
    truncate: resize,
    flush: () => {},
  };
}

function slotFile(medium: Medium): SlotFile {
  return {
    size: () => medium.bytes().length,
    read(into, at) {
      const found = medium.bytes().subarray(at, at + into.length);
      into.set(found);
      return found.length;
    },
    write: (from, at) => medium.write(from, at),
    truncate: (sizeBytes) => medium.truncate(sizeBytes),
    flush: () => medium.flush(),
    close: () => {},
  };
}

/** Slots held in memory, each on a medium of its own. */
export function memorySlots(newMedium: () => Medium = plainMedium): SlotFolder {
  const runs = new Map<string, Map<SlotIndex, Medium>>();
  return {
    async open(runId, slot, create) {
      assertRunId(runId);
      const existing = runs.get(runId)?.get(slot);
      if (existing !== undefined) return slotFile(existing);
      if (!create) return undefined;
      const medium = newMedium();
      runs.set(runId, (runs.get(runId) ?? new Map<SlotIndex, Medium>()).set(slot, medium));
      return slotFile(medium);
    },
    async list() {
      return [...runs.keys()].sort();
    },
    async delete(runId) {
      runs.delete(runId);
    },
  };
}
