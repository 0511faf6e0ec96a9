// What a run of the page needs of its engine.
import type { Runtime } from '../engine/runtime';
import type { EngineEvent } from '../protocol/protocol';
import type { Checkpoints, RunStore, StoredFiles } from '../runs/store';
import type { Lane } from './lane';

export interface RunServices {
  readonly runtime: Runtime;
  readonly lane: Lane;
  readonly store: RunStore;
  readonly checkpoints: Checkpoints;
  /** The models that runs started from, by the runs' ids. */
  readonly bases: StoredFiles;
  emit(event: EngineEvent): void;
}
