// What a stage makes that is no model: set.jsonl, question–completion pairs and where each comes from (`sft --data` reads it
// too), and pairs.jsonl, pairs of answers of which one is preferred (as `reward-model` and `dpo` read them).
import * as v from 'valibot';
import { type PreferenceText, preferenceTextSchema } from '../trainer/preference/pairs';
import { type TracedPair, tracedPairSchema } from '../trainer/rejection/rejectionSet';
import { damaged, type PipelineStore, readText, writeText } from './pipelineStore';

const setPath = (stage: string) => `${stage}/set.jsonl`;
const pairsPath = (stage: string) => `${stage}/pairs.jsonl`;

const linesOf = (all: readonly object[]) => all.map((one) => `${JSON.stringify(one)}\n`).join('');

export function writeSet(store: PipelineStore, stage: string, pairs: readonly TracedPair[]): Promise<void> {
  return writeText(store, setPath(stage), linesOf(pairs));
}

export function writePairs(store: PipelineStore, stage: string, pairs: readonly PreferenceText[]): Promise<void> {
  return writeText(store, pairsPath(stage), linesOf(pairs));
}

/** Throws PipelineError where the set is missing or a line is not one. */
export function readSet(store: PipelineStore, stage: string): Promise<TracedPair[]> {
  return readLines(store, setPath(stage), (line) => v.parse(tracedPairSchema, line), 'question and completion');
}

/** Throws PipelineError where the pairs are missing or a line is none. */
export function readPairs(store: PipelineStore, stage: string): Promise<PreferenceText[]> {
  return readLines(
    store,
    pairsPath(stage),
    (line) => v.parse(preferenceTextSchema, line),
    'prompt, chosen and rejected',
  );
}

async function readLines<T>(
  store: PipelineStore,
  path: string,
  read: (line: unknown) => T,
  needed: string,
): Promise<T[]> {
  const text = await readText(store, path);
  const wrong = (found: string, cause?: unknown) => damaged(store, path, found, cause);
  if (text === undefined) throw wrong('is missing');
  return text.split('\n').flatMap((line, i) => {
    if (line === '') return [];
    try {
      return read(JSON.parse(line));
    } catch (cause) {
      throw wrong(`has no ${needed} in line ${i + 1}`, cause);
    }
  });
}
