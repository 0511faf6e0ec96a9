// Measures what a model knows on a copy of it: between its batches the lane is free for whatever else is to be computed.
import { loadLanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import { describeError } from '../lib/errors';
import type { EngineEvent } from '../protocol/protocol';
import { type KnowledgeMap, withCell } from '../tasks/knowledgeMap';
import { measureKnowledge, openPlaces, readableGrids } from '../trainer/evaluation/knowledge';
import type { KnowledgeShelf } from './knowledgeShelf';
import type { Lane } from './lane';

/** Answers at once: enough for a graphics card; few enough in software that a question does not wait long. */
const BATCH = { card: 64, software: 32 };

interface KnowledgeServices {
  readonly runtime: Runtime;
  readonly lane: Lane;
  readonly shelf: KnowledgeShelf;
  emit(event: EngineEvent): void;
}

/** Measures the cells that the map does not have. Never rejects: how it went is told in events. */
export async function runKnowledgeJob(
  services: KnowledgeServices,
  folder: ModelFolder,
  begun: KnowledgeMap,
  numProblems: number,
  signal: AbortSignal,
): Promise<void> {
  const { emit } = services;
  try {
    await measure(services, folder, begun, numProblems, signal);
    emit({ type: 'knowledgeEnded', model: begun.model, isStopped: false });
  } catch (error) {
    if (signal.aborted) emit({ type: 'knowledgeEnded', model: begun.model, isStopped: true });
    else emit({ type: 'knowledgeFailed', error: describeError(error) });
  }
}

async function measure(
  { runtime, lane, shelf, emit }: KnowledgeServices,
  folder: ModelFolder,
  begun: KnowledgeMap,
  numProblems: number,
  signal: AbortSignal,
): Promise<void> {
  const model = await lane.run(() => loadLanguageModel(runtime, begun.name, folder, false));
  try {
    const grids = readableGrids(model.tokenizer, folder.readme ?? '');
    const batch = runtime.device.isSoftware ? BATCH.software : BATCH.card;
    const plan = { places: openPlaces(grids, begun.cells), numProblems, batch };
    const hooks = { signal, inTurn: <T>(work: () => Promise<T>) => lane.run(work) };
    let map = begun;
    for await (const cell of measureKnowledge(runtime, model, plan, hooks)) {
      map = withCell(map, cell, new Date().toISOString());
      await shelf.keep(map);
      emit({ type: 'knowledgeMeasured', model: map.model, cell, measuredAt: map.measuredAt });
    }
  } finally {
    await lane.run(async () => model.weights.destroy());
  }
}
