// What a model knows, measured by task and size, and kept under its weights.
import type { KnowledgeMap } from '../tasks/knowledgeMap';
import type { Result } from './result';

export interface KnowledgeApi {
  /** What was measured here of the loaded model's weights as they are now: no cells where nothing was. */
  knowledge(): Promise<Result<KnowledgeMap>>;
  /**
   * Goes on measuring a copy of the loaded model as it is now, cell by cell, each told as an event and kept; `numProblems` a
   * cell. Resolves at once to the map so far; one such measurement at a time.
   */
  measureKnowledge(numProblems: number): Promise<Result<KnowledgeMap>>;
  /** Ends the measurement at once; the cell under way is lost, those before it stay. */
  stopKnowledge(): Promise<void>;
  /** Deletes what was measured here of weights (`KnowledgeMap.model`). */
  forgetKnowledge(model: string): Promise<Result<null>>;
}
