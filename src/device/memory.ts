// The books of a device's memory.

/** Counts the bytes held on a device. */
export class MemoryLedger {
  bytes = 0;
  peakBytes = 0;
  /** Bytes by owner: a buffer's label but for its last part, e.g. `Grpo:2048` of `Grpo:2048.slot3`. */
  readonly owners = new Map<string, number>();

  /** @param label of the buffer. */
  add(label: string, sizeBytes: number): void {
    const owner = label.replace(/\.[^.]*$/, '');
    this.owners.set(owner, (this.owners.get(owner) ?? 0) + sizeBytes);
    this.bytes += sizeBytes;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
  }

  /** Bytes held by an owner. */
  of(owner: string): number {
    return this.owners.get(owner) ?? 0;
  }
}
