// A short piece of a line, as a chart draws it.
import type { LineStyle } from './plot';

export function LineSwatch({ style }: { readonly style: LineStyle | undefined }) {
  if (style === undefined) return null;
  return (
    <svg aria-hidden="true" width="26" height="10" className="inline-block shrink-0 align-middle">
      <line
        x1="0"
        y1="5"
        x2="26"
        y2="5"
        stroke={`var(--color-${style.color})`}
        strokeWidth={style.widthPx}
        strokeDasharray={style.dash?.join(' ')}
      />
    </svg>
  );
}
