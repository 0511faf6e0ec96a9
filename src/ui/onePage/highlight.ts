// TypeScript in colours: lines of pieces with a class each. In its own chunk, for it brings a parser.
import { typescriptLanguage } from '@codemirror/lang-javascript';
import { classHighlighter, highlightCode } from '@lezer/highlight';

export interface CodePiece {
  readonly text: string;
  /** `tok-keyword` and the like; empty for plain text. */
  readonly classes: string;
}

export function highlight(source: string): readonly (readonly CodePiece[])[] {
  const lines: CodePiece[][] = [[]];
  highlightCode(
    source,
    typescriptLanguage.parser.parse(source),
    classHighlighter,
    (text, classes) => lines.at(-1)?.push({ text, classes }),
    () => lines.push([]),
  );
  return lines;
}
