// How far a pipeline is: pipeline.json in its store. A stage is done when it is in the record, and not before.
import * as v from 'valibot';
import type { Evaluation } from '../trainer/evaluation/evaluate';
import { pairReportSchema } from '../trainer/preference/pairSettings';
import { rejectionReportSchema } from '../trainer/rejection/rejectionSet';
import { allNeedsOf, type Pipeline, PipelineError, pipelineSchema } from './pipeline';
import { type PipelineStore, readText, writeText } from './pipelineStore';

const FILE = 'pipeline.json';

/** An evaluation without its answers. */
const measuredSchema = v.object({
  problems: v.number(),
  accuracy: v.number(),
  format: v.number(),
  mean_thinking_tokens: v.number(),
  mean_tokens: v.number(),
  clipped_ratio: v.number(),
  /** Share of the words of thinking in each language. */
  language: v.object({ en: v.number(), zh: v.number() }),
  /** Of a mixture, each task's own share. */
  tasks: v.optional(v.record(v.string(), v.object({ problems: v.number(), accuracy: v.number() }))),
});
export type Measured = v.InferOutput<typeof measuredSchema>;

/** An answer that a model wrote while it learned. */
const writtenSchema = v.object({ step: v.number(), question: v.string(), text: v.string() });
export type Written = v.InferOutput<typeof writtenSchema>;

const doneSchema = v.object({
  name: v.string(),
  /** Steps taken, and tokens sampled or trained on. */
  steps: v.number(),
  tokens: v.number(),
  seconds: v.number(),
  /** Of the model it made. */
  evaluation: v.optional(measuredSchema),
  /** Of the set it made. */
  rejection: v.optional(rejectionReportSchema),
  /** Of the pairs it made. */
  preferences: v.optional(pairReportSchema),
  /** Written since the stage was opened last, where the pipeline asks for samples. */
  written: v.optional(v.array(writtenSchema)),
});
/** What is known of a checkpoint: an input that was measured, or a stage that is done. */
export type Done = v.InferOutput<typeof doneSchema>;

const recordSchema = v.object({
  version: v.literal(1),
  pipeline: pipelineSchema,
  device: v.string(),
  /** What makes it again. */
  command: v.string(),
  /** Inputs first, then stages, in the pipeline's order. */
  done: v.array(doneSchema),
});
export type PipelineRecord = v.InferOutput<typeof recordSchema>;

export function measured(evaluation: Evaluation): Measured {
  return {
    problems: evaluation.answers.length,
    accuracy: evaluation.accuracy,
    format: evaluation.formatRate,
    mean_thinking_tokens: evaluation.meanThinkingTokens,
    mean_tokens: evaluation.meanTokens,
    clipped_ratio: evaluation.clippedRatio,
    language: evaluation.language,
    ...(evaluation.tasks && { tasks: evaluation.tasks }),
  };
}

export function newRecord(pipeline: Pipeline, device: string, command: string): PipelineRecord {
  return { version: 1, pipeline, device, command, done: [] };
}

/** The names of all that a pipeline has: inputs first, then stages. */
const partsOf = ({ inputs, stages }: Pipeline): string[] => [...inputs, ...stages.map((stage) => stage.name)];

/**
 * What is still to be done, in order. @param only a stage: then just what it needs, and it. Throws PipelineError where there is
 * no such stage.
 */
export function toDo({ pipeline, done }: Pick<PipelineRecord, 'pipeline' | 'done'>, only?: string): string[] {
  const { stages } = pipeline;
  const isWanted = new Set(only === undefined ? partsOf(pipeline) : [only]);
  if (only !== undefined && !stages.some((stage) => stage.name === only)) {
    const names = stages.map((stage) => stage.name).join(', ');
    throw new PipelineError(`${pipeline.name} has no stage ${only}.`, `Name one of: ${names}.`);
  }
  // A stage that is done needs nothing any more. What a stage needs is made before it.
  for (const stage of stages.toReversed()) {
    if (!isWanted.has(stage.name) || done.some(({ name }) => name === stage.name)) continue;
    for (const need of allNeedsOf(stage)) isWanted.add(need);
  }
  return partsOf(pipeline).filter((name) => isWanted.has(name) && !done.some((part) => part.name === name));
}

/** The record with one more done. */
export function withDone<R extends Pick<PipelineRecord, 'pipeline' | 'done'>>(record: R, added: Done): R {
  const order = partsOf(record.pipeline);
  const place = ({ name }: Done) => order.indexOf(name);
  return { ...record, done: [...record.done, added].sort((a, b) => place(a) - place(b)) };
}

export async function writeRecord(store: PipelineStore, record: PipelineRecord): Promise<void> {
  await writeText(store, FILE, `${JSON.stringify(record, null, 2)}\n`);
}

/** The record of a pipeline that was begun; undefined if there is none. Throws PipelineError if it cannot be read. */
export async function findRecord(store: PipelineStore): Promise<PipelineRecord | undefined> {
  const text = await readText(store, FILE);
  if (text === undefined) return undefined;
  try {
    return v.parse(recordSchema, JSON.parse(text));
  } catch (cause) {
    throw new PipelineError(
      `${store.name}/${FILE} is not the record of a pipeline, or of another version of this program.`,
      'Begin the pipeline again in another place.',
      { cause },
    );
  }
}
