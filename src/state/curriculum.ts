// A model that teaches itself on this device: what it asks, and how large the problems are that it solves; for the page's life.
import { create } from 'zustand';
import type { AskedProblem, FrontierPoint } from '../protocol/laboratory';
import type { DescribedError, EngineEvent } from '../protocol/protocol';
import type { Session } from './session';

export interface CurriculumState {
  readonly status: 'none' | 'running' | 'ended' | 'stopped' | 'failed';
  /** What it learns from now: the smallest problems, which it is shown, or its own. */
  readonly phase: 'shown' | 'own';
  readonly step: number;
  readonly total: number;
  /** By the last step. */
  readonly asked: readonly AskedProblem[];
  readonly points: readonly FrontierPoint[];
  readonly problem: DescribedError | undefined;
}

export const noCurriculum: CurriculumState = {
  status: 'none',
  phase: 'shown',
  step: 0,
  total: 0,
  asked: [],
  points: [],
  problem: undefined,
};

export function reduceCurriculum(state: CurriculumState, event: EngineEvent): CurriculumState {
  if (state.status !== 'running') return state;
  switch (event.type) {
    case 'curriculumStepped': {
      const { step, total, asked } = event;
      // A step in which nothing was well asked leaves what there is to look at.
      return { ...state, phase: asked ? 'own' : 'shown', step, total, asked: asked?.length ? asked : state.asked };
    }
    case 'curriculumMeasured':
      return { ...state, points: [...state.points, event.point] };
    case 'curriculumEnded':
      return { ...state, status: event.isStopped ? 'stopped' : 'ended' };
    case 'deviceLost':
      return { ...state, status: 'failed', problem: event.error };
    default:
      return state;
  }
}

const SEED = 1;

export class CurriculumStore {
  readonly useCurriculum = create<CurriculumState>()(() => noCurriculum);

  constructor(private readonly session: Pick<Session, 'callEngine' | 'tellEngine' | 'onEngineEvents'>) {
    session.onEngineEvents((batch) => this.useCurriculum.setState((state) => batch.reduce(reduceCurriculum, state)));
  }

  growCurriculum = async (): Promise<void> => {
    this.useCurriculum.setState({ ...noCurriculum, status: 'running' });
    const result = await this.session.callEngine((api) => api.growCurriculum(SEED));
    if (!result.ok) this.useCurriculum.setState({ status: 'failed', problem: result.error });
  };

  stopCurriculum = (): Promise<void> => this.session.tellEngine((api) => api.stopCurriculum());
}
