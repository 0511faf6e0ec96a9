// Numbers as people read them: with units, in the interface's language, minus signs that are minus signs.
import { useTranslation } from 'react-i18next';

const MINUS = '−';

const FORMATS = new Map<string, Intl.NumberFormat>();

/** As `new Intl.NumberFormat`, which takes longer to make than a number to write: each is made once. */
export function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = FORMATS.get(key) ?? new Intl.NumberFormat(language, options);
  FORMATS.set(key, known);
  return known;
}

/** A whole or short number: 2310 → "2,310"; `digits` after the point at most. */
export function formatNumber(value: number, language: string, digits = 0): string {
  return numberFormat(language, { maximumFractionDigits: digits }).format(value).replace('-', MINUS);
}

/** 0.391 → "39%". */
export function formatPercent(value: number, language: string, digits = 0): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(value).replace('-', MINUS);
}

/** 0.328, 0.412 → "33% – 41%". */
export function formatPercentRange(low: number, high: number, language: string): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).formatRange(low, high);
}

/** A number that says its sign: 0.87 → "+0.87", −1.2 → "−1.20", and zero without one. */
export function formatSigned(value: number): string {
  const text = Math.abs(value).toFixed(2);
  if (Number(text) === 0) return text;
  return `${value > 0 ? '+' : MINUS}${text}`;
}

/** A metric of any size in about three figures: 0.0000314 → "3.14e−5". What is no number is told as such. */
export function formatMetric(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(Number(value.toPrecision(3)));
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replace('e+', 'e').replaceAll('-', MINUS);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toFixed(digits).replace('-', MINUS);
}

/** 1545728 → "1.5 MB" (decimal units, as shops and download pages use). */
export function formatBytes(bytes: number, language: string): string {
  if (!Number.isFinite(bytes)) return formatMetric(bytes);
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  // Rounded first, so that 999,999 is 1 MB and not 1,000 kB.
  const rounded = Number(Math.abs(bytes).toPrecision(3));
  const power = rounded < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(rounded) / 3 + 1e-9));
  const value = bytes / 1000 ** power;
  return numberFormat(language, {
    style: 'unit',
    unit: units[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}

const durationParts = (language: string, value: number, unit: 'second' | 'minute' | 'hour', digits = 0) =>
  numberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);

/** 400 → "0.4 sec", 104000 → "1 min 44 sec", 7500000 → "2 hr 5 min". */
export function formatDuration(ms: number, language: string): string {
  if (!Number.isFinite(ms)) return formatMetric(ms);
  const seconds = ms / 1000;
  if (seconds < 9.95) return durationParts(language, seconds, 'second', 1);
  const whole = Math.round(seconds);
  if (whole < 60) return durationParts(language, whole, 'second');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) {
    return `${durationParts(language, minutes, 'minute')} ${durationParts(language, whole % 60, 'second')}`;
  }
  return `${durationParts(language, Math.floor(minutes / 60), 'hour')} ${durationParts(language, minutes % 60, 'minute')}`;
}

/** 0.4231 → "0.42 ms", 134.2 → "134 ms". */
export function formatMilliseconds(ms: number, language: string): string {
  const digits = ms >= 100 ? 0 : ms >= 10 ? 1 : ms >= 1 ? 2 : 3;
  return numberFormat(language, {
    style: 'unit',
    unit: 'millisecond',
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(ms);
}

/** Tokens per second, or undefined where nothing was measured. */
export function tokensPerSecond(numTokens: number, ms: number): number | undefined {
  return ms > 0 && numTokens > 0 ? (numTokens * 1000) / ms : undefined;
}

/** The formatters bound to the interface's language. */
/** An ISO date → "24 November 2026". */
export function formatDate(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso));
}

export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return {
    number: (value: number, digits?: number) => formatNumber(value, language, digits),
    percent: (value: number, digits?: number) => formatPercent(value, language, digits),
    percentRange: (low: number, high: number) => formatPercentRange(low, high, language),
    bytes: (bytes: number) => formatBytes(bytes, language),
    milliseconds: (ms: number) => formatMilliseconds(ms, language),
    duration: (ms: number) => formatDuration(ms, language),
    date: (iso: string) => formatDate(iso, language),
  };
}
