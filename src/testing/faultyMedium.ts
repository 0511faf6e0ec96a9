// A disk that fails on purpose, for tests: it loses power in the middle of any write, keeps unflushed writes in part and in any
// order, and runs out of space.
import type { Rng } from '../lib/rng';
import { type Medium, plainMedium } from '../storage/memorySlots';

/** Thrown by every call from the moment the power is gone until `reboot`. */
export class PowerLostError extends Error {}

type Change = { readonly at: number; readonly bytes: Uint8Array } | { readonly sizeBytes: number };

export interface FaultyDisk {
  newMedium(): Medium;
  /** Write, truncate and flush calls so far. */
  readonly numCalls: number;
  /** The power goes during the call with this number, counted from 0. */
  losePowerAt(call: number): void;
  /** From this call on, a write throws QuotaExceededError after a part of it. */
  fillUpAt(call: number): void;
  /** Ends every fault. After a loss of power each unflushed change is there, not there, or (a write) there in part. */
  reboot(): void;
}

export function faultyDisk(random: Rng): FaultyDisk {
  return new Disk(random);
}

class Disk implements FaultyDisk {
  numCalls = 0;
  #powerLossCall = Number.POSITIVE_INFINITY;
  #fullCall = Number.POSITIVE_INFINITY;
  #isDown = false;
  readonly #media: DiskMedium[] = [];

  constructor(readonly random: Rng) {}

  newMedium(): Medium {
    const medium = new DiskMedium(this);
    this.#media.push(medium);
    return medium;
  }

  losePowerAt(call: number): void {
    this.#powerLossCall = call;
  }

  fillUpAt(call: number): void {
    this.#fullCall = call;
  }

  reboot(): void {
    if (this.#isDown) for (const medium of this.#media) medium.settle();
    this.#isDown = false;
    this.#powerLossCall = Number.POSITIVE_INFINITY;
    this.#fullCall = Number.POSITIVE_INFINITY;
  }

  checkPower(): void {
    if (this.#isDown) throw new PowerLostError('The power is gone.');
  }

  /** True if the call is the one during which the power goes. */
  begin(): boolean {
    this.checkPower();
    return this.numCalls++ === this.#powerLossCall;
  }

  get isFull(): boolean {
    return this.numCalls > this.#fullCall;
  }

  losePower(): never {
    this.#isDown = true;
    throw new PowerLostError('The power went.');
  }
}

class DiskMedium implements Medium {
  readonly #view = plainMedium();
  #durable = new Uint8Array(0);
  #pending: Change[] = [];

  constructor(private readonly disk: Disk) {}

  bytes(): Uint8Array {
    this.disk.checkPower();
    return this.#view.bytes();
  }

  write(from: Uint8Array, at: number): number {
    const losesPower = this.disk.begin();
    if (this.disk.isFull) {
      this.#change({ at, bytes: this.#prefix(from) });
      throw new DOMException('The disk is full.', 'QuotaExceededError');
    }
    this.#change({ at, bytes: from.slice() });
    if (losesPower) this.disk.losePower();
    return from.length;
  }

  truncate(sizeBytes: number): void {
    const losesPower = this.disk.begin();
    this.#change({ sizeBytes });
    if (losesPower) this.disk.losePower();
  }

  flush(): void {
    if (this.disk.begin()) this.disk.losePower();
    this.#durable = this.#view.bytes().slice();
    this.#pending = [];
  }

  /** What is found after the power went: of each change since the last flush nothing, a part or all. */
  settle(): void {
    this.#view.truncate(0);
    this.#view.write(this.#durable, 0);
    for (const change of this.#pending) {
      const fate = this.disk.random.integer(0, 2);
      if (fate === 0) continue;
      const isTorn = fate === 1 && 'bytes' in change;
      this.#apply(isTorn ? { at: change.at, bytes: this.#prefix(change.bytes) } : change);
    }
    this.#pending = [];
    this.#durable = this.#view.bytes().slice();
  }

  #prefix(from: Uint8Array): Uint8Array {
    return from.slice(0, this.disk.random.integer(0, from.length));
  }

  #change(next: Change): void {
    this.#pending.push(next);
    this.#apply(next);
  }

  #apply(change: Change): void {
    if ('bytes' in change) this.#view.write(change.bytes, change.at);
    else this.#view.truncate(change.sizeBytes);
  }
}
