// Answers one question at a time, once or several times at once, streaming tokens as events.
import { readAttention } from '../engine/attention';
import { readExpertChoice } from '../engine/expertChoice';
import type { GenerateRequest } from '../engine/generateRequest';
import { Generator } from '../engine/generator';
import { type LanguageModel, samplingOf } from '../engine/languageModel';
import type { Rollout } from '../engine/rollout';
import type { Runtime } from '../engine/runtime';
import { ANSWER_TOKENS, checkControl, generateControlled, generateOpened } from '../engine/thinkingControl';
import { SoliloquyError } from '../lib/errors';
import type {
  AskRequest,
  AskSummary,
  EngineEvent,
  ExpertLoad,
  LayerChoices,
  TokenAttention,
} from '../protocol/protocol';
import { findProblem } from '../tasks/registry';
import { rolloutKey, thinkingTokens } from '../trainer/evaluation/evaluate';
import { checkAnswers } from '../trainer/health';
import { byPhase } from '../trainer/phases';
import { AnswerReporter } from './answerReporter';
import { longestAnswer, presentChoices } from './present';
import { presentCost } from './presentDevice';

/** A question that cannot be asked. */
export class AskError extends SoliloquyError {
  readonly code = 'bad_question';
}

const MAX_PROMPT_TOKENS = 128;

/** Fewer than the decode step of many rollouts begins at, so that an answer has the same bits however many are drawn. */
const MAX_SAMPLES = 16;

/** A question that can be asked, as it will be. */
export interface AskPlan {
  readonly request: AskRequest;
  readonly prompt: readonly number[];
  readonly maxNewTokens: number;
}

