// A run as one file, to be looked at or gone on with elsewhere: a zip of run.json, metrics.jsonl, rollouts.jsonl and, where it
// has a checkpoint, the model now (`model/`), what its trainer remembers (`trainer/`) and the model before (`base/`); where its
// task is a set of the reader's own problems, problems.json. A file may come from anybody: it is read whole and checked before
// anything of it is kept.
import * as v from 'valibot';
import { mapSource } from '../formats/huggingface/fileSource';
import { readFolder } from '../formats/huggingface/readFolder';
import type { FolderFiles } from '../formats/huggingface/writeFolder';
import { zipFolder } from '../formats/huggingface/zipSource';
import { ADAMW_STATE_BYTES } from '../kernels/optimizer/adamw';
import { SoliloquyError } from '../lib/errors';
import { JsonError, type JsonLimits, parseJson } from '../lib/json';
import { openZip, type Zip } from '../lib/zip';
import { parameterLayout } from '../model/parameters';
import { findProblemSet, isOwnTask, type ProblemSet } from '../tasks/own/problemSet';
import { stretchesSchema } from './devices';
import { groupSchema } from './rolloutGroup';
import type { RolloutGroup, RunRecord, StepWithGroups } from './run';
import { findRunRecord } from './runRecord';
import type { Checkpoint } from './store';

/** A zip is held in memory whole, and so is what it unpacks to. */
const MAX_RUN_FILE_BYTES = 2 ** 29;
const MAX_UNPACKED_BYTES = 2 ** 30;
/** Of a run from elsewhere, whose steps may be few. */
const MAX_STEPS = 1e9;

const ABOUT: JsonLimits = { depth: 16, values: 50_000 };
const LINE: JsonLimits = { depth: 12, values: 2_000_000 };
const MAX_JSON_BYTES = 2 ** 20;
/** 20,000 problems of the longest kind. */
const MAX_PROBLEMS_BYTES = 2 ** 24;
const PROBLEMS: JsonLimits = { depth: 4, values: 100_000 };

/** A file that is no run, or one that cannot be taken over. */
export class RunFileError extends SoliloquyError {
  readonly code = 'bad_run_file';
}

export interface RunFile {
  readonly run: RunRecord;
  /** In order. */
  readonly steps: readonly StepWithGroups[];
  /** The problems of a run on a set of the reader's own; undefined in files of an earlier version, too. */
  readonly problemSet?: ProblemSet | undefined;
  /** What the run can be gone on with; undefined: it can be looked at. */
  readonly state?: { readonly checkpoint: Checkpoint; readonly base: FolderFiles };
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
// JSON has null for a number that is not finite.
const figure = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
);
const fileName = v.pipe(v.string(), v.regex(/^[\w][\w.-]{0,120}$/));

/** A checkpoint's own words, beside its files: those of a snapshot. */
const stateSchema = v.object({
  step: count,
  seconds: v.pipe(v.number(), v.minValue(0)),
  files: v.pipe(v.array(fileName), v.minLength(1), v.maxLength(64)),
  arrays: v.pipe(v.array(v.picklist(['firstMoment', 'secondMoment', 'state', 'reference'])), v.maxLength(4)),
  memory: v.object({ step: count, optimizerSteps: count, numTokens: count }),
  unmeasured: v.optional(v.record(v.string(), figure)),
  devices: v.pipe(v.optional(stretchesSchema, []), v.maxLength(1000)),
  base: v.pipe(v.array(fileName), v.minLength(1), v.maxLength(64)),
});
type State = v.InferOutput<typeof stateSchema>;

const aboutSchema = v.object({
  format: v.literal('soliloquy run'),
  version: v.literal(1),
  run: v.unknown(),
  state: v.optional(stateSchema),
});

const metricName = v.pipe(v.string(), v.regex(/^[A-Za-z][\w/.@ -]{0,120}$/));
const stepSchema = v.object({ step: count, metrics: v.record(metricName, figure) });

