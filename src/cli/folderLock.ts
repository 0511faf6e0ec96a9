// One writer a folder: whoever writes a run into it keeps a file there that names its process, until the command is over.
import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { UsageError } from './command';
import { note } from './console';
import { makeFolder, writeGiven } from './files';

/** In the folder while a command writes to it. */
export const LOCK_FILE = 'run.lock';

/** How often, and how long apart, a lock is read that says nothing: its process may be about to write it. */
const [READS, PAUSE_MS] = [25, 20];

const holderSchema = v.object({ pid: v.pipe(v.number(), v.integer(), v.minValue(1)), host: v.string() });
type Holder = v.InferOutput<typeof holderSchema>;

/** Folders that this process holds, each with what gives it back. */
const held = new Map<string, () => void>();
process.on('exit', releaseFolders);

/**
 * Takes a folder until `releaseFolders`, making it where it is missing; nothing happens if this process has it. The
 * lock of a process that is no more is taken over, and that is said. Throws UsageError while another process has it, or
 * where nothing can be written.
 */
export function holdFolder(path: string): void {
  const folder = resolve(path);
  if (held.has(folder)) return;
  const lock = join(folder, LOCK_FILE);
  let made: string | undefined;
  writeGiven(folder, () => {
    made = makeFolder(folder);
  });
  for (let tries = 1; !tryLock(lock); tries++) {
    const holder = readHolder(lock);
    if (holder && isAlive(holder)) throw taken(path, lock, holder);
    if (!holder && tries < READS) pause();
    else if (takeAside(lock, holder)) {
      const who = holder ? `Process ${holder.pid}, which wrote` : 'A process that wrote';
      note(`${who} to ${path}, ended without giving it back: taking it over.`);
    }
  }
  held.set(folder, () => {
    rmSync(lock, { force: true });
    if (made !== undefined) removeEmpty(folder, made);
  });
}

/** Gives back all that this process holds; a folder that it made and wrote nothing to is gone again. */
export function releaseFolders(): void {
  for (const release of held.values()) release();
  held.clear();
}

/** Removes folders from `folder` up to `top`, as far as they are empty. */
function removeEmpty(folder: string, top: string): void {
  if (!existsSync(folder) || readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  if (folder !== resolve(top)) removeEmpty(dirname(folder), top);
}

/** False if there is a lock already. */
function tryLock(lock: string): boolean {
  let isTaken = false;
  writeGiven(lock, () => {
    try {
      writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder), { flag: 'wx' });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      isTaken = true;
    }
  });
  return !isTaken;
}

/** Whose lock it is; undefined if it is gone, or does not say. */
function readHolder(lock: string): Holder | undefined {
  try {
    return v.parse(holderSchema, JSON.parse(readFileSync(lock, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Of another machine nothing is known, so its processes count as alive. What this process does not hold, another of the
 * same number did.
 */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return !isOver(pid);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/**
 * Whether a process has ended and only waits for its parent to notice, which in a container may be never. Known on
 * Linux alone.
 */
function isOver(pid: number): boolean {
  try {
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Takes a dead process's lock away. False if it was another's by then, which is put back. */
function takeAside(lock: string, dead: Holder | undefined): boolean {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  const found = readHolder(aside);
  const isSame = found?.pid === dead?.pid && found?.host === dead?.host;
  if (isSame) rmSync(aside, { force: true });
  else renameSync(aside, lock);
  return isSame;
}

function taken(path: string, lock: string, { pid, host }: Holder): UsageError {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new UsageError(
    `${path} is being written to by another run (process ${pid}${where}).`,
    `Wait for it to end, stop it, or choose another folder. If process ${pid} is no such run, delete ${lock}.`,
  );
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
