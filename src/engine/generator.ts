// Batched generation: token ids in, token ids out; knows nothing of text. Each group's prompt is read once; then all rollouts
// decode in step, drawing on the device, which is looked at now and then and has the next steps to do meanwhile. Rollouts that
// have ended leave the batch when enough have.

import type { KernelTimes, Program } from '../device/contract';
import { CompiledGraph } from '../graph/compile';
import { Graph } from '../graph/graph';
import { SlotPool } from '../graph/slotPool';
import { recordDecodeStep, recordPrefill } from '../model/decode';
import { type DecodeCapacity, DecodeState, type RolloutStart } from '../model/decodeState';
import { PackedBatch } from '../model/packedBatch';
import { RopeTables } from '../model/ropeTables';
import type { Weights } from '../model/weights';
import { checkFit, GenerateError, type GenerateRequest, type SamplingOptions } from './generateRequest';
import { type Look, lookAt, type Rollout } from './rollout';
import type { Runtime } from './runtime';

/** How far decoding goes before it is looked at. It changes no token, and no bit of what is known of one. */
export interface DecodePace {
  /** Decode steps from one look at the device to the next. */
  readonly stepsPerLook: number;
  /** How many of the next steps, at most all, the device has to do while a look is read. */
  readonly stepsAhead: number;
}

/** Four steps take longer than a readback on any device. */
const PACE: DecodePace = { stepsPerLook: 8, stepsAhead: 4 };
/** What the device should have to do while a look is read. */
const AHEAD_MS = 4;

/** Of slow steps fewer are made ahead, since those of rollouts that have ended are in vain. */
export function paceFor(stepMs: number | undefined): DecodePace {
  if (stepMs === undefined) return PACE;
  return { ...PACE, stepsAhead: Math.min(PACE.stepsAhead, Math.max(1, Math.ceil(AHEAD_MS / stepMs))) };
}

const MIN_PREFILL = 16;

export interface GenerateTiming {
  readonly prefillMs: number;
  readonly decodeMs: number;
  readonly steps: number;
  readonly readbacks: number;
}

interface Prefill {
  readonly batch: PackedBatch;
  readonly graph: Promise<CompiledGraph>;
}

/**
 * Rows of the smallest decode step that holds n rollouts: 1, 2, 3, 4, 6, 8, 12, 16, then quarters of the powers of two:
 * 20, 24, 28, …
 */
function stepRows(n: number): number {
  const power = nextPowerOfTwo(n);
  const unit = Math.max(1, power / (n > 16 ? 8 : 4));
  return n > 2 ? Math.ceil(n / unit) * unit : power;
}

function nextPowerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, n)));
}

export class Generator {
  readonly #state: DecodeState;
  readonly #rope: RopeTables;
  /** Of steps and prefills, whatever their sizes. */
  readonly #slots: SlotPool;
  readonly #steps = new Map<number, Promise<CompiledGraph>>();
  readonly #prefills = new Map<number, Prefill>();
  /** Of a decode step, in the mean of the last `generate`. */
  #stepMs: number | undefined;
  /** Tokens of the longest prompt of the last `generate`, but for its last one. */
  #promptLength: number | undefined;
  /** Of the last `generate`. */
  timing: GenerateTiming = { prefillMs: 0, decodeMs: 0, steps: 0, readbacks: 0 };

  /** Tokens and milliseconds by the clock of everything so far. */
  readonly totals = { prefill: { tokens: 0, ms: 0 }, decode: { tokens: 0, ms: 0 } };

  constructor(
    private readonly runtime: Runtime,
    private readonly weights: Weights,
    readonly capacity: DecodeCapacity,
    private readonly pace?: DecodePace,
  ) {
    if (capacity.drafts && !weights.architecture.mtp) {
      throw new GenerateError(
        'The model has no module for further tokens, which could draft them.',
        'Choose a model that has one, or generate without drafts.',
      );
    }
    this.#state = new DecodeState(runtime.device, weights.architecture, capacity);
    this.#slots = new SlotPool(runtime.device, 'Generator');
    const positions = capacity.promptTokens + capacity.maxNewTokens + (capacity.drafts ? 1 : 0);
    this.#rope = new RopeTables(runtime.device, weights.architecture, positions);
    const { rollouts, tokens, logProbs, entropies, alternatives, drafts } = this.#state;
    const others = [alternatives, drafts?.outcomes].flatMap((buffer) => buffer ?? []);
    const looked = [rollouts, tokens, logProbs, entropies, ...others];
    runtime.readback.reserve(looked.reduce((sum, { size }) => sum + size, 0));
  }

