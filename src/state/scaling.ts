// Test-time scaling as the page holds it: what is to be measured, how far it is, and what was found; for the page's life.
import { create } from 'zustand';
import type {
  DescribedError,
  EngineEvent,
  MeasuredModel,
  ScalingMeasure,
  ScalingRequest,
  StoredRun,
} from '../protocol/protocol';
import type { Session } from './session';

/** What the reader sets; the models and their problems are chosen beside it. */
export type ScalingSettings = Pick<ScalingRequest, 'numProblems' | 'samples' | 'temperature' | 'maxTokens'> & {
  readonly budgets: readonly number[];
  readonly waits: readonly number[];
};

/** On a device in software, what takes a minute or two; on a card, what gives narrow error bars in about as long. */
const DEFAULTS: Readonly<Record<'software' | 'card', ScalingSettings>> = {
  software: { numProblems: 16, samples: 4, budgets: [0, 8, 16, 32], waits: [1], temperature: 1, maxTokens: null },
  card: {
    numProblems: 64,
    samples: 16,
    budgets: [0, 4, 8, 16, 32, 64],
    waits: [1, 2, 4],
    temperature: 1,
    maxTokens: null,
  },
};

export interface ScalingState {
  /** undefined: the defaults of the device. */
  readonly settings: ScalingSettings | undefined;
  /** The models chosen, by `modelKey`; undefined: what suggests itself. The second may be none. */
  readonly choice: readonly [string | undefined, string | undefined];
  readonly status: 'none' | 'running' | 'stopping' | 'ended' | 'stopped' | 'failed';
  readonly done: number;
  readonly total: number;
  /** What was asked last, and the names of its models as the page showed them. */
  readonly request: ScalingRequest | undefined;
  readonly names: readonly string[];
  /** By place in the request. */
  readonly measures: readonly (readonly ScalingMeasure[])[];
  readonly problem: DescribedError | undefined;
}

const nothingMeasured = { done: 0, total: 0, measures: [], problem: undefined } as const;

export const noScaling: ScalingState = {
  settings: undefined,
  choice: [undefined, undefined],
  status: 'none',
  request: undefined,
  names: [],
  ...nothingMeasured,
};

export function scalingSettings(settings: ScalingSettings | undefined, isSoftware: boolean): ScalingSettings {
  return settings ?? DEFAULTS[isSoftware ? 'software' : 'card'];
}

/** What an event changes while it measures. A lost device ends a measurement; what was measured stays. */
export function reduceScaling(state: ScalingState, event: EngineEvent): ScalingState {
  // What is told then is another one's: the engine has one measurement under way, and the page several places for it.
  if (!isMeasuring(state)) return state;
  switch (event.type) {
    case 'scalingProgressed':
      return { ...state, done: event.done, total: event.total };
    case 'scalingMeasured': {
      const measures = state.names.map((_, place) => state.measures[place] ?? []);
      return { ...state, measures: measures.with(event.model, [...(measures[event.model] ?? []), event.measure]) };
    }
    case 'scalingEnded':
      return { ...state, status: event.isStopped ? 'stopped' : 'ended' };
    case 'scalingFailed':
      return { ...state, status: 'failed', problem: event.error };
    case 'deviceLost':
      return { ...state, status: 'failed', problem: event.error };
    default:
      return state;
  }
}

export const isMeasuring = ({ status }: Pick<ScalingState, 'status'>) => status === 'running' || status === 'stopping';

/** A measured model as one text, for a menu. */
export function modelKey(model: MeasuredModel): string {
  if (model.kind === 'loaded') return 'loaded';
  return `${model.kind}:${'id' in model ? model.id : model.runId}`;
}

/** The pair that suggests itself: the run at hand, else the latest, before and after; else a shipped model alone. */
export function suggestedModels(
  openRunId: string | undefined,
  stored: readonly StoredRun[],
  shippedId: string | undefined,
): readonly [MeasuredModel, MeasuredModel | undefined] {
  if (openRunId !== undefined) return [{ kind: 'beforeRun', runId: openRunId }, { kind: 'loaded' }];
  const latest = stored.find(({ step }) => step > 0);
  if (latest)
    return [
      { kind: 'beforeRun', runId: latest.id },
      { kind: 'run', runId: latest.id },
    ];
  return [shippedId === undefined ? { kind: 'loaded' } : { kind: 'shipped', id: shippedId }, undefined];
}

export class ScalingStore {
  readonly useScaling = create<ScalingState>()(() => noScaling);

  /** @param showInvalidField brings the reader to a field that shows what it cannot take, if there is one */
  constructor(
    private readonly session: Pick<Session, 'callEngine' | 'tellEngine' | 'onEngineEvents'>,
    private readonly showInvalidField: () => boolean,
  ) {
    session.onEngineEvents((batch) => this.useScaling.setState((state) => batch.reduce(reduceScaling, state)));
  }

  chooseScaling = (change: Partial<Pick<ScalingState, 'settings' | 'choice'>>): void => {
    this.useScaling.setState(change);
  };

  /** @param names of the models, in their order */
  startScaling = async (request: ScalingRequest, names: readonly string[]): Promise<void> => {
    if (isMeasuring(this.useScaling.getState()) || this.showInvalidField()) return;
    this.useScaling.setState({ ...nothingMeasured, status: 'running', request, names });
    const result = await this.session.callEngine((api) => api.measureScaling(request));
    if (!result.ok) this.useScaling.setState({ status: 'failed', problem: result.error });
  };

  stopScaling = async (): Promise<void> => {
    this.useScaling.setState({ status: 'stopping' });
    await this.session.tellEngine((api) => api.stopScaling());
  };
}
