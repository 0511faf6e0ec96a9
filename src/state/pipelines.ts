// The pipelines that there are in this browser, and how far the running one is: the store around their reducer.
import { create } from 'zustand';
import { noPipelines, type PipelinesEvent, type PipelinesState, reducePipelines } from './pipelineReducer';
import type { Session } from './session';

export class PipelineStore {
  readonly usePipelines = create<PipelinesState>()(() => noPipelines);

  constructor(private readonly session: Pick<Session, 'callEngine' | 'onEngineEvents'>) {
    session.onEngineEvents((batch) => this.takeIn(...batch));
  }

  /** Takes in what the engine told, or answered. */
  takeIn = (...events: readonly PipelinesEvent[]): void => {
    this.usePipelines.setState((state) => events.reduce(reducePipelines, state));
  };

  /** Reads again which pipelines there are in this browser. */
  refreshPipelines = async (): Promise<void> => {
    const listed = await this.session.callEngine((api) => api.listPipelines());
    if (listed.ok) this.takeIn({ type: 'pipelinesListed', runs: listed.value });
  };
}