  /** Generates members rollouts of each prompt, in order of (group, member). */
  async generate(request: GenerateRequest): Promise<Rollout[]> {
    const { device, readback } = this.runtime;
    const total = checkFit(request, this.capacity);
    const startMs = performance.now();
    const readbacksBefore = readback.count;

    // All but the last token of each prompt is read now; the last one is what the first decode step reads.
    const { prompts } = request;
    const promptTokens = prompts.reduce((sum, prompt) => sum + prompt.length - 1, 0);
    this.#promptLength = Math.max(...prompts.map((prompt) => prompt.length - 1));
    const firsts = await this.#read(prompts, request.sampling);
    const starts: RolloutStart[] = Array.from({ length: total }, (_, i) => {
      const group = Math.floor(i / request.members);
      const prompt = request.prompts[group] as readonly number[];
      return {
        promptFirst: firsts[group] as number,
        promptLength: prompt.length - 1,
        token: prompt.at(-1) as number,
        key: request.key(group, i % request.members),
      };
    });
    this.#state.begin(starts, request.sampling);
    const prefilled = device.whenDone();

    const { maxNewTokens } = request.sampling;
    const { stepsPerLook, stepsAhead } = this.pace ?? paceFor(this.#stepMs);
    let live = starts.map((_, i) => i);
    let steps = 0;
    let ahead = 0;
    let look: Look | undefined;
    const advance = async (count: number): Promise<number> => {
      const possible = Math.min(count, maxNewTokens - steps);
      await this.#runSteps(live, possible);
      steps += possible;
      return possible;
    };
    let isStopped = false;
    while (live.length > 0 && !isStopped) {
      await advance(stepsPerLook - ahead);
      const looking = lookAt(readback, this.#state, total);
      ahead = await advance(stepsAhead);
      const seen = await looking;
      const ended = live.filter((i) => seen.isDone(i));
      live = live.filter((i) => !seen.isDone(i));
      look = seen;
      request.onEnded?.(ended.map((i) => seen.rollout(i, request)));
      request.onProgress?.(total - live.length, total);
      isStopped = request.onTokens !== undefined && !request.onTokens(seen.rollouts(request));
    }
    const rollouts = (look ?? (await lookAt(readback, this.#state, total))).rollouts(request);
    const prefilledMs = await prefilled;
    this.timing = {
      prefillMs: prefilledMs - startMs,
      decodeMs: performance.now() - prefilledMs,
      steps,
      readbacks: readback.count - readbacksBefore,
    };
    this.#stepMs = this.timing.decodeMs / Math.max(1, steps);
    this.totals.prefill.tokens += promptTokens;
    this.totals.prefill.ms += this.timing.prefillMs;
    this.totals.decode.tokens += rollouts.reduce((sum, rollout) => sum + rollout.tokens.length, 0);
    this.totals.decode.ms += this.timing.decodeMs;
    return rollouts;
  }

  /** Puts prompts, but for their last tokens, into the caches; returns where each one starts there. */
  async #read(prompts: readonly (readonly number[])[], sampling: SamplingOptions): Promise<number[]> {
    if (this.#readsByStep) return this.#readByStep(prompts, sampling);
    const prefill = this.#prefill(prompts.reduce((sum, prompt) => sum + prompt.length - 1, 0));
    // A continuation's last token is a target, which the module for further tokens reads.
    const placed = prefill.batch.writeShared(prompts.map((prompt) => ({ prefix: [], continuations: [prompt] })));
    (await prefill.graph).program.submit();
    return placed.map(({ continuations }) => continuations[0] as number);
  }

  get #readsByStep(): boolean {
    return this.capacity.readsByStep === true && !this.capacity.drafts;
  }

  /** As #read, a token a step. */
  async #readByStep(prompts: readonly (readonly number[])[], sampling: SamplingOptions): Promise<number[]> {
    const firsts: number[] = [];
    let promptFirst = 0;
    for (const prompt of prompts) {
      firsts.push(promptFirst);
      const head = prompt.slice(0, -1);
      for (const [promptLength, token] of head.entries()) {
        const ownFirst = promptFirst + promptLength;
        // What the step draws, the rollout's own first step draws over.
        this.#state.begin([{ promptFirst, promptLength, ownFirst, token, key: [0, 0, 0] }], sampling);
        await this.#runSteps([0], 1, 'Generator.prefill');
      }
      promptFirst += head.length;
    }
    return firsts;
  }

  /** Submits `count` steps for the live rollouts in the smallest program that holds them. @param as for profiles. */
  async #runSteps(live: readonly number[], count: number, as?: string): Promise<void> {
    if (count === 0) return;
    const rows = Math.min(stepRows(live.length), this.capacity.rollouts);
    const { program } = await this.#step(rows);
    this.#state.choose(live, rows);
    for (let i = 0; i < count; i++) program.submit(as);
  }

  /** The program for prompts of this many tokens together: the smallest power of two that holds them. */
  #prefill(promptTokens: number): Prefill {
    const capacity = Math.min(
      nextPowerOfTwo(Math.max(promptTokens, MIN_PREFILL)),
      Math.max(1, this.capacity.promptTokens),
    );
    let prefill = this.#prefills.get(capacity);
    if (!prefill) {
      const batch = new PackedBatch(this.runtime.device, capacity);
      const g = new Graph();
      recordPrefill(g, this.weights, this.#state, batch.tensors(g), this.#rope);
      const label = `Generator.prefill:${capacity}`;
      prefill = { batch, graph: CompiledGraph.compile(this.runtime.device, label, g, [], this.#slots) };
      this.#prefills.set(capacity, prefill);
    }
    return prefill;
  }

  #step(rows: number): Promise<CompiledGraph> {
    let program = this.#steps.get(rows);
    if (!program) {
      program = this.#compileStep(rows);
      this.#steps.set(rows, program);
    }
    return program;
  }

  #compileStep(rows: number): Promise<CompiledGraph> {
    const g = new Graph();
    recordDecodeStep(g, this.weights, this.#state, rows, this.#rope);
    return CompiledGraph.compile(this.runtime.device, `Generator.step:${rows}`, g, [], this.#slots);
  }

  /** Compiles the programs for the largest prompts and for this many rollouts ahead of their first use. */
  async warmUp(rollouts: number): Promise<void> {
    const { promptTokens } = this.capacity;
    const reading = this.#readsByStep ? this.#step(1) : this.#prefill(promptTokens).graph;
    await Promise.all([reading, this.#step(Math.min(stepRows(rollouts), this.capacity.rollouts))]);
  }

  /** Compiles every program that any request can need: after it, memory and speed do not depend on what was asked before. */
  async warmUpAll(): Promise<void> {
    const { promptTokens, rollouts } = this.capacity;
    const halves = (most: number, least: number): number[] =>
      most > least ? [most, ...halves(nextPowerOfTwo(most) / 2, least)] : [most];
    const rows = Array.from({ length: rollouts }, (_, i) => Math.min(stepRows(rollouts - i), rollouts));
    await Promise.all([
      ...(this.#readsByStep ? [] : halves(promptTokens, MIN_PREFILL)).map((tokens) => this.#prefill(tokens).graph),
      ...[...new Set(rows)].map((count) => this.#step(count)),
    ]);
  }

  /**
   * Time by kernel of one decode step of `rows` rollouts that are half way to their longest, of prompts as long as the last ones.
   * Ends what was being generated.
   */
  async profile(rows: number): Promise<KernelTimes | undefined> {
    return (await this.#halfWay(rows)).profile();
  }

  /** Milliseconds of so many steps of the same rollouts, one after another. Ends what was being generated. */
  async timeSteps(rows: number, steps: number): Promise<number> {
    return (await this.#halfWay(rows)).time(steps);
  }

  /** The program of a step of `rows` rollouts, which is theirs next. */
  async #halfWay(rows: number): Promise<Program> {
    const { promptTokens, maxNewTokens } = this.capacity;
    const { program } = await this.#step(rows);
    const live = Array.from({ length: rows }, (_, i) => i);
    const promptLength = this.#promptLength ?? promptTokens;
    const length = Math.floor(maxNewTokens / 2);
    this.#state.begin(
      live.map((i) => ({ promptFirst: 0, promptLength, token: 0, key: [0, 0, i], length })),
      {
        temperature: 1,
        topP: 1,
        topK: 0,
        endTokens: [],
        maxNewTokens,
        numTokens: this.weights.architecture.vocabulary,
      },
    );
    this.#state.choose(live, rows);
    return program;
  }

  async destroy(): Promise<void> {
    for (const step of this.#steps.values()) (await step).destroy();
    for (const prefill of this.#prefills.values()) {
      (await prefill.graph).destroy();
      prefill.batch.destroy();
    }
    this.#slots.destroy();
    this.#state.destroy();
    this.#rope.destroy();
  }
}
