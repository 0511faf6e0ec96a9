// Another engine in a process of its own, with a device of its own: told what to prepare and when to run, idle otherwise.
import { type ChildProcess, fork } from 'node:child_process';
import type { DeviceKind } from '../../device/contract';
import { type Contender, reasonOf } from './measure';
import type { PeerTask } from './workload';

/** A child that says nothing for so long is given up. */
const PATIENCE_MS = 300_000;

/** Where a peer computes. */
export interface PeerPlace {
  readonly device: DeviceKind;
  /** At most so many, if it computes on the processor. */
  readonly threads: number;
}

type Answer = { check: number[]; detail?: string } | { ms: number } | { error: string };

class PeerProcess {
  readonly #child: ChildProcess;
  #lastWords = '';

  constructor(script: string, { device, threads }: PeerPlace) {
    // Structured clone instead of JSON: weights are sent as typed arrays.
    this.#child = fork(script, [device, String(threads)], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (data) => {
      this.#lastWords = `${this.#lastWords}${data}`.slice(-4000);
    });
  }

  /** Sends a message and waits for its answer; throws what the child says went wrong, or how it ended. */
  ask(message: object): Promise<Exclude<Answer, { error: string }>> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => finish(() => reject(new Error(`no answer in ${PATIENCE_MS / 1000} s`))),
        PATIENCE_MS,
      );
      const onMessage = (answer: Answer) =>
        finish(() => ('error' in answer ? reject(new Error(answer.error)) : resolve(answer)));
      const onExit = () => finish(() => reject(new Error(this.#causeOfEnd())));
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        settle();
      };
      child.on('message', onMessage);
      child.on('exit', onExit);
      if (child.exitCode === null && child.signalCode === null) child.send(message);
      else onExit();
    });
  }

  #causeOfEnd(): string {
    const { exitCode, signalCode } = this.#child;
    return /^\w*Error: .*$/m.exec(this.#lastWords)?.[0] ?? `its process ended with ${signalCode ?? exitCode}`;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Starts a peer and has it prepare. Throws what keeps it from that. */
export async function startPeer(system: string, script: string, task: PeerTask, place: PeerPlace): Promise<Contender> {
  const process = new PeerProcess(script, place);
  try {
    const { kind, input } = task;
    const ready = await process.ask({ kind: 'prepare', task: { kind, input } });
    if (!('check' in ready)) throw new Error('it answered something else');
    const { tokens, flops } = task.work;
    return {
      system,
      check: ready.check,
      run: async (times) => {
        const done = await process.ask({ kind: 'run', times });
        if (!('ms' in done)) throw new Error('it answered something else');
        const work = {
          ...(tokens !== undefined && { tokens: tokens * times }),
          ...(flops !== undefined && { flops: flops * times }),
        };
        return { ms: done.ms, work };
      },
      detail: () => ready.detail,
      destroy: async () => process.end(),
    };
  } catch (error) {
    process.end();
    throw new Error(reasonOf(error), { cause: error });
  }
}
