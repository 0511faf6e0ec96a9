// A chart as a file: an SVG that stands by itself, drawn from what the chart on the page is drawn from. Pure.
import { formatNumber } from '../format';
import {
  FIGURE_TOP,
  FIGURE_WIDTH,
  type FigureColors,
  framed,
  LINE_HEIGHT,
  round,
  svgText,
  widthOf,
  xml,
} from './figureFrame';
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

const PLOT = { left: 64, right: FIGURE_WIDTH - 20, height: 300 };

/** @param language of the labels: a BCP 47 tag. */
export function figureSvg(figure: Figure, colors: FigureColors, language: string): string {
  const { legend, xLabel } = figure;
  const legendRows = legend.length === 0 ? [] : rowsOf(legend);
  const top = FIGURE_TOP + legendRows.length * LINE_HEIGHT;
  const bottom = top + PLOT.height;
  const body = [
    ...legendRows.flatMap((row, i) => row.map((entry) => legendEntry(entry, FIGURE_TOP + 8 + i * LINE_HEIGHT, colors))),
    ...plotOf(figure, { top, bottom, colors, language }),
    svgText((PLOT.left + PLOT.right) / 2, bottom + 36, xLabel, `text-anchor="middle" fill="${xml(colors('soft'))}"`),
  ];
  return framed(figure, bottom + 46, body, colors);
}

interface Frame {
  readonly top: number;
  readonly bottom: number;
  readonly colors: FigureColors;
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
  colors: FigureColors,
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

function legendEntry({ name, style, x }: Placed, y: number, colors: FigureColors): string {
  return (
    `<line x1="${round(x)}" x2="${round(x + SWATCH)}" y1="${y - 4}" y2="${y - 4}" stroke="${xml(colors(style.color))}" ` +
    `stroke-width="${style.widthPx}"${dashes(style)}/>` +
    `<text x="${round(x + SWATCH + 8)}" y="${y}">${xml(name)}</text>`
  );
}
