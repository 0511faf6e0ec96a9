// What every figure has as a file: its title over it, its caption under it, the page's colours. Pure.

/** By the theme's name, as CSS has them: paper, ink, soft, line, and those of what is drawn. */
export type FigureColors = (name: string) => string;

export const FIGURE_WIDTH = 720;
export const LINE_HEIGHT = 18;
const FONT = 13;
const TITLE_Y = 30;
/** Where there is room for what is drawn. */
export const FIGURE_TOP = TITLE_Y + 14;
/** As wide as a letter is on the whole, in shares of the type's size; Chinese characters are twice that. */
const LETTER = 0.54;

/** A whole file. @param bottom where what is drawn ends. @param body its elements. */
export function framed(
  { title, caption }: { readonly title: string; readonly caption: string },
  bottom: number,
  body: readonly string[],
  colors: FigureColors,
): string {
  const captionLines = wrap(caption, FIGURE_WIDTH - 40);
  const height = bottom + captionLines.length * LINE_HEIGHT + 10;
  const soft = `fill="${xml(colors('soft'))}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${FIGURE_WIDTH} ${height}" width="${FIGURE_WIDTH}" ` +
      `height="${height}" role="img" aria-label="${xml(title)}" font-family="system-ui, sans-serif" ` +
      `font-size="${FONT}" fill="${xml(colors('ink'))}">`,
    `<title>${xml(title)}</title><desc>${xml(caption)}</desc>`,
    `<rect width="100%" height="100%" fill="${xml(colors('paper'))}"/>`,
    svgText(20, TITLE_Y, title, 'font-size="17" font-weight="600"'),
    ...body,
    ...captionLines.map((line, i) => svgText(20, bottom + 14 + i * LINE_HEIGHT, line, soft)),
    '</svg>\n',
  ].join('\n');
}

export const svgText = (x: number, y: number, words: string, attributes = '') =>
  `<text x="${round(x)}" y="${round(y)}" ${attributes}>${xml(words)}</text>`;

/** Of Chinese and the like a letter is as wide as it is high. */
export const widthOf = (text: string) =>
  [...text].reduce((sum, letter) => sum + FONT * ((letter.codePointAt(0) ?? 0) > 0x2e80 ? 1 : LETTER), 0);

/** Lines of a width at most, broken between words, or anywhere where there are none. */
function wrap(text: string, width: number): string[] {
  const parts = text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/g) ?? [];
  const lines: string[] = [''];
  for (const part of parts) {
    const line = lines.at(-1) as string;
    if (line !== '' && widthOf(line + part.trimEnd()) > width) lines.push(part);
    else lines[lines.length - 1] = line + part;
  }
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

export const round = (value: number) => Number(value.toFixed(2));

/** Text of XML; what XML cannot hold is left out. */
export function xml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '')
    .replace(/[&<>"]/g, (letter) => entities[letter] ?? '');
}
