// Questions and their answers, token by token.
import type { AttentionOfLayer } from '../engine/attention';
import type { Forced, ThinkingControl } from '../engine/thinkingControl';
import type { TokenPart } from '../runs/run';
import type { Verdict } from '../tasks/task';
import type { Result } from './result';

export type { AttentionOfLayer };

/** Tokens sent to each expert, per MoE layer: load[i].counts has one number an expert. */
export interface ExpertLoad {
  readonly layer: number;
  readonly counts: readonly number[];
}

/** What the router of one MoE layer chose for the tokens of an answer. The shared experts see every token. */
export interface LayerChoices {
  readonly layer: number;
  readonly numExperts: number;
  /** By token: its routed experts, best first, and what each counts for. */
  readonly tokens: readonly (readonly { readonly expert: number; readonly weight: number }[])[];
  /** By token: how well each expert suits it. */
  readonly scores: readonly (readonly number[])[];
  readonly router: {
    readonly scoring: 'sigmoid' | 'softmax';
    /** Whether the chosen scores are divided by their sum, and what they are multiplied by then. */
    readonly isNormalized: boolean;
    readonly scale: number;
    /** By expert: what the choice adds to the scores, and the weights do not; empty where the router has none. */
    readonly bias: readonly number[];
  };
}

export interface TokenAttention {
  /** Texts of the question's tokens and of the answer's, up to the token itself; '' for one that ends a text. */
  readonly tokens: readonly string[];
  /** Of them, the question's. */
  readonly numPromptTokens: number;
  readonly layers: readonly AttentionOfLayer[];
}

export interface AskRequest {
  readonly question: string;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly seed: number;
  readonly maxTokens: number;
  /** Answers drawn at once, each as it would be drawn alone. */
  readonly samples: number;
  /** null: the model thinks as it likes. */
  readonly thinking: ThinkingControl | null;
  /**
   * Ids of the tokens that every answer begins with, as if the model had drawn them; it goes on from there, thinking as
   * it likes.
   */
  readonly opening?: readonly number[];
}

export interface TokenAlternative {
  readonly id: number;
  readonly text: string;
  readonly probability: number;
}

export interface StreamedToken {
  readonly id: number;
  readonly text: string;
  readonly part: TokenPart;
  /** Probability with which the token was drawn, at the temperature used. */
  readonly probability: number;
  readonly entropy: number;
  /** The likeliest tokens at this place, likeliest first, the drawn one among them if likely enough. */
  readonly alternatives: readonly TokenAlternative[];
  /** Why it is there though the model did not draw it; absent from a token that it drew. */
  readonly forced?: Forced;
}

/** One answer, when it has ended. */
export interface AnswerSummary {
  readonly completionText: string;
  readonly thinking: string | undefined;
  readonly answer: string | undefined;
  readonly stopReason: 'end' | 'length' | 'stopped';
  /** undefined when the question is of no known task, so nothing can check it. */
  readonly verdict: Verdict | undefined;
  readonly numThinkingTokens: number;
  readonly numTokens: number;
  readonly thinkingMs: number;
}

export interface Throughput {
  readonly tokens: number;
  readonly ms: number;
}

/** All answers together. What the model reads again to go on from forced tokens counts for the prefill. */
export interface AskSummary {
  readonly prefill: Throughput;
  readonly decode: Throughput;
}

export interface AskApi {
  /** Starts answering; tokens come as events. Resolves to the askId at once or to why it cannot. */
  ask(request: AskRequest): Promise<Result<number>>;
  stopAsk(): Promise<void>;
  /**
   * Has the model, as it is now, read one of the last question's answers again: the experts of each token, by MoE layer; none
   * where the model has no MoE layer. Fails once another question or another model took its place.
   */
  expertChoices(askId: number, sample: number): Promise<Result<readonly LayerChoices[]>>;
  /** Likewise: what the token at a place of the answer attends to when it is read. */
  attention(askId: number, sample: number, place: number): Promise<Result<TokenAttention>>;
}
