// In which settings runs differ. Pure.
import type { RunRecord } from '../../protocol/protocol';

export interface Difference {
  /** `task`, `difficulty.max_terms`, an option under TRL's name, `reward_weights.format`. */
  readonly name: string;
  /** One text a run; undefined where the run has no such setting, or where its files, made elsewhere, do not tell it. */
  readonly values: readonly (string | undefined)[];
}

function flatten(prefix: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[prefix, String(value)]];
  return Object.entries(value).flatMap(([name, part]) => flatten(prefix === '' ? name : `${prefix}.${name}`, part));
}

function settingsOf({ baseModel, parents, settings, madeElsewhere }: RunRecord): Map<string, string> {
  if (madeElsewhere) return new Map(Object.entries(madeElsewhere.told));
  const { config, ...others } = settings;
  return new Map([['model', [baseModel, ...parents].join(' · ')], ...flatten('', others), ...flatten('', config)]);
}

/**
 * Every setting that is not the same in all runs, in the order of the first run that has it. Of a run made elsewhere what its
 * files do not tell is no difference.
 */
export function settingsDifferences(runs: readonly RunRecord[]): Difference[] {
  const settings = runs.map(settingsOf);
  const names = new Set(settings.flatMap((one) => [...one.keys()]));
  return [...names]
    .map((name) => ({ name, values: settings.map((one) => one.get(name)) }))
    .filter(({ values }) => {
      const told = values.filter((value, i) => value !== undefined || !runs[i]?.madeElsewhere);
      return new Set(told).size > 1;
    });
}
