// The thinking as text, and where in it words were put in.
import type { StreamedToken } from '../../protocol/protocol';
import type { Span } from './stepMarks';

export interface ThinkingText {
  readonly text: string;
  readonly numTokens: number;
  /** Without the spaces around them. */
  readonly forced: readonly Span[];
  /** Its end was put in because its budget was used up. */
  readonly isCut: boolean;
}

export function thinkingText(tokens: readonly StreamedToken[]): ThinkingText {
  const thoughts = tokens.filter(({ part }) => part === 'thinking');
  const forced: Span[] = [];
  let length = 0;
  for (const { text, forced: why } of thoughts) {
    const first = length + text.length - text.trimStart().length;
    if (why && text.trim() !== '') forced.push({ first, end: first + text.trim().length });
    length += text.length;
  }
  return {
    text: thoughts.map(({ text }) => text).join(''),
    numTokens: thoughts.length,
    forced,
    isCut: tokens.some((token) => token.forced === 'cut'),
  };
}
