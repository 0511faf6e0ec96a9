// Recordings, made by the CLI: an answer or a training run as the engine's own events with the times at which they
// came, played by the page while no model is loaded; and a whole pipeline as it stood at its end. Read from
// public/recorded/ as JSON and checked.
import * as v from 'valibot';
import type { AskRequest, BeforeAfter, EngineEvent, PipelineRun, StepMetrics } from './protocol';

export const RECORDING_VERSION = 2;

/** Where a recording comes from, shown beside its badge. */
export interface MadeBy {
  /** Name of the model, e.g. `base`. */
  readonly model: string;
  /** `DeviceInfo.name` of the device it ran on. */
  readonly device: string;
  /** Program and version, e.g. `soliloquy 0.1.0`. */
  readonly program: string;
  /** ISO date and time. */
  readonly at: string;
}

export interface TimedEvent {
  /** Milliseconds since the recording began; never decreasing. */
  readonly atMs: number;
  readonly event: EngineEvent;
}

export interface AskRecording {
  readonly version: typeof RECORDING_VERSION;
  readonly kind: 'ask';
  readonly madeBy: MadeBy;
  readonly request: AskRequest;
  /** askStarted, tokensStreamed …, answerEnded, askFinished. */
  readonly events: readonly TimedEvent[];
}

export interface RunRecording {
  readonly version: typeof RECORDING_VERSION;
  readonly kind: 'run';
  readonly madeBy: MadeBy;
  /** runChanged first, then phases and steps. To keep the file small, `groups` may be empty on most steps. */
  readonly events: readonly TimedEvent[];
  readonly beforeAfter?: BeforeAfter;
}

export interface PipelineRecording {
  readonly version: typeof RECORDING_VERSION;
  readonly kind: 'pipeline';
  readonly madeBy: MadeBy;
  readonly run: PipelineRun;
  /** By stage. */
  readonly steps: Readonly<Record<string, readonly StepMetrics[]>>;
}

export type Recording = AskRecording | RunRecording | PipelineRecording;

const madeBySchema = v.object({ model: v.string(), device: v.string(), program: v.string(), at: v.string() });
const eventsSchema = v.pipe(
  v.array(v.object({ atMs: v.pipe(v.number(), v.minValue(0)), event: v.looseObject({ type: v.string() }) })),
  v.minLength(1),
);
const requestSchema = v.object({
  question: v.string(),
  temperature: v.number(),
  topP: v.number(),
  topK: v.number(),
  seed: v.number(),
  maxTokens: v.number(),
  samples: v.number(),
  thinking: v.nullable(v.object({ budget: v.nullable(v.number()), waits: v.number() })),
});
const recordingSchema = v.variant('kind', [
  v.object({
    version: v.literal(RECORDING_VERSION),
    kind: v.literal('ask'),
    madeBy: madeBySchema,
    request: requestSchema,
    events: eventsSchema,
  }),
  v.looseObject({
    version: v.literal(RECORDING_VERSION),
    kind: v.literal('run'),
    madeBy: madeBySchema,
    events: eventsSchema,
  }),
  v.object({
    version: v.literal(RECORDING_VERSION),
    kind: v.literal('pipeline'),
    madeBy: madeBySchema,
    run: v.looseObject({
      pipeline: v.looseObject({ name: v.string() }),
      done: v.array(v.looseObject({ name: v.string() })),
    }),
    steps: v.record(v.string(), v.array(v.object({ step: v.number(), metrics: v.record(v.string(), v.number()) }))),
  }),
]);

/** The recording in a parsed JSON value, or undefined if it is none of this version. The events' bodies are our own files'. */
export function findRecording(value: unknown): Recording | undefined {
  const parsed = v.safeParse(recordingSchema, value);
  return parsed.success ? (parsed.output as unknown as Recording) : undefined;
}
