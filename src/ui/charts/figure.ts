// A chart as a file: an SVG that stands by itself, drawn from what the chart on the page is drawn from. Pure.
import { formatNumber } from '../format';
import type { Line, LineStyle } from './plot';
import type { Quantity } from './quantity';
import { axisTicks, roundTicks, tickLabels } from './ticks';

export interface Figure {
  readonly title: string;
  /** What is to be seen, in sentences. */
  readonly caption: string;
  readonly steps: readonly number[];
  readonly lines: readonly Line[];
  /** One a line, its colour as a name of the theme's. */
  readonly styles: readonly LineStyle[];
  readonly quantity: Quantity;
  /** Names of lines, where there are several to tell apart: which style is whose. */
  readonly legend: readonly { readonly name: string; readonly style: LineStyle }[];
  /** What the steps are called. */
  readonly xLabel: string;
}

export const FIGURE_WIDTH = 720;
const PLOT = { left: 64, right: FIGURE_WIDTH - 20, height: 300 };
const LINE_HEIGHT = 18;
const FONT = 13;
const TITLE_Y = 30;
/** As wide as a letter is on the whole, in shares of the type's size; Chinese characters are twice that. */
const LETTER = 0.54;

/**
 * @param colors by the theme's name, as CSS has them: paper, ink, soft, line, and those of the styles.
 * @param language of the labels: a BCP 47 tag.
 */
export function figureSvg(figure: Figure, colors: (name: string) => string, language: string): string {
  const { title, caption, legend, xLabel } = figure;
  const legendRows = legend.length === 0 ? [] : rowsOf(legend);
  const top = TITLE_Y + 14 + legendRows.length * LINE_HEIGHT;
  const bottom = top + PLOT.height;
  const captionLines = wrap(caption, FIGURE_WIDTH - 40);
  const height = bottom + 46 + captionLines.length * LINE_HEIGHT + 10;
  const text = (x: number, y: number, words: string, attributes = '') =>
    `<text x="${round(x)}" y="${round(y)}" ${attributes}>${xml(words)}</text>`;
  const soft = `fill="${xml(colors('soft'))}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${FIGURE_WIDTH} ${height}" width="${FIGURE_WIDTH}" ` +
      `height="${height}" role="img" aria-label="${xml(title)}" font-family="system-ui, sans-serif" ` +
      `font-size="${FONT}" fill="${xml(colors('ink'))}">`,
    `<title>${xml(title)}</title><desc>${xml(caption)}</desc>`,
    `<rect width="100%" height="100%" fill="${xml(colors('paper'))}"/>`,
    text(20, TITLE_Y, title, 'font-size="17" font-weight="600"'),
    ...legendRows.flatMap((row, i) => row.map((entry) => legendEntry(entry, TITLE_Y + 22 + i * LINE_HEIGHT, colors))),
    ...plotOf(figure, { top, bottom, colors, language }),
    text((PLOT.left + PLOT.right) / 2, bottom + 36, xLabel, `text-anchor="middle" ${soft}`),
    ...captionLines.map((line, i) => text(20, bottom + 60 + i * LINE_HEIGHT, line, soft)),
    '</svg>\n',
  ].join('\n');
}

interface Frame {
  readonly top: number;
  readonly bottom: number;
  readonly colors: (name: string) => string;
  readonly language: string;
}

function plotOf({ steps, lines, styles, quantity }: Figure, { top, bottom, colors, language }: Frame): string[] {
  const yTicks = axisTicks(
    lines.flatMap(({ values }) => [...values]),
    quantity,
    6,
  );
  const [first = 0, last = 1] = [steps[0], steps.at(-1)];
  const xTicks = roundTicks({ low: first, high: last }, 8).filter(
    (x) => Number.isInteger(x) && x >= first && x <= last,
  );
  const [low, high] = [yTicks[0] ?? 0, yTicks.at(-1) ?? 1];
  const left = (x: number) => PLOT.left + ((x - first) / (last - first || 1)) * (PLOT.right - PLOT.left);
  const up = (y: number) => bottom - ((y - low) / (high - low || 1)) * (bottom - top);
  const labels = tickLabels(yTicks, quantity, language);
  const soft = xml(colors('soft'));
  const grid = yTicks.map(
    (y, i) =>
      `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${round(up(y))}" y2="${round(up(y))}" ` +
      `stroke="${xml(colors('line'))}"/>` +
      `<text x="${PLOT.left - 8}" y="${round(up(y) + 4)}" text-anchor="end" fill="${soft}">${xml(labels[i] ?? '')}</text>`,
  );
  const marks = xTicks.map(
    (x) =>
      `<text x="${round(left(x))}" y="${bottom + 18}" text-anchor="middle" fill="${soft}">` +
      `${xml(formatNumber(x, language))}</text>`,
  );
  const drawn = lines.map((line, i) =>
    lineOf(line, styles[i], (at) => [left(steps[at] ?? 0), up(line.values[at] ?? 0)], colors),
  );
  return [...grid, ...marks, ...drawn];
}

function lineOf(
  { values, hasPoints }: Line,
  style: LineStyle | undefined,
  place: (at: number) => readonly [number, number],
  colors: (name: string) => string,
): string {
  const points = values.flatMap((value, at) => (value === null || !Number.isFinite(value) ? [] : [place(at)]));
  if (style === undefined || points.length === 0) return '';
  const color = xml(colors(style.color));
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
  const dots = hasPoints
    ? points.map(([x, y]) => `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${color}"/>`)
    : [];
  const opacity = style.opacity === undefined ? '' : ` stroke-opacity="${style.opacity}"`;
  return (
    `<path d="${path}" fill="none" stroke="${color}" stroke-width="${style.widthPx}" stroke-linejoin="round"` +
    `${opacity}${dashes(style)}/>${dots.join('')}`
  );
}

const dashes = ({ dash }: LineStyle) => (dash ? ` stroke-dasharray="${dash.join(' ')}"` : '');

interface Placed {
  readonly name: string;
  readonly style: LineStyle;
  readonly x: number;
}

const SWATCH = 28;

/** The legend's entries in rows that fit. */
function rowsOf(legend: Figure['legend']): Placed[][] {
  const rows: Placed[][] = [[]];
  let x = 20;
  for (const entry of legend) {
    const width = SWATCH + 8 + widthOf(entry.name) + 22;
    if (x + width > FIGURE_WIDTH && x > 20) {
      rows.push([]);
      x = 20;
    }
    rows.at(-1)?.push({ ...entry, x });
    x += width;
  }
  return rows;
}

function legendEntry({ name, style, x }: Placed, y: number, colors: (name: string) => string): string {
  return (
    `<line x1="${round(x)}" x2="${round(x + SWATCH)}" y1="${y - 4}" y2="${y - 4}" stroke="${xml(colors(style.color))}" ` +
    `stroke-width="${style.widthPx}"${dashes(style)}/>` +
    `<text x="${round(x + SWATCH + 8)}" y="${y}">${xml(name)}</text>`
  );
}

/** Of Chinese and the like a letter is as wide as it is high. */
const widthOf = (text: string) =>
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

const round = (value: number) => Number(value.toFixed(2));

/** Text of XML; what XML cannot hold is left out. */
function xml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '')
    .replace(/[&<>"]/g, (letter) => entities[letter] ?? '');
}
