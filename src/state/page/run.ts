import { RunStore } from '../run';
import { inspect } from './inspect';
import { preferences } from './preferences';
import { session } from './session';

export const runs = new RunStore({ session, inspect, preferences });
export const {
  useRun,
  useShelf,
  setDraft,
  currentDraft,
  pauseRun,
  resumeRun,
  stopRun,
  pauseOrResume,
  openRun,
  goBackTo,
  leaveRun,
  saveRunSoon,
  deleteRun,
  loadAnotherModel,
  recover,
  readAgainAt,
  refreshRuns,
  compare,
  stopComparing,
} = runs;
