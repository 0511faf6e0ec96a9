// The made-up engine's answers: the tokens of each of several, with its thinking cut or put off, each a pure function
// of its seed.
import { type Rng, rng } from '../lib/rng';
import type {
  AnswerSummary,
  AskRequest,
  Forced,
  LayerChoices,
  StreamedToken,
  ThinkingControl,
  TokenAttention,
  TokenPart,
} from '../protocol/protocol';
import { formatCompletion, parseCompletion } from '../tasks/completion';
import { findProblem, getTask } from '../tasks/registry';
import { completionFor, withParts } from './madeUpText';

interface Piece {
  readonly text: string;
  readonly part: TokenPart;
  readonly forced?: Forced;
}

/** The first of several answers is the one that is given alone; every third errs, and every second thinks in Chinese. */
function textFor({ question }: AskRequest, sample: number, draw: Rng): string {
  const problem = findProblem(question);
  if (!problem) return formatCompletion('', '0');
  const text = completionFor(problem, draw, sample % 2 === 1 ? 'zh' : 'en');
  if (sample % 3 !== 2) return text;
  return formatCompletion(parseCompletion(text).thinking ?? '', getTask(problem.task).blunder(problem, draw));
}

function lastStep(thinking: readonly Piece[]): readonly Piece[] {
  const first = thinking.map(({ text }) => /^(?: then | wait |然后)$/.test(text)).lastIndexOf(true);
  return thinking.slice(first + 1);
}

function controlled(pieces: readonly Piece[], { budget, waits }: ThinkingControl): readonly Piece[] {
  const [open, ...rest] = pieces.filter(({ part }) => part !== 'thinking') as [Piece, ...Piece[]];
  const [close, ...answer] = rest as [Piece, ...Piece[]];
  let thinking = pieces.filter(({ part }) => part === 'thinking');
  for (let wait = 0; wait < waits; wait++) {
    thinking = [...thinking, { text: ' wait ', part: 'thinking', forced: 'wait' }, ...lastStep(thinking)];
  }
  const isCut = budget !== null && thinking.length >= budget;
  const end: Piece = isCut ? { ...close, forced: budget === 0 ? 'tag' : 'cut' } : close;
  return [{ ...open, forced: 'tag' }, ...thinking.slice(0, budget ?? undefined), end, ...answer];
}

/** A made-up token's id is its first character. */
function opened(pieces: readonly Piece[], opening: readonly number[]): readonly Piece[] {
  return pieces.map((piece, place) => {
    const id = opening[place];
    if (id === undefined) return piece;
    const text = id === piece.text.codePointAt(0) ? piece.text : String.fromCodePoint(id);
    return { ...piece, text, forced: 'chosen' };
  });
}

export function madeUpTokens(request: AskRequest, sample: number): StreamedToken[] {
  const draw = rng(request.seed, 'ask', sample);
  const free: readonly Piece[] = withParts(textFor(request, sample, draw));
  const pieces = opened(request.thinking ? controlled(free, request.thinking) : free, request.opening ?? []);
  return pieces.slice(0, request.maxTokens).map(({ text, part, forced }) => {
    const id = text.codePointAt(0) ?? 0;
    if (forced) return { id, text, part, forced, probability: 1, entropy: 0, alternatives: [] };
    const probability = part === 'tag' ? 0.99 : 0.55 + 0.45 * draw.uniform();
    const rest = 1 - probability;
    const other = (text: string, probability: number) => ({ id: text.codePointAt(0) ?? 0, text, probability });
    return {
      id,
      text,
      part,
      probability,
      entropy: -probability * Math.log(probability),
      alternatives: [other(text, probability), other(String(draw.integer(0, 9)), rest * 0.6), other('-', rest * 0.3)],
    };
  });
}

export function madeUpSummary(
  request: AskRequest,
  tokens: readonly StreamedToken[],
  stopped: boolean,
  tokenMs: number,
): AnswerSummary {
  const completionText = tokens.map(({ text }) => text).join('');
  const { thinking, answer } = parseCompletion(completionText);
  const problem = findProblem(request.question);
  const numThinkingTokens = tokens.filter(({ part }) => part === 'thinking').length;
  return {
    completionText,
    thinking,
    answer,
    stopReason: stopped ? 'stopped' : tokens.length < request.maxTokens ? 'end' : 'length',
    verdict: problem && { correct: answer === problem.answer, expected: problem.answer, found: answer },
    numThinkingTokens,
    numTokens: tokens.length,
    thinkingMs: numThinkingTokens * tokenMs,
  };
}

/** Two layers of eight experts, two a token; nobody asks expert 7 of layer 2. */
export function madeUpChoices(request: AskRequest, sample: number): LayerChoices[] {
  const tokens = madeUpTokens(request, sample);
  return [1, 2].map((layer) => ({
    layer,
    numExperts: 8,
    tokens: tokens.map(({ id }, place) => {
      const draw = rng(request.seed + id, 'ask', 2 * sample + layer, place);
      const best = 0.5 + 0.4 * draw.uniform();
      const first = draw.integer(0, 4);
      const second = first === 4 ? 0 : first + (layer === 1 ? 3 : 2);
      return [
        { expert: first, weight: best },
        { expert: second, weight: 1 - best },
      ];
    }),
    scores: tokens.map(({ id }, place) => {
      const draw = rng(request.seed + id, 'ask', 2 * sample + layer, place);
      return Array.from({ length: 8 }, () => draw.uniform());
    }),
    router: { scoring: 'sigmoid' as const, isNormalized: true, scale: 1, bias: Array.from({ length: 8 }, () => 0) },
  }));
}

/** Two layers of two heads: the first looks back by position, the second at what is like the token itself. */
export function madeUpAttention(request: AskRequest, sample: number, place: number): TokenAttention {
  const prompt = [...request.question];
  const answer = madeUpTokens(request, sample).slice(0, place + 1);
  const tokens = [...prompt, ...answer.map(({ text }) => text)];
  const scale = 0.5;
  const headOf = (layer: number, head: number) => {
    const content = tokens.map((text) => (head === 1 && text === tokens.at(-1) ? 4 + layer : 0.5));
    const position = tokens.map((_, at) => (head === 0 ? at + 1 - tokens.length : 0) * (1 + layer));
    const powers = tokens.map((_, at) => Math.exp(scale * ((content[at] ?? 0) + (position[at] ?? 0))));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return { content, position, weights: powers.map((power) => power / total) };
  };
  return {
    tokens,
    numPromptTokens: prompt.length,
    layers: [0, 1].map((layer) => ({
      layer,
      scale,
      contentWidth: 3,
      positionWidth: 1,
      first: 0,
      heads: [0, 1].map((head) => headOf(layer, head)),
    })),
  };
}
