// Reports answers as they are written: what is new of each at every look, and what became of it when it ends.

import type { LanguageModel } from '../engine/languageModel';
import type { Rollout } from '../engine/rollout';
import type { Runtime } from '../engine/runtime';
import type { AnswerSummary, AskRequest, EngineEvent, TokenPart, Verdict } from '../protocol/protocol';
import { parseCompletion, THINK_CLOSE } from '../tasks/completion';
import { findProblem, getTask } from '../tasks/registry';
import { countThinkingTokens } from '../trainer/evaluation/evaluate';
import { createPartReader, presentTokens } from './present';

interface Reported {
  readonly partOf: (id: number) => TokenPart;
  numTokens: number;
  thinkingMs: number | undefined;
  hasEnded: boolean;
}

export class AnswerReporter {
  readonly #startMs = performance.now();
  readonly #reported: readonly Reported[];
  readonly #endings: Promise<void>[] = [];
  /** Whether the prompt opened the thought. */
  readonly #isOpened: boolean;

  constructor(
    private readonly runtime: Runtime,
    private readonly model: LanguageModel,
    private readonly request: AskRequest,
    private readonly askId: number,
    private readonly emit: (event: EngineEvent) => void,
    prompt: readonly number[],
  ) {
    this.#isOpened = model.tokenizer.opensThinking(prompt);
    this.#reported = Array.from({ length: request.samples }, () => ({
      partOf: createPartReader(model.tokenizer, this.#isOpened),
      numTokens: 0,
      thinkingMs: undefined,
      hasEnded: false,
    }));
  }

  /** Reports what is new of each rollout. */
  report(rollouts: readonly Rollout[]): void {
    const elapsedMs = performance.now() - this.#startMs;
    const close = this.model.tokenizer.idOf(THINK_CLOSE) ?? -1;
    rollouts.forEach((rollout, sample) => {
      const reported = this.#reported[sample] as Reported;
      const tokens = presentTokens(this.model.tokenizer, rollout, reported.numTokens, reported.partOf);
      reported.numTokens = rollout.tokens.length;
      if (rollout.tokens.includes(close)) reported.thinkingMs ??= elapsedMs;
      if (tokens.length > 0) this.emit({ type: 'tokensStreamed', askId: this.askId, sample, tokens, elapsedMs });
      if (rollout.stop !== 'running') this.#end(sample, rollout);
    });
  }

  /** Ends what has not ended by itself, and waits until all that ended is judged. */
  async finish(rollouts: readonly Rollout[]): Promise<void> {
    this.report(rollouts);
    for (const [sample, rollout] of rollouts.entries()) this.#end(sample, rollout);
    await Promise.all(this.#endings);
  }

  #end(sample: number, rollout: Rollout): void {
    const reported = this.#reported[sample] as Reported;
    if (reported.hasEnded) return;
    reported.hasEnded = true;
    const thinkingMs = reported.thinkingMs ?? performance.now() - this.#startMs;
    const ending = this.#summarize(rollout, thinkingMs).then((summary) =>
      this.emit({ type: 'answerEnded', askId: this.askId, sample, summary }),
    );
    this.#endings.push(ending);
  }

  async #summarize(rollout: Rollout, thinkingMs: number): Promise<AnswerSummary> {
    const { model, request } = this;
    const { text, thinking, answer } = parseCompletion(model.tokenizer.decode(rollout.tokens), this.#isOpened);
    const stopReason = rollout.stop === 'running' ? 'stopped' : rollout.stop;
    return {
      completionText: text,
      thinking,
      answer,
      stopReason,
      // Cut short by hand, an answer that was not given yet is not held against the model.
      verdict:
        stopReason !== 'stopped' || answer !== undefined ? await this.#verify(request.question, answer) : undefined,
      numThinkingTokens: countThinkingTokens(model, rollout.tokens, this.#isOpened),
      numTokens: rollout.tokens.length,
      thinkingMs,
    };
  }

  async #verify(question: string, answer: string | undefined): Promise<Verdict | undefined> {
    const problem = findProblem(question);
    return problem && getTask(problem.task).verify(problem, answer, this.runtime.sandbox);
  }
}
