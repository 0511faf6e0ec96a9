// Measured points as a figure for a file: each series has its own places on the axis. Pure.
import type { Figure } from './figure';
import type { PointSeries } from './PointChart';

/** @param shown what its words are. The bars of the points are not drawn; their readings are in the caption. */
export function pointFigure(
  series: readonly PointSeries[],
  shown: Pick<Figure, 'title' | 'caption' | 'xLabel'>,
): Figure {
  const points = series
    .flatMap(({ points }, place) => points.map(({ x, y }) => ({ x, y, place })))
    .sort((a, b) => a.x - b.x);
  const readings = series.map(({ label, points }) => `${label}: ${points.map((point) => point.label).join('; ')}.`);
  return {
    ...shown,
    caption: [...readings, shown.caption].join(' '),
    steps: points.map(({ x }) => x),
    lines: series.map((_, place) => ({
      values: points.map((point) => (point.place === place ? point.y : null)),
      hasPoints: true,
    })),
    styles: series.map(({ style }) => style),
    quantity: 'share',
    // What is drawn without a line has a dash of its own in the legend.
    legend: series.map(({ label, style }) => ({
      name: label,
      style: { ...style, widthPx: Math.max(1, style.widthPx) },
    })),
  };
}
