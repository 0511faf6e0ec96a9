// Reads a stored run record. It may have been written by another version of the page, so it is parsed, not believed.
import * as v from 'valibot';
import { grpoConfigSchema } from '../trainer/grpo/grpoConfig';
import { stretchesSchema } from './devices';
import { madeElsewhereSchema } from './elsewhere/madeElsewhere';
import { MAX_LABEL_LENGTH, MAX_NOTE_LENGTH, type RunRecord } from './run';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a run is started with. */
export const runSettingsSchema = v.object({
  task: v.string(),
  difficulty: v.record(v.string(), v.number()),
  preset: v.string(),
  config: grpoConfigSchema,
  evalProblems: count,
  evalEvery: count,
  checkpointEvery: count,
});

const runRecordSchema = v.object({
  id: v.string(),
  name: v.string(),
  label: v.optional(v.pipe(v.string(), v.maxLength(MAX_LABEL_LENGTH))),
  note: v.optional(v.pipe(v.string(), v.maxLength(MAX_NOTE_LENGTH))),
  codeWaits: v.optional(v.boolean()),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  madeElsewhere: v.optional(madeElsewhereSchema),
  baseModel: v.string(),
  parents: v.optional(v.array(v.string()), []),
  settings: runSettingsSchema,
  devices: v.optional(stretchesSchema, []),
  step: count,
  status: v.picklist(['running', 'paused', 'finished', 'failed']),
});

/** The record, options that it lacks filled with their defaults; undefined if it is none that this version can read. */
export function findRunRecord(stored: unknown): RunRecord | undefined {
  const parsed = v.safeParse(runRecordSchema, stored);
  return parsed.success ? (parsed.output as RunRecord) : undefined;
}
