// A short piece of a run's line, as its charts draw it.
import { RUN_STYLES } from './runStyles';

export function RunSwatch({ place }: { readonly place: number }) {
  const style = RUN_STYLES[place];
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
