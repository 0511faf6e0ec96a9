// The lines of a series: its values as they are, faint, and over them the smoothed ones, so that what a reading says is
// also drawn. Pure.
import type { Line, LineStyle } from './plot';
import { smooth } from './series';

/** Of the line of the values as they are. */
const FAINT = { widthPx: 1, opacity: 0.4 };

/**
 * The values as they are, and the smoothed ones. A metric measured now and then is drawn once, unsmoothed, with a point
 * at each value.
 */
export function linesOf(values: Line['values'], hasPoints: boolean, smoothing: number): readonly [Line, Line] {
  return hasPoints
    ? [
        { values: values.map(() => null), hasPoints: false },
        { values, hasPoints },
      ]
    : [
        { values, hasPoints },
        { values: smooth(values, smoothing), hasPoints },
      ];
}

/** How `linesOf` are drawn. */
export function stylesOf(style: LineStyle): readonly [LineStyle, LineStyle] {
  return [{ color: style.color, ...FAINT }, style];
}
