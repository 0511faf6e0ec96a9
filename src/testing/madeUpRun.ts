// A run's record, as the engine tells it.

import type { RunRecord, RunSettings } from '../protocol/protocol';
import { defaultSettings } from '../state/draft';
import { CATALOGUE } from './madeUp';

/** The settings that a first-time reader finds. */
export const SETTINGS: RunSettings = defaultSettings(CATALOGUE);

/** @param change what sets it apart from a run that trains at step 3 */
export const runRecord = (change: Partial<RunRecord> = {}): RunRecord => ({
  id: 'run-1',
  name: 'calm-otter-1',
  createdAt: '2026-01-01T00:00:00.000Z',
  baseModel: 'base',
  parents: [],
  settings: SETTINGS,
  step: 3,
  status: 'running',
  ...change,
});
