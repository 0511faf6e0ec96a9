// Answers one question at a time, streaming tokens as events.
import { Generator } from '../engine/generator';
import type { LanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { SoliloquyError } from '../lib/errors';
import { parseCompletion } from '../tasks/completion';
import { findProblem, getTask } from '../tasks/registry';
import { countThinkingTokens, rolloutKey } from '../trainer/evaluate';
import { createPartReader, presentTokens } from './present';
import { presentCost } from './presentDevice';
import type { AskRequest, AskSummary, EngineEvent, ExpertLoad } from './protocol';

/** A question that cannot be asked. */
export class AskError extends SoliloquyError {}

const MAX_PROMPT_TOKENS = 128;
const MAX_NEW_TOKENS = 256;

export class Asker {
  readonly #generator: Generator;
  readonly #maxNewTokens: number;
  #isStopped = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly model: LanguageModel,
  ) {
    this.#maxNewTokens = Math.min(MAX_NEW_TOKENS, model.config.max_position_embeddings);
    this.#generator = new Generator(runtime, model.weights, {
      rollouts: 1,
      maxNewTokens: this.#maxNewTokens,
      promptTokens: MAX_PROMPT_TOKENS,
      hasAlternatives: true,
    });
  }

  /** Compiles ahead of the first question. */
  warmUp(): Promise<void> {
    return this.#generator.warmUp(1);
  }

  /** The question as tokens. Throws AskError when it is empty or too long, UnreadableTextError for unknown characters. */
  prompt(question: string): number[] {
    if (question.trim() === '') throw new AskError('The question is empty.', 'Type a sum, for example 9-8+3-7=?');
    // What a person types is asked in the form the model was trained on, where it is of a known task.
    const ids = this.model.tokenizer.encodePrompt(findProblem(question)?.question ?? question.trim());
    const room = Math.min(MAX_PROMPT_TOKENS, this.model.config.max_position_embeddings - 8);
    if (ids.length > room) {
      throw new AskError(
        `The question has ${ids.length} tokens; the model reads at most ${room}.`,
        'Ask something shorter.',
      );
    }
    return ids;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Generates and tells of it; never more than one at a time. */
  async answer(
    askId: number,
    request: AskRequest,
    prompt: readonly number[],
    emit: (event: EngineEvent) => void,
  ): Promise<void> {
    const { model } = this;
    const { tokenizer } = model;
    this.#isStopped = false;
    const { clock } = this.runtime.device;
    clock.restart();
    model.weights.clearLoads();
    emit({ type: 'askStarted', askId, numPromptTokens: prompt.length });
    const startMs = performance.now();
    const partOf = createPartReader(tokenizer);
    let told = 0;
    let thinkingEndMs: number | undefined;
    const maxNewTokens = Math.max(
      1,
      Math.min(request.maxTokens, this.#maxNewTokens, model.config.max_position_embeddings - prompt.length),
    );
    const [rollout] = await this.#generator.generate({
      prompts: [prompt],
      members: 1,
      sampling: {
        temperature: request.temperature,
        topP: request.topP,
        topK: request.topK,
        maxNewTokens,
        endToken: tokenizer.eosId,
        numTokens: tokenizer.vocabSize,
      },
      key: () => rolloutKey(request.seed, 'ask', 0, 0),
      onTokens: ([partial]) => {
        if (!partial) return true;
        const tokens = presentTokens(tokenizer, partial, told, partOf);
        told = partial.tokens.length;
        const elapsedMs = performance.now() - startMs;
        if (partial.tokens.includes(tokenizer.idOf('</think>') ?? -1)) thinkingEndMs ??= elapsedMs;
        if (tokens.length > 0) emit({ type: 'tokensStreamed', askId, tokens, elapsedMs });
        return !this.#isStopped;
      },
    });
    if (!rollout) throw new Error('the generator returned no rollout');
    const completion = parseCompletion(tokenizer.decode(rollout.tokens));
    const problem = findProblem(request.question);
    const { prefillMs, decodeMs } = this.#generator.timing;
    const stopReason = rollout.stop === 'end' ? 'end' : rollout.stop === 'length' ? 'length' : 'stopped';
    const summary: AskSummary = {
      completionText: completion.text,
      thinking: completion.thinking,
      answer: completion.answer,
      stopReason,
      // Cut short by hand, an answer that was not given yet is not held against the model.
      verdict:
        problem && (stopReason !== 'stopped' || completion.answer !== undefined)
          ? await getTask(problem.task).verify(problem, completion.answer, this.runtime.sandbox)
          : undefined,
      numPromptTokens: prompt.length,
      numThinkingTokens: countThinkingTokens(model, rollout.tokens),
      numTokens: rollout.tokens.length,
      prefillMs,
      decodeMs,
      thinkingMs: thinkingEndMs ?? performance.now() - startMs,
    };
    clock.settle();
    const [loads] = await this.runtime.readback.read([model.weights.loadsRange]);
    const expertLoad: ExpertLoad[] = model.weights.unpackLoads(loads as ArrayBuffer);
    emit({ type: 'askFinished', askId, summary, expertLoad });
    emit({ type: 'workMeasured', work: 'ask', cost: presentCost(clock.read(), model.config) });
  }

  destroy(): Promise<void> {
    return this.#generator.destroy();
  }
}
