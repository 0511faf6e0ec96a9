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
  let numCalls = 0;
  let powerLossCall = Number.POSITIVE_INFINITY;
  let fullCall = Number.POSITIVE_INFINITY;
  let isDown = false;
  const settlers: (() => void)[] = [];

  function newMedium(): Medium {
    const view = plainMedium();
    let durable = new Uint8Array(0);
    let pending: Change[] = [];

    const apply = (change: Change) => {
      if ('bytes' in change) view.write(change.bytes, change.at);
      else view.truncate(change.sizeBytes);
    };
    /** True if the call is the one during which the power goes. */
    const begin = () => {
      if (isDown) throw new PowerLostError('The power is gone.');
      return numCalls++ === powerLossCall;
    };
    const losePower = () => {
      isDown = true;
      throw new PowerLostError('The power went.');
    };
    const prefix = (from: Uint8Array) => from.slice(0, random.integer(0, from.length));

    settlers.push(() => {
      view.truncate(0);
      view.write(durable, 0);
      for (const change of pending) {
        const fate = random.integer(0, 2);
        if (fate === 0) continue;
        apply(fate === 1 && 'bytes' in change ? { at: change.at, bytes: prefix(change.bytes) } : change);
      }
      pending = [];
      durable = view.bytes().slice();
    });

    const change = (next: Change) => {
      pending.push(next);
      apply(next);
    };

    return {
      bytes() {
        if (isDown) throw new PowerLostError('The power is gone.');
        return view.bytes();
      },
      write(from, at) {
        const losesPower = begin();
        if (numCalls > fullCall) {
          change({ at, bytes: prefix(from) });
          throw new DOMException('The disk is full.', 'QuotaExceededError');
        }
        change({ at, bytes: from.slice() });
        if (losesPower) losePower();
        return from.length;
      },
      truncate(sizeBytes) {
        const losesPower = begin();
        change({ sizeBytes });
        if (losesPower) losePower();
      },
      flush() {
        if (begin()) losePower();
        durable = view.bytes().slice();
        pending = [];
      },
    };
  }

  return {
    newMedium,
    get numCalls() {
      return numCalls;
    },
    losePowerAt(call) {
      powerLossCall = call;
    },
    fillUpAt(call) {
      fullCall = call;
    },
    reboot() {
      if (isDown) for (const settle of settlers) settle();
      isDown = false;
      powerLossCall = Number.POSITIVE_INFINITY;
      fullCall = Number.POSITIVE_INFINITY;
    },
  };
}