export class Asker {
  readonly #maxNewTokens: number;
  /** For one answer that is left to think as it likes. */
  readonly #single: Generator;
  /** For the last request that needed more, by its number of answers and whether their thinking is controlled. */
  #wide: { readonly samples: number; readonly isControlled: boolean; readonly generator: Generator } | undefined;
  #isStopped = false;
  /** What was answered last, as token ids. */
  #last:
    | { readonly askId: number; readonly prompt: readonly number[]; readonly answers: readonly number[][] }
    | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly model: LanguageModel,
  ) {
    this.#maxNewTokens = longestAnswer(model.architecture);
    this.#single = this.#createGenerator(1, false);
  }

  /** Compiles ahead of the first question. */
  warmUp(): Promise<void> {
    return this.#single.warmUp(1);
  }

  /**
   * Checks all that can be known before anything is computed.
   * @throws AskError when the question is empty or too long or what is asked for does not fit the model's positions,
   * UnreadableTextError for unknown characters, ThinkingControlError where a budget leaves no room for an answer.
   */
  plan(request: AskRequest): AskPlan {
    // From here on: an answer that waits for a training step can be stopped before it has begun.
    this.#isStopped = false;
    const { samples, thinking, opening = [] } = request;
    const prompt = this.#prompt(request.question);
    if (!(Number.isInteger(samples) && samples >= 1 && samples <= MAX_SAMPLES)) {
      throw new AskError(`${samples} answers were asked for at once.`, `Ask for 1 to ${MAX_SAMPLES}.`);
    }
    const { maxPositions: positions } = this.model.architecture;
    const room = Math.min(this.#maxNewTokens, positions - prompt.length);
    if (opening.length > 0) this.#checkOpening(opening, Math.min(room, MAX_PROMPT_TOKENS - prompt.length), thinking);
    const maxNewTokens = Math.max(1, Math.min(request.maxTokens, room) - opening.length);
    if (thinking) {
      const most = room - ANSWER_TOKENS;
      if ((thinking.budget ?? 0) > most) {
        throw new AskError(
          `A thinking budget of ${thinking.budget} tokens does not fit: of the model's ${positions} positions the question ` +
            `takes ${prompt.length}, an answer ${ANSWER_TOKENS}, and at most ${this.#maxNewTokens} tokens are written.`,
          most > 0 ? `Choose a budget of at most ${most}, or ask something shorter.` : 'Ask something shorter.',
        );
      }
      checkControl(thinking, maxNewTokens);
      thinkingTokens(this.model);
    }
    return { request, prompt, maxNewTokens };
  }

  #checkOpening(opening: readonly number[], room: number, thinking: AskRequest['thinking']): void {
    if (thinking) {
      throw new AskError(
        'An answer cannot both begin with given tokens and have its thinking controlled.',
        'Let it think as it likes.',
      );
    }
    const unknown = opening.find((id) => !(Number.isInteger(id) && id >= 0 && id < this.model.tokenizer.vocabSize));
    if (unknown !== undefined)
      throw new AskError(`The model has no token ${unknown}.`, 'Choose among those it offers.');
    if (opening.length < room) return;
    throw new AskError(
      `The answer begins with ${opening.length} tokens; there is room for ${Math.max(0, room - 1)}.`,
      'Go on from an earlier token.',
    );
  }

  /** Takes over what another, of the same model, answered last. */
  remember(other: Asker): void {
    this.#last = other.#last;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Generates and tells of it; never more than one at a time. Where memory runs out, nothing has been told yet. */
  async answer(askId: number, plan: AskPlan, emit: (event: EngineEvent) => void): Promise<void> {
    const { model } = this;
    const generator = await this.#generatorFor(plan.request);
    const { profiler } = this.runtime.device;
    const before = structuredClone(generator.totals);
    profiler.start();
    model.weights.clearLoads();
    emit({ type: 'askStarted', askId, numPromptTokens: plan.prompt.length });
    const reporter = new AnswerReporter(this.runtime, model, plan.request, askId, emit, plan.prompt);
    const rollouts = await this.#generate(generator, plan, (partial) => {
      reporter.report(partial);
      return !this.#isStopped;
    });
    checkAnswers(model.name, model.architecture.vocabulary, rollouts);
    this.#last = { askId, prompt: plan.prompt, answers: rollouts.map(({ tokens }) => tokens) };
    await reporter.finish(rollouts);
    const [loads] = await this.runtime.readback.read([model.weights.loadsRange]);
    const expertLoad: ExpertLoad[] = model.weights.unpackLoads(loads as ArrayBuffer);
    const summary = summarize(before, generator.totals);
    const tokens = { prefill: summary.prefill.tokens, decode: summary.decode.tokens };
    const cost = presentCost(byPhase(profiler.stop(), tokens), model.architecture);
    emit({ type: 'askFinished', askId, summary, expertLoad });
    emit({ type: 'workMeasured', work: 'ask', cost });
  }

  /** @throws AskError where the answer is not of the last question; OutOfMemoryError. */
  async expertChoices(askId: number, sample: number): Promise<LayerChoices[]> {
    const { prompt, answer } = this.#kept(askId, sample);
    const { weights } = this.model;
    const choices = await readExpertChoice(this.runtime, weights, [...prompt, ...answer]);
    return presentChoices(choices, prompt.length);
  }

  /** @throws AskError where the answer is not of the last question, or has no such token; OutOfMemoryError. */
  async attention(askId: number, sample: number, place: number): Promise<TokenAttention> {
    const { prompt, answer } = this.#kept(askId, sample);
    if (!(Number.isInteger(place) && place >= 0 && place < answer.length)) {
      throw new AskError(`The answer has ${answer.length} tokens, none at ${place}.`, 'Choose one of its tokens.');
    }
    const { weights, tokenizer } = this.model;
    const ids = [...prompt, ...answer.slice(0, place + 1)];
    const textOf = (id: number) => (tokenizer.endTokens.includes(id) ? '' : tokenizer.tokenText(id));
    const layers = await readAttention(this.runtime, weights, ids);
    return { tokens: ids.map(textOf), numPromptTokens: prompt.length, layers };
  }

  #kept(askId: number, sample: number) {
    const { prompt, answers } = this.#last?.askId === askId ? this.#last : { prompt: [], answers: [] };
    const answer = answers[sample];
    if (answer) return { prompt, answer };
    throw new AskError('Another question was asked or another model loaded since this answer.', 'Ask it again.');
  }

  async destroy(): Promise<void> {
    await Promise.all([this.#single.destroy(), this.#wide?.generator.destroy()]);
  }

  #prompt(question: string): number[] {
    if (question.trim() === '') throw new AskError('The question is empty.', 'Type a sum, for example 9-8+3-7=?');
    // What a person types is asked in the form the model was trained on, where it is of a known task.
    const ids = this.model.tokenizer.encodePrompt(findProblem(question)?.question ?? question.trim());
    const room = Math.min(MAX_PROMPT_TOKENS, this.model.architecture.maxPositions - 8);
    if (ids.length <= room) return ids;
    throw new AskError(
      `The question has ${ids.length} tokens; the model reads at most ${room}.`,
      'Ask something shorter.',
    );
  }

  #createGenerator(rollouts: number, isControlled: boolean): Generator {
    const maxNewTokens = this.#maxNewTokens;
    // Under control each answer goes on from a prompt of its own, which has grown by its thinking, and all are read at once.
    const promptTokens = isControlled ? rollouts * (MAX_PROMPT_TOKENS + maxNewTokens) : MAX_PROMPT_TOKENS;
    const capacity = { rollouts, maxNewTokens, promptTokens, hasAlternatives: true, readsByStep: !isControlled };
    return new Generator(this.runtime, this.model.weights, capacity);
  }

  /** @throws OutOfMemoryError or DeviceTooSmallError where so many answers at once do not fit the device. */
  async #generatorFor({ samples, thinking }: AskRequest): Promise<Generator> {
    const isControlled = thinking !== null;
    if (samples === 1 && !isControlled) return this.#single;
    if (this.#wide?.samples === samples && this.#wide.isControlled === isControlled) return this.#wide.generator;
    await this.#wide?.generator.destroy();
    this.#wide = undefined;
    const { device } = this.runtime;
    const generator = await device.guardMemory(() => this.#createGenerator(samples, isControlled));
    this.#wide = { samples, isControlled, generator };
    return generator;
  }

  #generate(
    generator: Generator,
    { request, prompt, maxNewTokens }: AskPlan,
    onTokens: NonNullable<GenerateRequest['onTokens']>,
  ): Promise<Rollout[]> {
    const { model } = this;
    const { temperature, topP, topK, seed, samples, thinking, opening } = request;
    const plain = {
      prompts: [prompt],
      members: samples,
      sampling: samplingOf(model, { temperature, topP, topK, maxNewTokens }),
      key: (_: number, member: number, phase = 0) => rolloutKey(seed, 'ask', member, phase),
      onTokens,
    };
    if (opening) return generateOpened(generator, opening, plain);
    if (thinking === null) return generator.generate(plain);
    return generateControlled(generator, { ...plain, control: thinking, thinking: thinkingTokens(model) });
  }
}

/** What was read and written between two counts of a generator. */
function summarize(before: Generator['totals'], now: Generator['totals']): AskSummary {
  const since = (phase: 'prefill' | 'decode') => ({
    tokens: now[phase].tokens - before[phase].tokens,
    ms: now[phase].ms - before[phase].ms,
  });
  return { prefill: since('prefill'), decode: since('decode') };
}
