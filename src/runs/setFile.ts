// A stage's set.jsonl: question–completion pairs and where each comes from. `sft --data` reads it too.
import * as v from 'valibot';
import { type TracedPair, tracedPairSchema } from '../trainer/rejection/rejectionSet';
import { damaged, type PipelineStore, readText, writeText } from './pipelineStore';

const pathOf = (stage: string) => `${stage}/set.jsonl`;

export function writeSet(store: PipelineStore, stage: string, pairs: readonly TracedPair[]): Promise<void> {
  return writeText(store, pathOf(stage), pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
}

/** Throws PipelineError where the set is missing or a line is not one. */
export async function readSet(store: PipelineStore, stage: string): Promise<TracedPair[]> {
  const text = await readText(store, pathOf(stage));
  const wrong = (found: string, cause?: unknown) => damaged(store, pathOf(stage), found, cause);
  if (text === undefined) throw wrong('is missing');
  return text.split('\n').flatMap((line, i) => {
    if (line === '') return [];
    try {
      return v.parse(tracedPairSchema, JSON.parse(line));
    } catch (cause) {
      throw wrong(`has no question and completion in line ${i + 1}`, cause);
    }
  });
}
