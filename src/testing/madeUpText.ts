// The made-up model's way of writing: worked solutions, taken apart into tokens.
import type { Rng } from '../lib/rng';
import type { TokenPart } from '../protocol/protocol';
import { formatCompletion } from '../tasks/completion';
import { getTask } from '../tasks/registry';
import type { Problem, ThinkingStyle } from '../tasks/task';

export const PIECE = /<\/?(?:think|answer)>| \w{2,} |[\p{Script=Han}]{2}|\\[a-z]+|./gsu;

export function completionFor(problem: Problem, draw: Rng, language: ThinkingStyle['language'] = 'en'): string {
  return formatCompletion(getTask(problem.task).think(problem, { language, selfCheck: false }, draw), problem.answer);
}

export function withParts(text: string): { text: string; part: TokenPart }[] {
  let part: TokenPart = 'outside';
  return (text.match(PIECE) ?? []).map((piece) => {
    if (!piece.startsWith('<')) return { text: piece, part };
    part = piece === '<think>' ? 'thinking' : piece === '<answer>' ? 'answer' : 'outside';
    return { text: piece, part: 'tag' };
  });
}
