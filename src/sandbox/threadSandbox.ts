// The near side of the sandbox: a thread that is started when it is needed, fed one run at a time, watched, and ended if it falls
// silent. Native loops of the interpreter (a sort of an array of length 2³²) ask nobody whether to go on; only this ends them.
import { SoliloquyError } from '../lib/errors';
import type { GuestOutcome, Json, RunOptions, Sandbox } from './sandbox';

/** The sandbox cannot be started. */
export class SandboxError extends SoliloquyError {}

/** A worker of the browser or of Node, running guest.worker.js. */
export interface Thread {
  post(message: unknown): void;
  /** Sets who is told of messages and of the thread's death; the last one set counts. */
  listen(onMessage: (message: unknown) => void, onDeath: (reason: string) => void): void;
  terminate(): void;
  /** Milliseconds that it has computed at most, from any beginning on. */
  computedMs(): number;
}

/** So long a thread may compute without a word. */
const SILENCE_MS = 300;
const TICK_MS = 50;
/** So long it may be without a word although it computes nothing: on a machine with too much other work. */
const PATIENCE_MS = 20_000;

/** A run as it is posted; inputs as JSON text. */
interface Call extends Required<RunOptions> {
  readonly source: string;
  readonly inputs: readonly string[];
}

interface Answer {
  readonly outcomes: readonly GuestOutcome[];
  readonly isLast: boolean;
}

/** A sandbox on threads from `startThread`, which resolves to one that awaits the compiled interpreter `program`. */
export function createThreadSandbox(startThread: () => Thread, program: () => Promise<WebAssembly.Module>): Sandbox {
  let thread: Promise<Thread> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function start(): Promise<Thread> {
    try {
      const started = startThread();
      await whenReady(started, await program());
      return started;
    } catch (cause) {
      thread = undefined;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SandboxError(`The sandbox for code did not start: ${reason}.`, 'Reload and try again.', { cause });
    }
  }

  async function runOne(call: Call): Promise<GuestOutcome[]> {
    thread ??= start();
    const outcomes: GuestOutcome[] = [];
    const end = await answered(await thread, call, outcomes);
    if (end !== undefined) {
      thread = undefined;
      while (outcomes.length < call.inputs.length) outcomes.push({ error: { message: end } });
    }
    return outcomes;
  }

  return {
    run(source, inputs, { isolate = 'run' } = {}) {
      if (inputs.length === 0) return Promise.resolve([]);
      const texts = inputs.map((input: Json) => JSON.stringify(input));
      const result = last.then(() => runOne({ source, inputs: texts, isolate }));
      last = result.catch(() => undefined);
      return result;
    },
    close() {
      void thread?.then((open) => open.terminate());
      thread = undefined;
    },
  };
}

function whenReady(thread: Thread, program: WebAssembly.Module): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      thread.terminate();
      reject(new Error(reason));
    };
    const timer = setTimeout(() => fail(`no sign of life in ${PATIENCE_MS / 1000} seconds`), PATIENCE_MS);
    thread.listen(() => {
      clearTimeout(timer);
      resolve();
    }, fail);
    thread.post(program);
  });
}

/** Posts a run and gathers its outcomes; resolves to why the thread was ended before the last, or to undefined. */
function answered(thread: Thread, call: Call, outcomes: GuestOutcome[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const silence = watchSilence(thread, (reason) => end(reason));
    const end = (reason: string | undefined) => {
      silence.close();
      if (reason !== undefined) thread.terminate();
      resolve(reason);
    };
    thread.listen(
      (message) => {
        silence.broken();
        const answer = message as Answer;
        outcomes.push(...answer.outcomes);
        if (answer.isLast) end(undefined);
      },
      () => end('It ended its thread.'),
    );
    thread.post(call);
  });
}

/** Ends a thread that has computed for too long since its last word; before its first word nothing of a stranger's runs there. */
function watchSilence(thread: Thread, onTooLong: (reason: string) => void) {
  let hasBegun = false;
  let silentMs = 0;
  let ticks = 0;
  let seenMs = 0;
  const timer = setInterval(() => {
    const nowMs = thread.computedMs();
    // A tick that comes late says that the machine, or this thread, has other work: it counts as one in time.
    if (hasBegun) silentMs += Math.min(nowMs - seenMs, TICK_MS);
    seenMs = nowMs;
    if (silentMs >= SILENCE_MS) onTooLong(`It did not end within ${SILENCE_MS} ms.`);
    else if (++ticks * TICK_MS >= PATIENCE_MS) onTooLong(`It did not end within ${PATIENCE_MS / 1000} seconds.`);
  }, TICK_MS);
  return {
    broken() {
      hasBegun = true;
      silentMs = 0;
      ticks = 0;
      seenMs = thread.computedMs();
    },
    close: () => clearInterval(timer),
  };
}
