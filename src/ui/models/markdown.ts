// Markdown as model cards use it, from strangers' files: blocks without nesting, read line by line in time that grows with the
// text alone. Markup that is not known here, HTML too, stays text; pictures are their descriptions; links are https alone.

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph' | 'quote'; readonly text: string }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      /** Undefined where the head is empty, or there is none. */
      readonly head: readonly string[] | undefined;
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'rule' };

const FENCE = /^ {0,3}(`{3,}|~{3,}) *([\w+#.-]*)[^`]*$/;
const HEADING = /^ {0,3}(#{1,6}) +(.*)$/;
const RULE = /^ {0,3}([-*_])( *\1){2,} *$/;
const ITEM = /^ {0,3}([-*+]|\d{1,9}[.)]) +/;
const QUOTE = /^ {0,3}> ?/;
const RULER_CELL = /^:?-+:?$/;
const isBlank = (line: string) => line.trim() === '';

const cellsOf = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

function tableOf(lines: readonly string[]): Block {
  const [first = [], second = [], ...rest] = lines.map(cellsOf);
  const isEmpty = (cells: readonly string[]) => cells.every((cell) => cell === '');
  if (!second.every((cell) => RULER_CELL.test(cell)) || second.length === 0)
    return { kind: 'table', head: undefined, rows: lines.map(cellsOf) };
  return { kind: 'table', head: isEmpty(first) ? undefined : first, rows: rest };
}

/** How many lines from the first on hold, one after the other. */
function countWhile(lines: readonly string[], from: number, holds: (line: string) => boolean): number {
  let count = 0;
  while (from + count < lines.length && holds(lines[from + count] as string)) count++;
  return count;
}

const startsBlock = (line: string) =>
  FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || line.startsWith('|');

/** The block that begins at a line that is not blank, and the number of its lines. */
function blockAt(lines: readonly string[], from: number): { readonly block: Block; readonly size: number } {
  const line = lines[from] as string;
  const fence = FENCE.exec(line);
  if (fence) {
    const [, ticks = '', language = ''] = fence;
    const isEnd = (text: string) => text.trim().startsWith(ticks) && /^(`+|~+)$/.test(text.trim());
    const size = countWhile(lines, from + 1, (text) => !isEnd(text));
    return {
      block: { kind: 'code', language, text: lines.slice(from + 1, from + 1 + size).join('\n') },
      size: size + 2,
    };
  }
  const heading = HEADING.exec(line);
  if (heading) {
    const [, marks = '', text = ''] = heading;
    return { block: { kind: 'heading', level: marks.length, text: text.trim().replace(/ #+$/, '') }, size: 1 };
  }
  if (RULE.test(line)) return { block: { kind: 'rule' }, size: 1 };
  if (line.startsWith('|')) {
    const size = countWhile(lines, from, (text) => text.startsWith('|'));
    return { block: tableOf(lines.slice(from, from + size)), size };
  }
  if (QUOTE.test(line)) {
    const size = countWhile(lines, from, (text) => QUOTE.test(text));
    const text = lines.slice(from, from + size).map((quoted) => quoted.replace(QUOTE, ''));
    return { block: { kind: 'quote', text: text.join(' ') }, size };
  }
  const marker = ITEM.exec(line)?.[1];
  if (marker !== undefined) {
    const size = countWhile(lines, from, (text) => !isBlank(text) && !startsBlock(text));
    const items: string[] = [];
    for (const text of lines.slice(from, from + size)) {
      if (ITEM.test(text)) items.push(text.replace(ITEM, '').trim());
      else items.push(`${items.pop() ?? ''} ${text.trim()}`);
    }
    return { block: { kind: 'list', isOrdered: /^\d/.test(marker), items }, size };
  }
  const more = countWhile(lines, from + 1, (text) => !isBlank(text) && !startsBlock(text) && !ITEM.test(text));
  const text = lines.slice(from, from + 1 + more).map((part) => part.trim());
  return { block: { kind: 'paragraph', text: text.join(' ') }, size: 1 + more };
}

export function parseMarkdown(markdown: string): Block[] {
  const lines = markdown.split(/\r\n?|\n/);
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if (isBlank(lines[at] as string)) {
      at++;
      continue;
    }
    const { block, size } = blockAt(lines, at);
    blocks.push(block);
    at += size;
  }
  return blocks;
}

export type Span =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

/** Every repetition is bounded, so that no text takes longer than in proportion to its length. */
const MARKUP =
  /!\[([^\]\n]{0,200})\]\([^)\s]{0,500}\)|\[([^\]\n]{1,200})\]\(([^)\s]{1,500})\)|<(https:\/\/[^>\s]{1,500})>|\*\*([^*\n]{1,300})\*\*|\*([^*\s][^*\n]{0,300})\*/g;

function withoutCode(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  const plain = (upTo: number) => {
    if (upTo > end) spans.push({ kind: 'text', text: text.slice(end, upTo) });
  };
  for (const match of text.matchAll(MARKUP)) {
    const [whole, picture, label, target = '', address, strong, emphasis] = match;
    plain(match.index);
    end = match.index + whole.length;
    if (label !== undefined)
      spans.push(
        /^https:\/\//.test(target) ? { kind: 'link', text: label, url: target } : { kind: 'text', text: label },
      );
    else if (address !== undefined) spans.push({ kind: 'link', text: address, url: address });
    else if (strong !== undefined) spans.push({ kind: 'strong', text: strong });
    else if (emphasis !== undefined) spans.push({ kind: 'emphasis', text: emphasis });
    else spans.push({ kind: 'text', text: picture ?? '' });
  }
  plain(text.length);
  return spans;
}

/** The parts of a line of text: code between runs of backticks of one length, and what markup there is outside of it. */
export function parseSpans(text: string): Span[] {
  const runs = [...text.matchAll(/`+/g)];
  const spans: Span[] = [];
  let end = 0;
  for (let open = 0; open < runs.length; open++) {
    const run = runs[open] as RegExpExecArray;
    // A run that finds no other is of a length that no later one has, so few ever look to the end.
    let close = open + 1;
    while (close < runs.length && runs[close]?.[0].length !== run[0].length) close++;
    if (close === runs.length) continue;
    const closing = runs[close] as RegExpExecArray;
    spans.push(...withoutCode(text.slice(end, run.index)));
    const code = text.slice(run.index + run[0].length, closing.index);
    const isPadded = code.startsWith(' ') && code.endsWith(' ') && !isBlank(code);
    spans.push({ kind: 'code', text: isPadded ? code.slice(1, -1) : code });
    end = closing.index + closing[0].length;
    open = close;
  }
  return [...spans, ...withoutCode(text.slice(end))];
}
