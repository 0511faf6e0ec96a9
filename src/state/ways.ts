// The ways to compute as they were measured, for the page's life.
import { create } from 'zustand';
import type { DescribedError, EngineEvent, MeasuredWay } from '../protocol/protocol';
import type { Session } from './session';

export interface WaysState {
  /** In the order in which they were told, each as it was told last. */
  readonly ways: readonly MeasuredWay[];
  readonly isMeasuring: boolean;
  readonly problem: DescribedError | undefined;
}

export class WaysStore {
  readonly useWays = create<WaysState>()(() => ({ ways: [], isMeasuring: false, problem: undefined }));

  constructor(private readonly session: Pick<Session, 'callEngine' | 'requireModel' | 'onEngineEvents'>) {
    session.onEngineEvents((batch) => this.useWays.setState(({ ways }) => ({ ways: batch.reduce(withEvent, ways) })));
  }

  /** Measures all of them anew. */
  measureWays = async (): Promise<void> => {
    if (this.useWays.getState().isMeasuring) return;
    this.useWays.setState({ ways: [], isMeasuring: true, problem: undefined });
    const model = await this.session.requireModel();
    const measured = model.ok ? await this.session.callEngine((api) => api.measureWays()) : model;
    this.useWays.setState({ isMeasuring: false, problem: measured.ok ? undefined : measured.error });
  };
}

function withEvent(ways: readonly MeasuredWay[], event: EngineEvent): readonly MeasuredWay[] {
  if (event.type !== 'wayMeasured') return ways;
  const { measured } = event;
  const place = ways.findIndex(({ way }) => way === measured.way);
  return place < 0 ? [...ways, measured] : ways.with(place, measured);
}
