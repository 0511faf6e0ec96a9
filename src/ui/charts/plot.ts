// One small uPlot chart: the raw series faint, its smoothed line over it, a cursor shared by all charts of the page.
import uPlot from 'uplot';
import { isSparse, type Series, smooth } from './series';

const SYNC = uPlot.sync('run');
const FONT = '11px system-ui, sans-serif';

export interface PlotOptions {
  readonly width: number;
  readonly height: number;
  /** A share never leaves 0 to 1. */
  readonly isShare: boolean;
  readonly formatValue: (value: number) => string;
  /** The step under the pointer, undefined when it leaves. */
  readonly onHover: (step: number | undefined) => void;
}

export interface Plot {
  update(series: Series, smoothing: number): void;
  /** Marks a step with a line; undefined for none. */
  mark(step: number | undefined): void;
  resize(width: number): void;
  destroy(): void;
}

/** A theme colour as canvas can use it: resolved for the current scheme. */
function resolveColor(token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--color-${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

export function createPlot(element: HTMLElement, { width, height, isShare, formatValue, onHover }: PlotOptions): Plot {
  const accent = resolveColor('accent');
  const faint = resolveColor('faint');
  const soft = resolveColor('soft');
  const line = resolveColor('line');
  let marked: number | undefined;
  let isPointed = false;

  const drawMark = (u: uPlot) => {
    if (marked === undefined) return;
    const x = u.valToPos(marked, 'x', true);
    u.ctx.save();
    u.ctx.strokeStyle = accent;
    u.ctx.lineWidth = devicePixelRatio;
    u.ctx.beginPath();
    u.ctx.moveTo(x, u.bbox.top);
    u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
    u.ctx.restore();
  };
  const axis = { stroke: soft, font: FONT, ticks: { show: false }, gap: 3 };
  const plot = new uPlot(
    {
      width,
      height,
      padding: [6, 14, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: SYNC.key }, drag: { x: false, y: false }, y: false, points: { size: 6, fill: accent } },
      scales: { x: { time: false }, y: { range: (_, min, max) => padded(min, max, isShare) } },
      axes: [
        { ...axis, size: 18, space: 60, grid: { show: false } },
        {
          ...axis,
          size: 40,
          space: 26,
          grid: { stroke: line, width: 1 },
          values: (_, ticks) => ticks.map(formatValue),
        },
      ],
      series: [
        {},
        { stroke: faint, width: 1, spanGaps: true, points: { show: false } },
        { stroke: accent, width: 2, spanGaps: true, points: { show: false } },
      ],
      hooks: {
        draw: [drawMark],
        setCursor: [
          (u) => {
            const { idx } = u.cursor;
            const isInside = idx !== null && idx !== undefined && (u.cursor.left ?? -1) >= 0;
            // Charts in sync all hear the pointer; only a change from inside to outside clears.
            if (isInside) onHover(u.data[0][idx]);
            else if (isPointed) onHover(undefined);
            isPointed = isInside;
          },
        ],
      },
    },
    [[], [], []],
    element,
  );
  return {
    update: (series, smoothing) => {
      const raw = [...series.values];
      const isBare = isSparse(series);
      const drawn = isBare ? raw : smooth(raw, smoothing);
      const points = plot.series[2]?.points;
      if (points) points.show = () => isBare;
      plot.setData([[...series.steps], isBare ? raw.map(() => null) : raw, drawn]);
    },
    mark: (step) => {
      marked = step;
      plot.redraw(false, false);
    },
    resize: (newWidth) => plot.setSize({ width: newWidth, height }),
    destroy: () => plot.destroy(),
  };
}

/** A little air above and below; a flat line sits in the middle. */
function padded(min: number | null, max: number | null, isShare: boolean): [number, number] {
  if (min === null || max === null) return [0, 1];
  const span = max - min || Math.abs(max) || 1;
  const [low, high] = [min - span * 0.08, max + span * 0.08];
  return isShare ? [Math.max(0, low), Math.min(1, high)] : [low, high];
}
