// The page's end of the worker: starts it, wraps it as an EngineApi, and says when it crashed. Knows no state.
import * as Comlink from 'comlink';
import { startOwnWorker } from '../lib/ownWorker.js';
import engineUrl from '../worker/engine.worker.ts?worker&url';
import { apiOf } from './command';
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

/** Starts the engine in a worker. A crash of it is told as `deviceLost`; `open` rejects if it never started. */
export function startEngine(): EngineHandle {
  const worker = startOwnWorker(engineUrl, 'engine');
  const remote = Comlink.wrap<EngineApi>(worker);
  let onEvents: (batch: readonly EngineEvent[]) => void = () => {};
  const crashed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      const reason = event.message || 'its program could not be loaded';
      const userMessage = `The engine stopped: ${reason}.`;
      onEvents([
        { type: 'deviceLost', error: { code: 'worker_crashed', userMessage, remedy: 'Reconnect the engine.' } },
      ]);
      reject(new Error(userMessage));
    });
  });
  crashed.catch(() => {});
  const orCrash = <T>(answer: T): Promise<Awaited<T>> => Promise.race([answer, crashed]);
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
