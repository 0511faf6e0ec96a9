// A link to a comparison: runs laid over one another, by id and with the name to say where one is not here, and the models whose
// thinking is measured, with how. Pure.
import * as v from 'valibot';
import { writeAddress } from '../address';
import { MAX_COMPARED } from '../comparison';
import type { ScalingSettings } from '../scaling';
import { LinkReader, type LinkResult } from './values';

export interface LinkedRun {
  readonly id: string;
  readonly name: string;
}

export interface ComparisonLink {
  readonly runs: readonly LinkedRun[];
  /** By `modelKey`, one or two; none: the link says nothing of models. */
  readonly models: readonly string[];
  /** How they are measured, where the link says so. */
  readonly settings: ScalingSettings | undefined;
}

const MAX_LENGTH = 2000;
const MAX_MODELS = 2;
const MAX_NUMBERS = 32;
const RUN = /^([A-Za-z0-9][A-Za-z0-9_-]{0,63}):([^\p{Cc},:]{1,200})$/u;
const MODEL = /^(loaded|(shipped|kept|run|beforeRun):[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$/;

/** As the form of the Compare screen bounds them. */
const count = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
const NUMBERS = {
  numProblems: ['num_problems', count(4096)],
  samples: ['samples', count(256)],
  temperature: ['temperature', v.pipe(v.number(), v.minValue(0), v.maxValue(10))],
  maxTokens: ['max_new_tokens', v.nullable(count(4096))],
} as const;
const LISTS = { budgets: ['thinking_budgets', 4096], waits: ['waits', 16] } as const;

/** Reads the values of `#compare?…`. */
export function readComparisonLink(values: string): LinkResult<ComparisonLink> {
  const reader = new LinkReader(values);
  const runs = readList(reader, 'runs', MAX_COMPARED, (part) => {
    const [, id, name] = RUN.exec(part) ?? [];
    return id !== undefined && name !== undefined ? { id, name } : undefined;
  });
  if (new Set(runs.map(({ id }) => id)).size < runs.length) reader.refuse('runs', 'runs', { kind: 'list' });
  const models = readList(reader, 'models', MAX_MODELS, (part) => (MODEL.test(part) ? part : undefined));
  if (new Set(models).size < models.length) reader.refuse('models', models.join(','), { kind: 'models' });
  return reader.result({ runs, models, settings: models.length > 0 ? readSettings(reader) : undefined });
}

function readSettings(reader: LinkReader): ScalingSettings | undefined {
  const numbers = Object.entries(NUMBERS).map(([key, [name, schema]]) => [
    key,
    reader.typed<v.GenericSchema>(name, schema),
  ]);
  const lists = Object.entries(LISTS).map(([key, [name, max]]) => [
    key,
    reader.has(name)
      ? readList(reader, name, MAX_NUMBERS, (part) =>
          /^\d{1,5}$/.test(part) && Number(part) <= max ? Number(part) : undefined,
        )
      : undefined,
  ]);
  const all = [...numbers, ...lists];
  // Half of how it was measured would be another measurement.
  if (all.some(([, value]) => value === undefined)) return undefined;
  return Object.fromEntries(all) as ScalingSettings;
}

function readList<T>(
  reader: LinkReader,
  name: string,
  most: number,
  read: (part: string) => T | undefined,
): readonly T[] {
  const text = reader.text(name, MAX_LENGTH) ?? '';
  const parts = text === '' ? [] : text.split(',');
  const found = parts.flatMap((part) => read(part) ?? []);
  if (found.length < parts.length || parts.length > most)
    reader.refuse(name, text, { kind: name === 'models' ? 'models' : 'list' });
  return found;
}

/** The address behind `#` for a link. */
export function writeComparisonLink({ runs, models, settings }: ComparisonLink): string {
  const pairs: (readonly [string, string])[] = [];
  if (runs.length > 0) pairs.push(['runs', runs.map(({ id, name }) => `${id}:${name}`).join(',')]);
  if (models.length > 0) pairs.push(['models', models.join(',')]);
  if (models.length > 0 && settings) {
    for (const [key, [name]] of Object.entries(NUMBERS))
      pairs.push([name, String(settings[key as keyof typeof NUMBERS])]);
    for (const [key, [name]] of Object.entries(LISTS))
      pairs.push([name, settings[key as keyof typeof LISTS].join(',')]);
  }
  return writeAddress('compare', undefined, pairs);
}
