// The settings of the next run, as the reader has set them so far. Pure.
import { grpoConfig } from '../protocol/options';
import type { Catalogue, RunSettings } from '../protocol/protocol';

/** The settings a first-time reader finds: the first task at its defaults, the first preset. */
export function defaultSettings(catalogue: Pick<Catalogue, 'tasks' | 'presets'>): RunSettings {
  const task = catalogue.tasks[0];
  const preset = catalogue.presets[0];
  return {
    task: task?.name ?? '',
    difficulty: Object.fromEntries((task?.dials ?? []).map((dial) => [dial.name, dial.default])),
    preset: preset?.name ?? '',
    config: grpoConfig(preset?.options ?? {}),
    evalProblems: 64,
    evalEvery: 10,
    checkpointEvery: 10,
  };
}

/** The settings of the next run: the reader's, if their task still exists. */
export function draftSettings(
  catalogue: Pick<Catalogue, 'tasks' | 'presets'>,
  draft: RunSettings | undefined,
): RunSettings {
  const isKnown = catalogue.tasks.some(({ name }) => name === draft?.task);
  return draft !== undefined && isKnown ? draft : defaultSettings(catalogue);
}
