// How threads share a program: one leads, the others help. The leader goes through the program and does small operations
// alone; the units of a large one are claimed by whoever is free. Which thread does a unit changes nothing that it
// computes.
import { dispatchOf } from './lib/dispatch';
import { setScratch } from './lib/scratch';

// Shared memory of the team: src/device/wasm/memory.ts leaves it alone. What different threads write lies in lines of its own.
const TEAM: usize = 61440;
/** (u64) How many units the job has, in the high half, and how many of them are claimed, or more. */
const CLAIMS: usize = TEAM;
/** (u32) How many units of the job are done. */
const DONE: usize = TEAM + 128;
/** (u32) What the job is: valid while a claimed unit is not done. */
const JOB_OPERATION: usize = TEAM + 256;
const JOB_ARGS: usize = TEAM + 260;
/** (u32) Helpers asleep, and what they wait to see changed. */
const SLEEPERS: usize = TEAM + 384;
const CALL: usize = TEAM + 388;
/** (u32) The leader sleeps until the job is done. */
const LEADER_SLEEPS: usize = TEAM + 512;

/** Looks at memory before a thread sleeps; a look takes a few nanoseconds. */
const HELPER_SPINS: u32 = 20000;
const LEADER_SPINS: u32 = 100000;
/** In nanoseconds. */
const NAP: i64 = 50_000_000;
/** After so many naps without any unit done, something may have happened to a helper. */
const PATIENCE: u32 = 20;

/** A thread joins the team, with scratch memory of its own. */
export function join(scratch: usize): void {
  // What the compiler lays out would lie over the team's memory.
  if (__heap_base > TEAM) unreachable();
  setScratch(scratch);
}

/** A job was begun and was not done when `lead` returned. */
let isPending: bool = false;

/**
 * Does dispatches `first` to `end` of a program with the help of whoever is there. Returns how far it came: less than
 * `end` where a helper seems not to finish its unit; called again from there, it goes on waiting.
 */
export function lead(program: usize, first: u32, end: u32, threads: u32): u32 {
  for (let i = first; i < end; i++) {
    const dispatch = dispatchOf(program, i);
    const operation = dispatch.operation;
    const args = dispatch.args;
    const units = dispatch.units;
    if (threads == 1 || units <= 1) {
      for (let unit: u32 = 0; unit < units; unit++) call_indirect<void>(operation, args, unit);
      continue;
    }
    if (!isPending) {
      begin(operation, args, units);
      while (claimAndDo()) {}
    }
    isPending = !waitUntilDone(units);
    if (isPending) return i;
  }
  return end;
}

function begin(operation: u32, args: usize, units: u32): void {
  store<u32>(JOB_OPERATION, operation);
  store<usize>(JOB_ARGS, args);
  atomic.store<u32>(DONE, 0);
  atomic.store<u64>(CLAIMS, <u64>units << 32);
  if (atomic.load<u32>(SLEEPERS) > 0) {
    atomic.add<u32>(CALL, 1);
    atomic.notify(CALL, -1);
  }
}

/** Does one unit of the job, if one is left. */
function claimAndDo(): bool {
  const seen = atomic.load<u64>(CLAIMS);
  if (<u32>seen >= <u32>(seen >> 32)) return false;
  // The job may have become another one since; what is claimed here is of that one.
  const claim = atomic.add<u64>(CLAIMS, 1);
  const unit = <u32>claim;
  const units = <u32>(claim >> 32);
  if (unit >= units) return false;
  call_indirect<void>(load<u32>(JOB_OPERATION), load<usize>(JOB_ARGS), unit);
  if (atomic.add<u32>(DONE, 1) == units - 1 && atomic.load<u32>(LEADER_SLEEPS) != 0) atomic.notify(DONE, 1);
  return true;
}

function waitUntilDone(units: u32): bool {
  for (let spin: u32 = 0; spin < LEADER_SPINS; spin++) {
    if (atomic.load<u32>(DONE) == units) return true;
  }
  atomic.store<u32>(LEADER_SLEEPS, 1);
  let done = atomic.load<u32>(DONE);
  let naps: u32 = 0;
  while (done != units && naps < PATIENCE) {
    atomic.wait<u32>(DONE, done, NAP);
    const now = atomic.load<u32>(DONE);
    naps = now == done ? naps + 1 : 0;
    done = now;
  }
  atomic.store<u32>(LEADER_SLEEPS, 0);
  return done == units;
}

/** What a helper does all its life. */
export function help(): void {
  let spins: u32 = 0;
  while (true) {
    if (claimAndDo()) {
      spins = 0;
    } else if (++spins >= HELPER_SPINS) {
      sleep();
      spins = 0;
    }
  }
}

function sleep(): void {
  const call = atomic.load<u32>(CALL);
  atomic.add<u32>(SLEEPERS, 1);
  // A job begun before it was counted among the sleepers called nobody.
  const seen = atomic.load<u64>(CLAIMS);
  if (<u32>seen >= <u32>(seen >> 32)) atomic.wait<u32>(CALL, call, -1);
  atomic.sub<u32>(SLEEPERS, 1);
}
