// The little that a checkpoint needs of a file system: two files (slots) for each run. opfsSlots.ts and nodeSlots.ts provide it.

export type SlotIndex = 0 | 1;

/** An open file. Calls are synchronous, as those of an OPFS access handle and of node:fs. */
export interface SlotFile {
  /** Bytes. */
  size(): number;
  /** Fills `into` from byte `at`; returns how many bytes there were. */
  read(into: Uint8Array, at: number): number;
  /** Writes `from` at byte `at`; returns how many bytes were taken. */
  write(from: Uint8Array, at: number): number;
  truncate(sizeBytes: number): void;
  /** Returns when everything written so far survives a crash. */
  flush(): void;
  close(): void;
}

export interface SlotFolder {
  /** Opens a slot; undefined if it does not exist and `create` is false. */
  open(runId: string, slot: SlotIndex, create: boolean): Promise<SlotFile | undefined>;
  /** Ids of the runs that have a slot. */
  list(): Promise<readonly string[]>;
  /** Deletes both slots of a run; nothing happens if there are none. */
  delete(runId: string): Promise<void>;
}

/** Run ids become names of files. */
export function assertRunId(runId: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(runId)) {
    throw new RangeError(`A run id is 1 to 64 letters, digits, - or _; got ${JSON.stringify(runId)}.`);
  }
}
