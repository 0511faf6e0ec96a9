// A small grid of trainings on this device: how far it is, and what came of each run; for the page's life.
import { create } from 'zustand';
import type { GridResult } from '../protocol/laboratory';
import type { DescribedError, EngineEvent } from '../protocol/protocol';
import type { Session } from './session';

export interface GridState {
  readonly status: 'none' | 'running' | 'ended' | 'stopped' | 'failed';
  readonly results: readonly GridResult[];
  readonly done: number;
  readonly total: number;
  readonly problem: DescribedError | undefined;
}

export const noGrid: GridState = { status: 'none', results: [], done: 0, total: 0, problem: undefined };

export function reduceGrid(state: GridState, event: EngineEvent): GridState {
  if (state.status !== 'running') return state;
  switch (event.type) {
    case 'gridMeasured':
      return { ...state, results: [...state.results, event.result], done: event.done, total: event.total };
    case 'gridEnded':
      return { ...state, status: event.isStopped ? 'stopped' : 'ended' };
    case 'deviceLost':
      return { ...state, status: 'failed', problem: event.error };
    default:
      return state;
  }
}

const SEED = 1;

export class GridStore {
  readonly useGrid = create<GridState>()(() => noGrid);

  constructor(private readonly session: Pick<Session, 'callEngine' | 'tellEngine' | 'onEngineEvents'>) {
    session.onEngineEvents((batch) => this.useGrid.setState((state) => batch.reduce(reduceGrid, state)));
  }

  trainGrid = async (): Promise<void> => {
    this.useGrid.setState({ ...noGrid, status: 'running' });
    const result = await this.session.callEngine((api) => api.trainGrid(SEED));
    if (!result.ok) this.useGrid.setState({ status: 'failed', problem: result.error });
  };

  stopGrid = (): Promise<void> => this.session.tellEngine((api) => api.stopGrid());
}
