// The page's end of the worker: starts it, wraps it as an EngineApi, and says when it crashed. Knows no state.
import * as Comlink from 'comlink';
import { startOwnWorker } from '../lib/ownWorker.js';
import engineUrl from './engine.worker.ts?worker&url';
import type { EngineApi, EngineEvent, ModelSource } from './protocol';

/** An engine and the way to be rid of it. */
export interface EngineHandle {
  readonly api: EngineApi;
  /** Ends the engine at once, whatever it is doing. */
  terminate(): void;
}

/** The buffers of the files, each once: files out of one archive may share one. */
function transferables(source: ModelSource): Transferable[] {
  if (source.kind !== 'files') return [];
  return [...new Set(source.files.map(({ bytes }) => bytes.buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
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
  const api: EngineApi = {
    open: (listener) => {
      onEvents = listener;
      return orCrash(remote.open(Comlink.proxy(listener)));
    },
    deviceReport: () => orCrash(remote.deviceReport()),
    profileDevice: () => orCrash(remote.profileDevice()),
    loadModel: (source) => orCrash(remote.loadModel(Comlink.transfer(source, transferables(source)))),
    modelInfo: () => orCrash(remote.modelInfo()),
    exportModel: () => orCrash(remote.exportModel()),
    ask: (request) => orCrash(remote.ask(request)),
    stopAsk: () => orCrash(remote.stopAsk()),
    expertChoices: (askId, sample) => orCrash(remote.expertChoices(askId, sample)),
    planRun: (config, shippedId) => orCrash(remote.planRun(config, shippedId)),
    tryStart: (settings, shippedId) => orCrash(remote.tryStart(settings, shippedId)),
    startRun: (settings, paused) => orCrash(remote.startRun(settings, paused)),
    pauseRun: () => orCrash(remote.pauseRun()),
    resumeRun: () => orCrash(remote.resumeRun()),
    saveRun: () => orCrash(remote.saveRun()),
    stepRun: () => orCrash(remote.stepRun()),
    stopRun: () => orCrash(remote.stopRun()),
    listRuns: () => orCrash(remote.listRuns()),
    openRun: (runId) => orCrash(remote.openRun(runId)),
    runSteps: (runId) => orCrash(remote.runSteps(runId)),
    deleteRun: (runId) => orCrash(remote.deleteRun(runId)),
    rollouts: (runId, step) => orCrash(remote.rollouts(runId, step)),
    measureScaling: (request) => orCrash(remote.measureScaling(request)),
    stopScaling: () => orCrash(remote.stopScaling()),
    beforeAfter: (numProblems, seed) => orCrash(remote.beforeAfter(numProblems, seed)),
    stopBeforeAfter: () => orCrash(remote.stopBeforeAfter()),
    listPipelines: () => orCrash(remote.listPipelines()),
    runPipeline: (name, only) => orCrash(remote.runPipeline(name, only)),
    stopPipeline: () => orCrash(remote.stopPipeline()),
    deletePipeline: (name) => orCrash(remote.deletePipeline(name)),
    openPipeline: (text, fileName) => orCrash(remote.openPipeline(text, fileName)),
    pipelineFile: (name) => orCrash(remote.pipelineFile(name)),
    stageSteps: (pipeline, stage) => orCrash(remote.stageSteps(pipeline, stage)),
    exportCheckpoint: (pipeline, checkpoint) => orCrash(remote.exportCheckpoint(pipeline, checkpoint)),
  };
  return { api, terminate: () => worker.terminate() };
}
