// One small uPlot chart of some lines over the same steps, with a cursor shared by all charts of the page.
import uPlot from 'uplot';
import { formatNumber } from '../format';
import type { Quantity } from './quantity';
import { resolveColor } from './resolveColor';
import { axisTicks, tickLabels } from './ticks';

const SYNC = uPlot.sync('run');
const FONT = '11px system-ui, sans-serif';
const AXIS_GAP_PX = 4;
/** So that charts with short labels begin in one line. */
const LEAST_AXIS_PX = 34;
/** As many as have room above one another, but for two. */
const MOST_TICKS = 3;
/** 1, 2 or 5 times a power of ten. */
const WHOLE = [1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((power) => [power, 2 * power, 5 * power]);

export interface LineStyle {
  /** Name of a theme colour. */
  readonly color: string;
  readonly widthPx: number;
  /** Lengths of dash and gap; none for a whole line. */
  readonly dash?: readonly number[];
  /** From 0 to 1, which it is where nothing is said. */
  readonly opacity?: number;
}

export interface Line {
  /** One value a step; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Whether each value gets a point: for a line of few values. */
  readonly hasPoints: boolean;
}

export interface PlotOptions {
  readonly width: number;
  readonly height: number;
  /** As many as `update` will be given. */
  readonly lines: readonly LineStyle[];
  /** Of the lines' values. */
  readonly quantity: Quantity;
  /** Of the labels: a BCP 47 tag. */
  readonly language: string;
  /** The step under the pointer, undefined when it leaves. */
  readonly onHover: (step: number | undefined) => void;
}

export interface Plot {
  update(steps: readonly number[], lines: readonly Line[]): void;
  /** Marks a step with a line; undefined for none. */
  mark(step: number | undefined): void;
  resize(width: number): void;
  destroy(): void;
}

export function createPlot(element: HTMLElement, options: PlotOptions): Plot {
  const { width, height, lines, quantity, language, onHover } = options;
  const accent = resolveColor('accent');
  let marked: number | undefined;
  // Marks are chosen once for the data drawn; the scale goes from the first to the last of them.
  let ticks: readonly number[] = [];
  const plot = new uPlot(
    {
      width,
      height,
      padding: [6, 14, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: SYNC.key }, drag: { x: false, y: false }, y: false, points: { size: 6 } },
      scales: {
        x: { time: false, range: (_, first, last) => (first === last ? [first - 1, last + 1] : [first, last]) },
        y: { range: () => [ticks[0] ?? 0, ticks.at(-1) ?? 1] },
      },
      axes: axesOf(quantity, language, () => ticks),
      series: [{}, ...lines.map(seriesOf)],
      hooks: { draw: [(u) => marked !== undefined && drawMark(u, marked, accent)], setCursor: [hoverHook(onHover)] },
    },
    [[], ...lines.map(() => [])],
    element,
  );
  return {
    update: (steps, drawn) => {
      drawn.forEach(({ hasPoints }, i) => {
        const points = plot.series[i + 1]?.points;
        if (points) points.show = () => hasPoints;
      });
      const values = drawn.map((one) => [...one.values]);
      ticks = axisTicks(values.flat(), quantity, MOST_TICKS);
      // At once, not in a task that nobody counts.
      plot.batch(() => plot.setData([[...steps], ...values]));
    },
    mark: (step) => {
      marked = step;
      plot.redraw(false, false);
    },
    resize: (newWidth) => plot.setSize({ width: newWidth, height }),
    destroy: () => plot.destroy(),
  };
}

/** Steps below, values at the left with a hairline at each mark. */
function axesOf(quantity: Quantity, language: string, ticks: () => readonly number[]): uPlot.Axis[] {
  const axis = { stroke: resolveColor('soft'), font: FONT, ticks: { show: false, size: 0 }, gap: AXIS_GAP_PX };
  return [
    {
      ...axis,
      size: 18,
      space: 60,
      grid: { show: false },
      // There is nothing between two steps.
      incrs: WHOLE,
      values: (_, steps) => steps.map((step) => formatNumber(step, language)),
    },
    {
      ...axis,
      size: (u, labels) => Math.max(LEAST_AXIS_PX, widest(u.ctx, labels ?? []) + 2 * AXIS_GAP_PX),
      grid: { stroke: resolveColor('line'), width: 1 },
      splits: () => [...ticks()],
      values: (_, splits) => tickLabels(splits, quantity, language),
    },
  ];
}

const seriesOf = ({ color, widthPx, dash, opacity = 1 }: LineStyle): uPlot.Series => ({
  stroke: resolveColor(color),
  width: widthPx,
  alpha: opacity,
  spanGaps: true,
  points: { show: false },
  ...(dash && { dash: [...dash] }),
});

/** A line from top to bottom at a step. */
function drawMark(u: uPlot, step: number, color: string): void {
  const x = u.valToPos(step, 'x', true);
  u.ctx.save();
  u.ctx.strokeStyle = color;
  u.ctx.lineWidth = devicePixelRatio;
  u.ctx.beginPath();
  u.ctx.moveTo(x, u.bbox.top);
  u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
  u.ctx.stroke();
  u.ctx.restore();
}

/** Charts in sync all hear the pointer; only a change from inside to outside clears. */
function hoverHook(onHover: PlotOptions['onHover']): (u: uPlot) => void {
  let isPointed = false;
  return (u) => {
    const { idx } = u.cursor;
    const isInside = idx !== null && idx !== undefined && (u.cursor.left ?? -1) >= 0;
    if (isInside) onHover(u.data[0][idx]);
    else if (isPointed) onHover(undefined);
    isPointed = isInside;
  };
}

/** Width in CSS pixels. */
function widest(context: CanvasRenderingContext2D, labels: readonly string[]): number {
  context.save();
  context.font = FONT;
  const width = Math.max(0, ...labels.map((label) => context.measureText(label).width));
  context.restore();
  return Math.ceil(width);
}
