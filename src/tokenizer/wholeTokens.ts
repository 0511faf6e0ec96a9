// Finds whole tokens (tags, words) in a text, the longest first.
import type { Budget } from './budget';

/** Takes the tokens out of texts. */
export function tokenRemover(tokens: readonly string[], budget: Budget): (text: string) => string {
  // By first character: the lengths there are, falling, and the tokens.
  const byFirst = new Map<string, { lengths: number[]; tokens: Set<string> }>();
  for (const token of tokens) {
    const first = token.charAt(0);
    const group = byFirst.get(first) ?? { lengths: [], tokens: new Set() };
    group.tokens.add(token);
    if (!group.lengths.includes(token.length)) group.lengths.push(token.length);
    byFirst.set(first, group);
  }
  for (const { lengths } of byFirst.values()) lengths.sort((a, b) => b - a);
  return (text) => {
    let rest = '';
    for (let at = 0; at < text.length; ) {
      const group = byFirst.get(text.charAt(at));
      budget.spend(1 + (group?.lengths.length ?? 0), 'added_tokens');
      const length = group?.lengths.find((length) => group.tokens.has(text.slice(at, at + length)));
      if (length === undefined) rest += text.charAt(at);
      at += length ?? 1;
    }
    return rest;
  };
}
