// Answers that are made up and written token by token.

import type { AskRequest, EngineApi, LayerChoices, Result, TokenAttention } from '../../protocol/protocol';
import { findProblem } from '../../tasks/registry';
import { madeUpLoad } from '../madeUp';
import { madeUpAttention, madeUpChoices, madeUpSummary, madeUpTokens } from '../madeUpAnswer';
import { madeUpAskCost } from '../madeUpDevice';
import type { Host } from './host';
import { failure, ok } from './results';

const TOKEN_MS = 40;
const EVENT_MS = 33;

type AskPart = Pick<EngineApi, 'ask' | 'stopAsk' | 'expertChoices' | 'attention'>;

export class FakeAsking implements AskPart {
  #askId = 0;
  #isStopWanted = false;
  #asked: { readonly askId: number; readonly request: AskRequest } | undefined;

  /** @param untilStepEnds an answer waits for the step under way */
  constructor(
    private readonly host: Host,
    private readonly untilStepEnds: () => Promise<void>,
  ) {}

  /** Another model took the place of the one that answered. */
  forget(): void {
    this.#asked = undefined;
  }

  ask = async (request: AskRequest): Promise<Result<number>> => {
    const refusal = refusalOf(request);
    if (refusal) return refusal;
    const askId = ++this.#askId;
    this.#isStopWanted = false;
    this.#asked = { askId, request };
    void this.#answer(askId, request);
    return ok(askId);
  };

  stopAsk = async (): Promise<void> => {
    this.#isStopWanted = true;
  };

  expertChoices = (askId: number, sample: number): Promise<Result<readonly LayerChoices[]>> =>
    this.#read(askId, (request) => madeUpChoices(request, sample));

  attention = (askId: number, sample: number, place: number): Promise<Result<TokenAttention>> =>
    this.#read(askId, (request) => madeUpAttention(request, sample, place));

  /** The answer is read once more. */
  async #read<T>(askId: number, find: (request: AskRequest) => T): Promise<Result<T>> {
    const { request } = this.#asked?.askId === askId ? this.#asked : {};
    if (!request) return failure('bad_question', 'Another question was asked since.', 'Ask it again.');
    await this.host.wait(200);
    return ok(find(request));
  }

  async #answer(askId: number, request: AskRequest): Promise<void> {
    const { host } = this;
    await this.untilStepEnds();
    host.emit({ type: 'askStarted', askId, numPromptTokens: request.question.length });
    const answers = Array.from({ length: request.samples }, (_, sample) => madeUpTokens(request, sample));
    const perBatch = Math.max(1, Math.round((EVENT_MS * host.options.speed) / TOKEN_MS));
    const longest = Math.max(...answers.map(({ length }) => length));
    const end = (sample: number, count: number, isStopped: boolean) => {
      const tokens = answers[sample]?.slice(0, count) ?? [];
      const summary = madeUpSummary(request, tokens, isStopped, TOKEN_MS);
      host.emit({ type: 'answerEnded', askId, sample, summary });
    };
    let sent = 0;
    while (sent < longest && !this.#isStopWanted) {
      await host.wait(TOKEN_MS * perBatch);
      for (const [sample, all] of answers.entries()) {
        const tokens = all.slice(sent, sent + perBatch);
        const elapsedMs = (sent + tokens.length) * TOKEN_MS;
        if (tokens.length > 0) host.emit({ type: 'tokensStreamed', askId, sample, tokens, elapsedMs });
        if (tokens.length > 0 && sent + perBatch >= all.length) end(sample, all.length, false);
      }
      sent += perBatch;
    }
    answers.forEach(({ length }, sample) => {
      if (length > sent) end(sample, sent, true);
    });
    const tokens = answers.reduce((sum, { length }) => sum + Math.min(sent, length), 0);
    const summary = {
      prefill: { tokens: request.question.length, ms: 4 },
      decode: { tokens, ms: Math.min(sent, longest) * TOKEN_MS },
    };
    host.emit({ type: 'askFinished', askId, summary, expertLoad: madeUpLoad(request.seed, 2, 8, tokens) });
    host.emit({ type: 'workMeasured', work: 'ask', cost: madeUpAskCost(tokens) });
  }
}

function refusalOf({ question, thinking, maxTokens }: AskRequest) {
  if (question === '') return failure('bad_question', 'There is no question.', 'Write a question.');
  const letter = /[a-z]/i.exec(question)?.[0];
  if (letter !== undefined && !findProblem(question)) {
    return failure('unreadable_text', `The model does not know the character "${letter}".`, 'Ask a sum.');
  }
  const budget = thinking?.budget ?? 0;
  if (!thinking || budget + 24 <= maxTokens) return undefined;
  const what = `A thinking budget of ${budget} tokens does not fit answers of ${maxTokens}.`;
  return failure('bad_thinking_control', what, `Allow at least ${budget + 24} tokens.`);
}
