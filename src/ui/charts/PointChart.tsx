// A few measured points of several series, joined by lines, with a bar where there is an interval. Drawn in SVG by shares of
// its box, so that it needs no size: uPlot draws what is long and alive, this what is short and whose series share no x.
import { useTranslation } from 'react-i18next';
import type { Interval } from '../../lib/wilson';
import type { LineStyle } from './plot';
import type { Quantity } from './quantity';
import { axisTicks, tickLabels } from './ticks';

export interface MeasuredPoint {
  readonly x: number;
  readonly y: number;
  /** What its bar covers. */
  readonly interval?: Interval | undefined;
  readonly label: string;
}

export interface PointSeries {
  readonly label: string;
  readonly style: LineStyle;
  readonly marker: Marker;
  /** In the order in which they are joined. */
  readonly points: readonly MeasuredPoint[];
}

export type Marker = 'disc' | 'square' | 'ring';

interface PointChartProps {
  readonly series: readonly PointSeries[];
  readonly xLabel: string;
  /** Doublings are as far apart as each other; then every x is above 0 and is a tick. */
  readonly isLogarithmic?: boolean;
  /** Of every y. */
  readonly quantity?: Quantity;
  /** What the axis of y shows in any case. */
  readonly shown?: readonly number[];
}

const percent = (share: number) => `${(100 * share).toFixed(3)}%`;

export function PointChart({ series, xLabel, isLogarithmic = false, quantity = 'share', shown = [] }: PointChartProps) {
  const { language } = useTranslation().i18n;
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return null;
  const xs = points.map(({ x }) => x);
  const yTicks = axisTicks(
    [...shown, ...points.flatMap(({ y, interval }) => [y, interval?.low ?? y, interval?.high ?? y])],
    quantity,
    4,
  );
  const xTicks = isLogarithmic ? [...new Set(xs)].sort((a, b) => a - b) : axisTicks([0, ...xs], 'count', 6);
  const [xLabels, yLabels] = [tickLabels(xTicks, 'count', language), tickLabels(yTicks, quantity, language)];
  const scale = isLogarithmic ? Math.log2 : (x: number) => x;
  const place = (ticks: readonly number[], map: (value: number) => number) => {
    const [low, high] = [map(ticks[0] ?? 0), map(ticks.at(-1) ?? 1)];
    return (value: number) => (map(value) - low) / (high - low || 1);
  };
  const left = place(xTicks, scale);
  const up = place(yTicks, (y) => y);
  const at = ({ x, y }: { readonly x: number; readonly y: number }) => ({ x: percent(left(x)), y: percent(1 - up(y)) });
  const [bottom = 0] = yTicks;
  return (
    <div className="pt-3 pr-3 pb-11 pl-10 text-[0.6875rem]">
      <svg aria-hidden="true" className="block h-48 w-full overflow-visible fill-soft">
        {yTicks.map((y, i) => (
          <g key={y}>
            <line x1="0" x2="100%" y1={at({ x: 0, y }).y} y2={at({ x: 0, y }).y} stroke="var(--color-line)" />
            <text x="0" dx="-6" y={at({ x: 0, y }).y} dy="4" textAnchor="end">
              {yLabels[i]}
            </text>
          </g>
        ))}
        {xTicks.map((x, i) => (
          <text key={x} x={at({ x, y: bottom }).x} y="100%" dy="16" textAnchor="middle">
            {xLabels[i]}
          </text>
        ))}
        <text x="50%" y="100%" dy="32" textAnchor="middle">
          {xLabel}
        </text>
        {series.map((one) => (
          <SeriesMarks key={one.label} series={one} at={at} />
        ))}
      </svg>
    </div>
  );
}

interface SeriesMarksProps {
  readonly series: PointSeries;
  readonly at: (point: { readonly x: number; readonly y: number }) => { readonly x: string; readonly y: string };
}

function SeriesMarks({ series: { label, style, marker, points }, at }: SeriesMarksProps) {
  const stroke = `var(--color-${style.color})`;
  return (
    <g stroke={stroke}>
      {[...points.entries()].map(([index, point]) => {
        const next = points[index + 1];
        const [from, to] = [at(point), at(next ?? point)];
        return (
          <line
            key={index}
            x1={from.x}
            y1={from.y}
            x2={to.x}
            y2={to.y}
            strokeWidth={style.widthPx}
            strokeDasharray={style.dash?.join(' ')}
          />
        );
      })}
      {[...points.entries()].map(([index, point]) => {
        const { x, y } = at(point);
        const { interval } = point;
        return (
          <g key={index}>
            <title>{`${label}: ${point.label}`}</title>
            {interval && (
              <line
                x1={x}
                x2={x}
                y1={at({ x: point.x, y: interval.low }).y}
                y2={at({ x: point.x, y: interval.high }).y}
                strokeOpacity="0.5"
              />
            )}
            <MarkerShape marker={marker} x={x} y={y} color={stroke} />
          </g>
        );
      })}
    </g>
  );
}

interface MarkerShapeProps {
  readonly marker: Marker;
  readonly x: string;
  readonly y: string;
  readonly color: string;
}

function MarkerShape({ marker, x, y, color }: MarkerShapeProps) {
  if (marker === 'square')
    return <rect x={x} y={y} width="7" height="7" transform="translate(-3.5 -3.5)" fill={color} />;
  const isRing = marker === 'ring';
  return (
    <circle
      cx={x}
      cy={y}
      r={isRing ? 6 : 4}
      fill={isRing ? 'var(--color-paper)' : color}
      strokeWidth={isRing ? 2.5 : 1}
    />
  );
}

/** How a series is drawn, and its name: for the list under the chart. */
export function PointSwatch({ series: { style, marker } }: { readonly series: PointSeries }) {
  const stroke = `var(--color-${style.color})`;
  return (
    <svg aria-hidden="true" width="30" height="14" className="shrink-0" stroke={stroke}>
      {style.widthPx > 0 && (
        <line x1="0" x2="30" y1="7" y2="7" strokeWidth={style.widthPx} strokeDasharray={style.dash?.join(' ')} />
      )}
      <MarkerShape marker={marker} x="15" y="7" color={stroke} />
    </svg>
  );
}
