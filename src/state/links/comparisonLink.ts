// A link to runs laid over one another: by id, with the name to say where one is not here. Pure.
import { writeAddress } from '../address';
import { MAX_COMPARED } from '../comparison';
import { LinkReader, type LinkResult } from './values';

export interface LinkedRun {
  readonly id: string;
  readonly name: string;
}

const MAX_LENGTH = 2000;
const RUN = /^([A-Za-z0-9][A-Za-z0-9_-]{0,63}):([^\p{Cc},:]{1,200})$/u;

/** Reads the values of `#compare?…`. */
export function readComparisonLink(values: string): LinkResult<readonly LinkedRun[]> {
  const reader = new LinkReader(values);
  const text = reader.text('runs', MAX_LENGTH) ?? '';
  const parts = text === '' ? [] : text.split(',').map((part) => RUN.exec(part));
  const runs = parts.flatMap((part) => (part ? [{ id: part[1] as string, name: part[2] as string }] : []));
  const isOnce = new Set(runs.map(({ id }) => id)).size === runs.length;
  if (runs.length < parts.length || parts.length > MAX_COMPARED || !isOnce)
    reader.refuse('runs', text, { kind: 'list' });
  return reader.result(runs);
}

/** The address behind `#` for a link. */
export function writeComparisonLink(runs: readonly LinkedRun[]): string {
  return writeAddress('compare', undefined, [['runs', runs.map(({ id, name }) => `${id}:${name}`).join(',')]]);
}
