// The near side of the sandbox: a thread that is started when it is needed, fed one run at a time, and ended if it falls silent.
import { SoliloquyError } from '../lib/errors';
import type { GuestOutcome, Json, RunOptions, Sandbox } from './sandbox';

/** The sandbox cannot be started. */
export class SandboxError extends SoliloquyError {
  readonly code = 'sandbox_failed';
}

/** A worker of the browser or of Node, running guest.worker.js. */
export interface Thread {
  post(message: unknown): void;
  /** Sets who is told of messages and of the thread's death; the last one set counts. */
  listen(onMessage: (message: unknown) => void, onDeath: (reason: string) => void): void;
  terminate(): void;
}

/** So long a thread may be without a word. Strangers' code is ended by its count of steps, long before: this is for a thread that
 *  the browser or the system has broken, and so generous that no machine is too busy for a good answer. */
const PATIENCE_S = 60;

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
      silence.close();
      thread.terminate();
      reject(new Error(reason));
    };
    const silence = watchSilence(() => fail(`no sign of life in ${PATIENCE_S} seconds`));
    thread.listen(() => {
      silence.close();
      resolve();
    }, fail);
    thread.post(program);
  });
}

/** Posts a run and gathers its outcomes; resolves to why the thread was ended before the last, or to undefined. */
function answered(thread: Thread, call: Call, outcomes: GuestOutcome[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const silence = watchSilence(() => end(`It did not end within ${PATIENCE_S} seconds.`));
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

/** Counts seconds of silence. One that comes late, since the machine slept or this thread had other work, counts as one. */
function watchSilence(onTooLong: () => void) {
  let seconds = 0;
  const timer = setInterval(() => {
    if (++seconds >= PATIENCE_S) onTooLong();
  }, 1000);
  return {
    broken: () => {
      seconds = 0;
    },
    close: () => clearInterval(timer),
  };
}