/** The file's bytes. Throws RunFileError where the checkpoint is one of an earlier version. */
export function packRunFile({ run, steps, problemSet, state }: RunFile): Uint8Array {
  const files = new Map<string, Uint8Array>();
  const add = (path: string, text: string) => files.set(path, new TextEncoder().encode(text));
  const lines = (values: readonly unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  const about = { format: 'soliloquy run', version: 1, run, ...(state && { state: stateOf(run, state) }) };
  add('run.json', `${JSON.stringify(about, null, 2)}\n`);
  add('metrics.jsonl', lines(steps.map(({ metrics }) => metrics)));
  add('rollouts.jsonl', lines(steps.flatMap(({ groups }) => groups)));
  if (problemSet) add('problems.json', JSON.stringify({ name: problemSet.name, problems: problemSet.problems }));
  if (state) for (const [path, bytes] of filesOfState(run, state)) files.set(path, bytes);
  return zipFolder(files);
}

const packedMeta = v.object({
  ...stateSchema.entries,
  version: v.literal(2),
  step: v.optional(count),
  base: v.optional(v.any()),
});

function stateOf(run: RunRecord, { checkpoint, base }: NonNullable<RunFile['state']>): State {
  const parsed = v.safeParse(packedMeta, checkpoint.meta);
  if (!parsed.success) {
    throw new RunFileError(
      `The checkpoint of ${run.name} was written by an earlier version of the program.`,
      'Open the run, take a step, and save the file again; or save it without the checkpoint.',
    );
  }
  const { version: _, ...meta } = parsed.output;
  return { ...meta, step: checkpoint.step, base: [...base.keys()] };
}

function filesOfState(run: RunRecord, state: NonNullable<RunFile['state']>): [string, Uint8Array][] {
  const { files, arrays } = stateOf(run, state);
  const { payload } = state.checkpoint;
  return [
    ...files.map((name, i): [string, Uint8Array] => [`model/${name}`, payload[i] as Uint8Array]),
    ...arrays.map((name, i): [string, Uint8Array] => [`trainer/${name}.f32`, payload[files.length + i] as Uint8Array]),
    ...[...state.base].map(([name, bytes]): [string, Uint8Array] => [`base/${name}`, bytes]),
  ];
}

/**
 * Reads a file and checks all of it: what comes back can be kept as it is.
 * @param name said in messages.
 * @throws RunFileError, ZipError, or what reading a model folder throws.
 */
export async function readRunFile(name: string, bytes: Uint8Array): Promise<RunFile> {
  if (bytes.length > MAX_RUN_FILE_BYTES) throw tooLarge(name, bytes.length, MAX_RUN_FILE_BYTES);
  const reader = new RunFileReader(name, openZip(name, bytes));
  const { run: stored, state } = await reader.json('run.json', aboutSchema);
  const run = reader.record(stored);
  const steps = await reader.steps(run);
  const problemSet = await reader.problemSet(run);
  const looked = { run, steps, ...(problemSet && { problemSet }) };
  return state === undefined ? looked : { ...looked, state: await reader.state(run, state) };
}

class RunFileReader {
  constructor(
    private readonly name: string,
    private readonly zip: Zip,
  ) {
    const total = [...zip.entries.values()].reduce((sum, { size }) => sum + size, 0);
    if (total > MAX_UNPACKED_BYTES) throw tooLarge(name, total, MAX_UNPACKED_BYTES);
  }

  fail(found: string, cause?: unknown): never {
    throw new RunFileError(`${this.name} is no run that can be opened: ${found}.`, 'Ask for the file again.', {
      cause,
    });
  }

  async bytes(path: string): Promise<Uint8Array> {
    const entry = this.zip.entries.get(path);
    return entry ? this.zip.unpack(entry) : this.fail(`${path} is missing`);
  }

  async text(path: string): Promise<string> {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(await this.bytes(path));
    } catch (cause) {
      if (cause instanceof SoliloquyError) throw cause;
      return this.fail(`${path} is no text`, cause);
    }
  }

  async json<S extends v.GenericSchema>(
    path: string,
    schema: S,
    limits = ABOUT,
    most = MAX_JSON_BYTES,
  ): Promise<v.InferOutput<S>> {
    const size = this.zip.entries.get(path)?.size ?? 0;
    if (size > most) this.fail(`${path} is too long`);
    return this.parse(path, await this.text(path), limits, schema);
  }

  /** The very problems that the run was begun with, or none. */
  async problemSet({ settings: { task } }: RunRecord): Promise<ProblemSet | undefined> {
    const path = 'problems.json';
    if (!this.zip.entries.has(path)) return undefined;
    if (!isOwnTask(task)) this.fail(`${path} is not used by this run`);
    const set = findProblemSet(await this.json(path, v.unknown(), PROBLEMS, MAX_PROBLEMS_BYTES));
    if (set?.id !== task) this.fail(`${path} holds other problems than those of the run`);
    return set;
  }

  parse<S extends v.GenericSchema>(where: string, text: string, limits: JsonLimits, schema: S): v.InferOutput<S> {
    // A schema would leave it out without a word.
    if (/"__proto__"\s*:/.test(text)) this.fail(`${where}: __proto__ is no name`);
    let value: unknown;
    try {
      value = parseJson(text, limits);
    } catch (cause) {
      if (!(cause instanceof JsonError)) throw cause;
      this.fail(`${where}: ${cause.problem}`, cause);
    }
    const parsed = v.safeParse(schema, value);
    if (parsed.success) return parsed.output;
    const [issue] = parsed.issues;
    return this.fail(`${where}: ${v.getDotPath(issue) ?? 'it'}: ${issue.message.slice(0, 200)}`);
  }

  record(stored: unknown): RunRecord {
    const run = findRunRecord(stored);
    if (run === undefined) return this.fail('its record is none that this version reads');
    const texts = [run.name, run.baseModel, run.label ?? 'x', run.settings.task, run.settings.preset, ...run.parents];
    const isFit =
      texts.every((text) => /^[^\p{Cc}]{1,200}$/u.test(text)) &&
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(run.id) &&
      run.parents.length <= 1000 &&
      run.step <= MAX_STEPS;
    if (!isFit) return this.fail('a name in its record is too long, or is none');
    return run;
  }

  async steps(run: RunRecord): Promise<readonly StepWithGroups[]> {
    const metrics = await this.#lines('metrics.jsonl', stepSchema);
    for (const [i, { step }] of metrics.entries()) {
      const before = metrics[i - 1]?.step ?? -1;
      if (step <= before || step > run.step) this.fail(`metrics.jsonl: step ${step} is out of order`);
    }
    const byStep = new Map(metrics.map((one) => [one.step, [] as RolloutGroup[]]));
    for (const group of await this.#lines('rollouts.jsonl', groupSchema)) {
      const groups = byStep.get(group.step) ?? this.fail(`rollouts.jsonl: step ${group.step} has no metrics`);
      if (group.index !== groups.length) this.fail(`rollouts.jsonl: group ${group.index} is out of order`);
      groups.push(group);
    }
    return metrics.map((one) => ({ metrics: one, groups: byStep.get(one.step) ?? [] }));
  }

  async #lines<S extends v.GenericSchema>(path: string, schema: S): Promise<v.InferOutput<S>[]> {
    const lines = (await this.text(path)).split('\n');
    if (lines.pop() !== '') this.fail(`${path} is cut off`);
    return lines.map((line, i) => this.parse(`${path}, line ${i + 1}`, line, LINE, schema));
  }

  async state(run: RunRecord, described: State): Promise<NonNullable<RunFile['state']>> {
    const { step, base: baseNames, ...meta } = described;
    if (step > run.step || meta.memory.step !== step) this.fail('its checkpoint is of another step than its record');
    const model = await this.#folder('model', meta.files);
    const base = await this.#folder('base', baseNames);
    const arrays = new Map<string, Uint8Array>();
    for (const name of meta.arrays) arrays.set(name, await this.bytes(`trainer/${name}.f32`));
    this.#checkArrays(run, arrays, model.flatBytes);
    if (base.flatBytes !== model.flatBytes) this.fail('the model before it is another one than its own');
    const payload = [...model.files.values(), ...arrays.values()];
    return { checkpoint: { step, meta: { ...meta, version: 2 }, payload }, base: base.files };
  }

  /** Files of a model, and bytes of its parameters as the trainer holds them. Every weight is read once, to be sure of it. */
  async #folder(folder: string, names: readonly string[]): Promise<{ files: FolderFiles; flatBytes: number }> {
    const files = new Map<string, Uint8Array>();
    for (const name of names) files.set(name, await this.bytes(`${folder}/${name}`));
    const { description, tensors } = await readFolder(mapSource(`${this.name}: ${folder}`, files));
    for (const tensor of tensors.values()) await tensor.read();
    return { files, flatBytes: parameterLayout(description.architecture).flatSize * 4 };
  }

  #checkArrays({ settings }: RunRecord, arrays: ReadonlyMap<string, Uint8Array>, flatBytes: number): void {
    const needed = new Map([
      ['firstMoment', flatBytes],
      ['secondMoment', flatBytes],
      ['state', ADAMW_STATE_BYTES],
      ...(settings.config.beta === 0 ? [] : [['reference', flatBytes] as const]),
    ]);
    for (const [name, size] of needed) {
      const found = arrays.get(name)?.length;
      if (found !== size) this.fail(`trainer/${name}.f32 has ${found ?? 'no'} bytes; this model needs ${size}`);
    }
    for (const name of arrays.keys()) if (!needed.has(name)) this.fail(`trainer/${name}.f32 is not used by this run`);
  }
}

function tooLarge(name: string, found: number, most: number): RunFileError {
  return new RunFileError(
    `${name} holds ${found} bytes; at most ${most} are read.`,
    'Have it saved again without its checkpoint.',
  );
}
