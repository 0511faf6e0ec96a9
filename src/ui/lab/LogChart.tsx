// Measured points and lines of a law on logarithmic axes, in SVG by shares of its box. Its values are read by pointing, and as a
// table by whoever cannot point.
import { axisTicks } from '../charts/ticks';
import { formatMetric } from '../format';

export interface LogPoint {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

export interface LogSeries {
  readonly label: string;
  /** Of the theme. */
  readonly color: string;
  /** Marked one by one. */
  readonly dots?: readonly LogPoint[];
  /** Joined by a line. */
  readonly line?: readonly { readonly x: number; readonly y: number }[];
  readonly dash?: string;
}

interface LogChartProps {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly LogSeries[];
  readonly isYLogarithmic?: boolean;
  /** Where the axis of y is to be marked, from end to end; by the values if left out. */
  readonly yTicks?: readonly number[];
}

const percent = (share: number) => `${(100 * share).toFixed(3)}%`;

export function LogChart({ title, xLabel, yLabel, series, isYLogarithmic = false, yTicks: given }: LogChartProps) {
  const points = series.flatMap(({ dots = [], line = [] }) => [...dots, ...line]);
  if (points.length === 0) return null;
  const xs = points.map(({ x }) => Math.log10(x));
  const ys = points.map(({ y }) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const yTicks = given ?? (isYLogarithmic ? powers(ys) : axisTicks(ys, 'amount', 5));
  const map = isYLogarithmic ? Math.log10 : (y: number) => y;
  const [low, high] = isYLogarithmic
    ? [Math.min(...ys.map(map)), Math.max(...ys.map(map))]
    : [yTicks[0] ?? 0, yTicks.at(-1) ?? 1];
  const at = ({ x, y }: { readonly x: number; readonly y: number }) => ({
    x: percent((Math.log10(x) - left) / (right - left || 1)),
    y: percent(1 - (map(y) - low) / (high - low || 1)),
  });
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1">{title}</figcaption>
      <p className="text-[0.6875rem] text-soft">{yLabel}</p>
      <div className="pt-2 pr-4 pb-11 pl-11 text-[0.6875rem]">
        <svg aria-hidden="true" className="block h-52 w-full overflow-visible fill-soft">
          {yTicks.map((y) => (
            <g key={y}>
              <line x1="0" x2="100%" y1={at({ x: 1, y }).y} y2={at({ x: 1, y }).y} stroke="var(--color-line)" />
              <text x="0" dx="-6" y={at({ x: 1, y }).y} dy="4" textAnchor="end">
                {shortNumber(y)}
              </text>
            </g>
          ))}
          {powers(points.map(({ x }) => x)).map((x) => (
            <text key={x} x={at({ x, y: 1 }).x} y="100%" dy="16" textAnchor="middle">
              {shortNumber(x)}
            </text>
          ))}
          <text x="50%" y="100%" dy="34" textAnchor="middle">
            {xLabel}
          </text>
          {series.map((one) => (
            <Marks key={one.label} series={one} at={at} />
          ))}
        </svg>
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-fine">
        {series.map(({ label, color, dash, line, dots }) => (
          <li key={label} className="flex items-center gap-2">
            <svg aria-hidden="true" width="26" height="12" stroke={`var(--color-${color})`}>
              {line && <line x1="0" x2="26" y1="6" y2="6" strokeWidth="2" strokeDasharray={dash} />}
              {dots && <circle cx="13" cy="6" r="3.5" fill={`var(--color-${color})`} />}
            </svg>
            {label}
          </li>
        ))}
      </ul>
    </figure>
  );
}

interface MarksProps {
  readonly series: LogSeries;
  readonly at: (point: { readonly x: number; readonly y: number }) => { readonly x: string; readonly y: string };
}

function Marks({ series: { label, color, dots = [], line = [], dash }, at }: MarksProps) {
  const stroke = `var(--color-${color})`;
  return (
    <g stroke={stroke}>
      {line.slice(1).map((to, i) => {
        const [start, end] = [at(line[i] ?? to), at(to)];
        return (
          <line
            key={`${to.x} ${to.y}`}
            x1={start.x}
            y1={start.y}
            x2={end.x}
            y2={end.y}
            strokeWidth="2"
            strokeDasharray={dash}
          />
        );
      })}
      {dots.map((dot) => {
        const { x, y } = at(dot);
        return (
          <circle key={`${dot.x} ${dot.y}`} cx={x} cy={y} r="4" fill={stroke}>
            <title>{`${label}: ${dot.label}`}</title>
          </circle>
        );
      })}
    </g>
  );
}

/** 1, 2 and 5 times powers of ten within the values, or fewer where that is many. */
function powers(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const decades = Math.log10(high / low);
  const factors = decades > 2.5 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 5];
  const first = Math.floor(Math.log10(low));
  const all = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) =>
    factors.map((f) => f * 10 ** (first + i)),
  ).flat();
  return all.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}

/** 131072 → "131k". */
function shortNumber(value: number): string {
  if (value >= 1e9) return formatMetric(value);
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  return value >= 1e3 ? `${Number((value / 1e3).toPrecision(3))}k` : `${Number(value.toPrecision(3))}`;
}
