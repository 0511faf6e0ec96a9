import { deviceWork } from '../deviceWork';
import { KnowledgeStore } from '../knowledge';
import { useAsk } from './ask';
import { fetchFile } from './browser';
import { usePipelines } from './pipelines';
import { useRun, useShelf } from './run';
import { useScaling } from './scaling';
import { session } from './session';

export const { useKnowledgeMap, readKnowledge, startKnowledge, stopKnowledge, forgetKnowledge } = new KnowledgeStore({
  session,
  fetchFile,
  work: () => deviceWork(useRun.getState(), usePipelines.getState(), useShelf.getState(), useScaling.getState()),
  isAsked: () => useAsk.getState().isComputing,
  onWork: (listener) => {
    for (const store of [useAsk, useRun, usePipelines, useShelf, useScaling, session.useSession])
      store.subscribe(listener);
  },
});
