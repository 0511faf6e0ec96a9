// What the reader is looking at: one step in focus for curves and rollouts alike, one group of it, and the rollouts at hand.
import { create } from 'zustand';
import type { DescribedError, RolloutGroup } from '../protocol/protocol';
import type { Session } from './session';

/** Rollouts of more steps than this are read again from the engine. */
const MAX_STEPS_AT_HAND = 24;

type Groups = readonly RolloutGroup[];

export interface InspectState {
  /** undefined: follow the latest step. */
  readonly focusStep: number | undefined;
  /** The step under the pointer in any chart. */
  readonly hoverStep: number | undefined;
  readonly groupIndex: number;
  /** By step, in the order in which they came. */
  readonly rollouts: ReadonlyMap<number, Groups>;
  readonly problem: DescribedError | undefined;
}

const nothing: InspectState = {
  focusStep: undefined,
  hoverStep: undefined,
  groupIndex: 0,
  rollouts: new Map(),
  problem: undefined,
};

/** The rollouts to show for a step: its own, else those of the nearest earlier step at hand. */
export function findRollouts(rollouts: ReadonlyMap<number, Groups>, step: number): Groups | undefined {
  const own = rollouts.get(step);
  if (own !== undefined) return own;
  const earlier = [...rollouts.keys()].filter((kept) => kept <= step);
  return earlier.length > 0 ? rollouts.get(Math.max(...earlier)) : undefined;
}

/** The rollouts with one more step, within `maxSteps` (the oldest to come go first). */
export function withRollouts(
  rollouts: ReadonlyMap<number, Groups>,
  step: number,
  groups: Groups,
  maxSteps: number,
): ReadonlyMap<number, Groups> {
  const next = new Map(rollouts);
  next.delete(step);
  next.set(step, groups);
  for (const oldest of next.keys()) {
    if (next.size <= maxSteps) break;
    next.delete(oldest);
  }
  return next;
}

export class InspectStore {
  readonly useInspect = create<InspectState>()(() => nothing);

  constructor(private readonly session: Pick<Session, 'callEngine'>) {}

  /** Forgets everything, for another run. */
  resetInspect = (): void => {
    this.useInspect.setState(nothing);
  };

  /** Puts a step in focus; undefined follows the latest again. */
  focusOn = (step: number | undefined): void => {
    this.useInspect.setState({ focusStep: step, problem: undefined });
  };

  hoverOver = (step: number | undefined): void => {
    if (this.useInspect.getState().hoverStep !== step) this.useInspect.setState({ hoverStep: step });
  };

  chooseGroup = (index: number): void => {
    this.useInspect.setState({ groupIndex: index });
  };

  /** Keeps a step's rollouts at hand. Those of a recording are all kept, having nowhere to be read from again. */
  keepRollouts = (step: number, groups: Groups, isRecorded: boolean): void => {
    if (groups.length === 0) return;
    const maxSteps = isRecorded ? Number.POSITIVE_INFINITY : MAX_STEPS_AT_HAND;
    this.useInspect.setState(({ rollouts }) => ({ rollouts: withRollouts(rollouts, step, groups, maxSteps) }));
  };

  /** Reads a step's rollouts from the engine if they are not at hand. */
  readRollouts = async (runId: string, step: number): Promise<void> => {
    if (this.useInspect.getState().rollouts.has(step)) return;
    const result = await this.session.callEngine((api) => api.rollouts(runId, step));
    if (result.ok) this.keepRollouts(step, result.value, false);
    else this.useInspect.setState({ problem: result.error });
  };
}
