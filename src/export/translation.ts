// What a setting of ours is for another trainer: options under its names, a sentence on what is not the same, or both.
import type { Settings } from './yaml';

export interface Told {
  readonly options?: Settings;
  /** For the job's README, where the other trainer lacks the setting or reads it otherwise. */
  readonly differs?: string;
}

/** The options of all, later ones over earlier ones of the same name, and every sentence once. */
export function together(told: readonly Told[]): { readonly options: Settings; readonly differs: readonly string[] } {
  const options: Settings = Object.assign({}, ...told.map((one) => one.options ?? {}));
  return { options, differs: [...new Set(told.flatMap((one) => one.differs ?? []))] };
}
