// The page's end of the worker: wraps it as an EngineApi, and says when it crashed. Knows no state.
import * as Comlink from 'comlink';
import { apiOf } from './command';
import { takeEngineWorker } from './engineWorker';
import type { EngineApi, EngineEvent, ModelSource } from './protocol';

/** An engine and the way to be rid of it. */
export interface EngineHandle {
  readonly api: EngineApi;
  /** Ends the engine at once, whatever it is doing. */
  terminate(): void;
}

/** The source with the bytes of its files moved to the worker, not copied; files on disk are not read for it. */
function withFilesMoved(source: ModelSource): ModelSource {
  if (source.kind !== 'files') return source;
  const buffers = source.files.flatMap(({ content }) => (content instanceof Uint8Array ? content.buffer : []));
  return Comlink.transfer(
    source,
    [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer),
  );
}

/** An engine in a worker of its own. A crash of it is told as `deviceLost`; `open` rejects if it never started. */
export function startEngine(): EngineHandle {
  const { worker, crashed } = takeEngineWorker();
  const remote = Comlink.wrap<EngineApi>(worker);
  let onEvents: (batch: readonly EngineEvent[]) => void = () => {};
  const failed = crashed.then((reason): never => {
    const userMessage = `The engine stopped: ${reason}.`;
    onEvents([{ type: 'deviceLost', error: { code: 'worker_crashed', userMessage, remedy: 'Reconnect the engine.' } }]);
    throw new Error(userMessage);
  });
  failed.catch(() => {});
  const orCrash = <T>(answer: T): Promise<Awaited<T>> => Promise.race([answer, failed]);
  const open: EngineApi['open'] = (listener, wish) => {
    onEvents = listener;
    return orCrash(remote.open(Comlink.proxy(listener), wish));
  };
  const api = apiOf(open, (name, parameters) => {
    const command = remote[name] as (...parameters: readonly unknown[]) => Promise<unknown>;
    return orCrash(command(...(name === 'loadModel' ? [withFilesMoved(parameters[0] as ModelSource)] : parameters)));
  });
  return { api, terminate: () => worker.terminate() };
}
