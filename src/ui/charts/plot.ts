// One small uPlot chart of some lines over the same steps, with a cursor shared by all charts of the page.
import uPlot from 'uplot';
import { tickLabels } from './ticks';

const SYNC = uPlot.sync('run');
const FONT = '11px system-ui, sans-serif';

export interface LineStyle {
  /** Name of a theme colour. */
  readonly color: string;
  readonly widthPx: number;
  /** Lengths of dash and gap; none for a whole line. */
  readonly dash?: readonly number[];
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
  /** A share never leaves 0 to 1. */
  readonly isShare: boolean;
  readonly formatValue: (value: number) => string;
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

/** A theme colour as canvas can use it: resolved for the current scheme. */
function resolveColor(token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--color-${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

export function createPlot(element: HTMLElement, options: PlotOptions): Plot {
  const { width, height, lines, isShare, formatValue, onHover } = options;
  const accent = resolveColor('accent');
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
      cursor: { sync: { key: SYNC.key }, drag: { x: false, y: false }, y: false, points: { size: 6 } },
      scales: { x: { time: false }, y: { range: (_, min, max) => padded(min, max, isShare) } },
      axes: [
        { ...axis, size: 18, space: 60, grid: { show: false } },
        {
          ...axis,
          size: 40,
          space: 26,
          grid: { stroke: line, width: 1 },
          values: (_, ticks) => tickLabels(ticks, formatValue),
        },
      ],
      series: [
        {},
        ...lines.map(({ color, widthPx, dash }) => ({
          stroke: resolveColor(color),
          width: widthPx,
          spanGaps: true,
          points: { show: false },
          ...(dash && { dash: [...dash] }),
        })),
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
    [[], ...lines.map(() => [])],
    element,
  );
  return {
    update: (steps, drawn) => {
      drawn.forEach(({ hasPoints }, i) => {
        const points = plot.series[i + 1]?.points;
        if (points) points.show = () => hasPoints;
      });
      plot.setData([[...steps], ...drawn.map(({ values }) => [...values])]);
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
