// What an axis shows of its values: how far it goes, where it is marked, and what the marks say. Pure.
import type { Interval } from '../../lib/wilson';
import { numberFormat } from '../format';
import type { Quantity } from './quantity';

/** f32 holds nothing beyond these. */
const LARGEST = 1e60;
const SMALLEST = 1e-60;
/** An axis is at least this part of its largest value wide: a change of less is drawn as the small one that it is. */
const LEAST_PART = 0.1;
/** And an axis of shares this wide. */
const LEAST_SHARE = 0.1;

/** A range around values that is wide enough to be looked at; the values lie in its middle, or at a bound that none can pass. */
export function axisRange({ low, high }: Interval, quantity: Quantity): Interval {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const least =
    Math.max(quantity === 'share' ? LEAST_SHARE : 0, largest * LEAST_PART) || (quantity === 'number' ? 2 : 1);
  const missing = Math.max(0, least - (high - low)) / 2;
  const bounds =
    quantity === 'share' ? { low: 0, high: 1 } : { low: quantity === 'number' ? -Infinity : 0, high: Infinity };
  // Values that should not be there are shown all the same.
  const floor = Math.min(low, bounds.low);
  const ceiling = Math.max(high, bounds.high);
  const up = Math.max(0, floor - (low - missing));
  const down = Math.max(0, high + missing - ceiling);
  return { low: Math.max(floor, low - missing - down), high: Math.min(ceiling, high + missing + up) };
}

/**
 * Round numbers that enclose a range: whole multiples of 1, 2 or 5 times a power of ten, at most `most` + 2 of them.
 * @param range with `high` above `low`.
 */
export function roundTicks({ low, high }: Interval, most: number): number[] {
  const power = 10 ** Math.floor(Math.log10((high - low) / most));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => (high - low) / size <= most) ?? 10 * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The marks of an axis of some values; none if there is no finite one. The first and the last mark are the axis's ends. */
export function axisTicks(values: readonly (number | null)[], quantity: Quantity, most: number): number[] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    const bounded = Math.abs(value) < SMALLEST ? 0 : Math.max(-LARGEST, Math.min(LARGEST, value));
    low = Math.min(low, bounded);
    high = Math.max(high, bounded);
  }
  return low > high ? [] : roundTicks(axisRange({ low, high }, quantity), most);
}

/** From here on, and below its inverse, a power of ten is written instead of zeros. */
const MOST_PLAIN = 1e5;
const LEAST_PLAIN = 1e-3;

interface Unit {
  /** How much of the quantity one of the unit is. */
  readonly size: number;
  readonly options: Intl.NumberFormatOptions;
  /** Behind a number with a power of ten, which Intl writes without units. */
  readonly symbol: string;
}

const unit = (symbol: string, name: string, size = 1): Unit => ({
  size,
  options: { style: 'unit', unit: name, unitDisplay: 'narrow' },
  symbol,
});
const MILLISECONDS = unit('ms', 'millisecond');
const BYTES = [
  unit('B', 'byte'),
  unit('kB', 'kilobyte', 1e3),
  unit('MB', 'megabyte', 1e6),
  unit('GB', 'gigabyte', 1e9),
  unit('TB', 'terabyte', 1e12),
] as const;

/** The unit in which an axis up to `largest` is written. */
function unitOf(quantity: Quantity, largest: number): Unit {
  switch (quantity) {
    case 'share':
      return unit('%', 'percent', 0.01);
    case 'bytes':
      return BYTES.findLast(({ size }) => size <= largest) ?? BYTES[0];
    case 'seconds':
      return largest < 1 ? { ...MILLISECONDS, size: 1e-3 } : unit('s', 'second');
    case 'milliseconds':
      return MILLISECONDS;
    case 'count':
      return { size: 1, options: { notation: largest < MOST_PLAIN ? 'standard' : 'compact' }, symbol: '' };
    case 'amount':
    case 'number':
      return { size: 1, options: { useGrouping: false }, symbol: '' };
  }
}

/** What the marks say: each its own value, all in one unit and with as many digits as tell them apart. */
export function tickLabels(ticks: readonly number[], quantity: Quantity, language: string): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const { size, options, symbol } = unitOf(quantity, largest);
  const isCompact = options.notation === 'compact';
  const isPlain = largest >= LEAST_PLAIN * size && largest < (isCompact ? 1e15 : MOST_PLAIN * size);
  if (!isPlain) return ticks.map((tick) => writePower(tick / size, symbol));
  const digits = isCompact ? 3 : digitsOf(Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0)) / size);
  const format = numberFormat(language, {
    ...options,
    minimumFractionDigits: isCompact ? 0 : digits,
    maximumFractionDigits: digits,
  });
  // `|| 0`: never "−0".
  return ticks.map((tick) => format.format(tick / size || 0).replace('-', '−'));
}

/** As many digits after the point as multiples of a step of 1, 2 or 5 times a power of ten need. */
function digitsOf(step: number): number {
  return step > 0 ? Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) : 0;
}

/** 0.00002 → "2e−5", with no more digits than it has. */
function writePower(value: number, symbol: string): string {
  if (value === 0) return '0';
  return Number(value.toPrecision(6)).toExponential().replace('e+', 'e').replaceAll('-', '−') + symbol;
}
