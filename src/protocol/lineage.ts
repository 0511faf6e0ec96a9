// Where a model comes from.
import type { RunRecord } from './protocol';

export interface Lineage {
  /** The model as it was loaded: its folder's name. */
  readonly baseModel: string;
  /** The runs that trained it since, oldest first. */
  readonly runs: readonly string[];
}

/** The lineage of the model that a run trains. */
export function lineageOf({ baseModel, parents, name }: RunRecord): Lineage {
  return { baseModel, runs: [...parents, name] };
}

/** A name that stays short however long the line is: the base model's and the last run's. */
export function lineageName({ baseModel, runs }: Lineage): string {
  return [baseModel, ...runs.slice(-1)].join(' · ');
}

/** The name as one of a folder, or of a model on the hub. */
export function lineageSlug(lineage: Lineage): string {
  return lineageName(lineage).replace(/[^\w.-]+/g, '-');
}

/** The name of a model as an input of a pipeline: small letters, digits and hyphens. */
export function inputName(model: string): string {
  const name = model
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  return name || 'model';
}
