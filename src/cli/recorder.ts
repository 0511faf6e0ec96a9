// Records what the page's own engine tells of an answer or a run, with the times at which it told it, and what a
// finished pipeline left.
import { randomUUID } from 'node:crypto';
import { loadLanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { AskRequest, EngineEvent, RunRecord, RunSettings, StepMetrics } from '../protocol/protocol';
import {
  type AskRecording,
  type MadeBy,
  type PipelineRecording,
  RECORDING_VERSION,
  type Recording,
  type RunRecording,
  type TimedEvent,
} from '../protocol/recording';
import { readMetrics } from '../runs/metricsFile';
import { findRecord } from '../runs/pipelineRecord';
import type { PipelineStore } from '../runs/pipelineStore';
import { createCheckpoints } from '../storage/checkpoints';
import { memoryRunStore } from '../storage/memoryRuns';
import { memorySlots } from '../storage/memorySlots';
import { runName } from '../storage/runName';
import { memoryStoredFiles } from '../storage/storedFiles';
import { Asker } from '../worker/asker';
import { Lane } from '../worker/lane';
import { presentRecord } from '../worker/presentPipeline';
import { Runner } from '../worker/runner';
import type { ModelOnDisk } from './models';

/** Rollout groups are kept of the first and last step and of every step that is a multiple of this. */
const GROUPS_EVERY = 25;
const GROUPS_KEPT = 4;
const BEFORE_AFTER_PROBLEMS = 32;

class Tape {
  readonly events: TimedEvent[] = [];
  readonly #startMs = performance.now();

  readonly emit = (event: EngineEvent): void => {
    this.events.push({ atMs: Math.round(performance.now() - this.#startMs), event });
  };
}

/** Asks the question and records the answer. */
export async function recordAnswer(
  runtime: Runtime,
  source: ModelOnDisk,
  request: AskRequest,
  madeBy: MadeBy,
): Promise<AskRecording> {
  const model = await loadLanguageModel(runtime, source.name, source.folder, false);
  const asker = new Asker(runtime, model);
  const plan = asker.plan(request);
  // Compiles everything before the tape starts: what is recorded is thinking, not starting.
  await asker.answer(0, plan, () => {});
  const tape = new Tape();
  await asker.answer(1, plan, tape.emit);
  await asker.destroy();
  model.weights.destroy();
  return { version: RECORDING_VERSION, kind: 'ask', madeBy, request, events: tape.events };
}

/** What a thin recording keeps of a step's metrics: what the page draws of a run beside its answers. */
const THIN_METRICS =
  /^(loss|grad_norm|reward|reward_std|rewards\/.*\/mean|completions\/(mean_length|clipped_ratio)|entropy|kl|frac_reward_zero_std|step_time|eval\/.*)$/;
const THIN_PAIRS = 6;
const THIN_GROUPS = 2;

/** A run as small as a gallery has it: its curves whole, answers of its first, its middle and its last step. */
export function thinRun({ events, beforeAfter, ...rest }: RunRecording): RunRecording {
  const steps = events.flatMap(({ event }) => (event.type === 'stepFinished' ? [event.step.step] : []));
  const [first, last] = [steps.find((step) => step > 0), steps.at(-1)];
  const middle = steps.findLast((step) => step % GROUPS_EVERY === 0 && step <= (last ?? 0) / 2 + GROUPS_EVERY / 2);
  const thin = ({ event, atMs }: TimedEvent, index: number): TimedEvent[] => {
    if (event.type !== 'stepFinished') {
      const isKept = index === 0 || event.type === 'runAiled' || event.type === 'runFailed';
      return isKept ? [{ event, atMs }] : [];
    }
    const { step, metrics } = event.step;
    const kept = Object.fromEntries(Object.entries(metrics).filter(([name]) => THIN_METRICS.test(name)));
    const groups = [first, middle, last].includes(step) ? event.groups.slice(0, THIN_GROUPS) : [];
    return [{ atMs, event: { ...event, step: { step, metrics: kept }, groups, expertLoad: [] } }];
  };
  return {
    ...rest,
    events: events.flatMap(thin),
    ...(beforeAfter && { beforeAfter: { ...beforeAfter, pairs: beforeAfter.pairs.slice(0, THIN_PAIRS) } }),
  };
}

/** Trains and records the run, up to where it fails if it does. `onStep` is told of each step's metrics. */
export async function recordRun(
  runtime: Runtime,
  source: ModelOnDisk,
  settings: RunSettings,
  { label, ...madeBy }: MadeBy & { readonly label?: string | undefined },
  onStep: (step: number, metrics: Readonly<Record<string, number>>) => void,
): Promise<RunRecording> {
  const model = await loadLanguageModel(runtime, source.name, source.folder, true);
  const tape = new Tape();
  let phase = '';
  const emit = (event: EngineEvent) => {
    // Progress within a phase is left out: it would be most of the file.
    const isSamePhase = event.type === 'phaseChanged' && event.phase === phase;
    if (event.type === 'phaseChanged') phase = event.phase;
    if (isSamePhase || event.type === 'checkpointSaved' || event.type === 'workMeasured') return;
    if (event.type !== 'stepFinished') return tape.emit(event);
    tape.emit({ ...event, groups: event.groups.slice(0, GROUPS_KEPT) });
    onStep(event.step.step, event.step.metrics);
  };
  const record: RunRecord = {
    id: randomUUID(),
    name: runName(settings.config.seed),
    ...(label !== undefined && { label }),
    createdAt: madeBy.at,
    baseModel: source.name,
    parents: [],
    settings,
    step: 0,
    status: 'running',
  };
  const checkpoints = createCheckpoints(memorySlots());
  const bases = memoryStoredFiles();
  const services = { runtime, lane: new Lane(), store: memoryRunStore(), checkpoints, bases, emit };
  const runner = await Runner.start(services, model, source.folder, record);
  runner.resume();
  await runner.whenResting();
  const hasFailed = runner.record.status === 'failed';
  const beforeAfter = hasFailed ? undefined : await runner.beforeAfter(BEFORE_AFTER_PROBLEMS, settings.config.seed);
  await runner.releaseTrainer();
  model.weights.destroy();
  const events = withSomeGroups(tape.events);
  return { version: RECORDING_VERSION, kind: 'run', madeBy, events, ...(beforeAfter && { beforeAfter }) };
}

/** Answers of the first step and the last, whether the run came to its end or failed, and of some between. */
function withSomeGroups(events: readonly TimedEvent[]): TimedEvent[] {
  const last = events.findLast(({ event }) => event.type === 'stepFinished');
  return events.map((timed) => {
    const { event } = timed;
    if (event.type !== 'stepFinished') return timed;
    const { step } = event.step;
    const hasGroups = step === 1 || timed === last || step % GROUPS_EVERY === 0;
    return hasGroups ? timed : { ...timed, event: { ...event, groups: [] } };
  });
}

/** Metrics of a stage's steps that a recording keeps: what the page draws of it. */
const PIPELINE_METRICS = new Set([
  'loss',
  'grad_norm',
  'reward',
  'rewards/accuracy/mean',
  'completions/mean_length',
  'frac_reward_zero_std',
  'kept',
]);

/** What a pipeline left in its folder, once all of its stages are done; undefined before. */
export async function recordPipeline(
  store: PipelineStore,
  made: Omit<MadeBy, 'model' | 'device'>,
): Promise<PipelineRecording | undefined> {
  const record = await findRecord(store);
  const run = record && presentRecord(record);
  if (run?.status !== 'finished') return undefined;
  const steps: Record<string, StepMetrics[]> = {};
  for (const { name } of run.pipeline.stages) {
    const told = await readMetrics(store, name);
    steps[name] = told.map(({ step, metrics }) => ({
      step,
      metrics: Object.fromEntries(Object.entries(metrics).filter(([metric]) => PIPELINE_METRICS.has(metric))),
    }));
  }
  const madeBy = { ...made, model: run.pipeline.name, device: record?.device ?? '' };
  return { version: RECORDING_VERSION, kind: 'pipeline', madeBy, run, steps };
}

/** A recording as the text of its file: numbers to five significant digits, which is more than a curve shows. */
export function recordingText(recording: Recording): string {
  const shorten = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  return `${JSON.stringify(recording, shorten)}\n`;
}
