// Tokens in a row of which one is looked at: by press, focus or arrow keys. How each is tinted is the caller's.
import type { KeyboardEvent } from 'react';

const MAX_TINT_PERCENT = 60;

export interface ChooserToken {
  readonly text: string;
  /** What a screen reader says. */
  readonly label: string;
  /** −1 to 1: orange below zero, blue-green above, the stronger the further. */
  readonly tint: number;
  readonly isDashed?: boolean;
  readonly isSmall?: boolean;
}

interface TokenChooserProps {
  readonly label: string;
  readonly tokens: readonly ChooserToken[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

export function TokenChooser({ label, tokens, chosen, onChoose }: TokenChooserProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const last = tokens.length - 1;
    const target = { ArrowRight: chosen + 1, ArrowLeft: chosen - 1, Home: 0, End: last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.currentTarget.querySelectorAll('button')[Math.min(last, Math.max(0, target))]?.focus();
  };
  return (
    <div
      role="toolbar"
      aria-label={label}
      onKeyDown={onKeyDown}
      className="mt-2 flex flex-wrap gap-y-1 font-mono text-[0.9375rem]"
    >
      {[...tokens.entries()].map(([index, token]) => (
        <button
          key={index}
          type="button"
          tabIndex={index === chosen ? 0 : -1}
          aria-label={token.label}
          aria-pressed={index === chosen}
          onFocus={() => onChoose(index)}
          onClick={() => onChoose(index)}
          className={[
            'min-h-7 min-w-6 rounded-sm px-1 whitespace-pre',
            token.isSmall ? 'text-xs' : '',
            token.isDashed ? 'border border-dashed border-edge' : '',
            index === chosen ? 'outline-2 outline-accent' : '',
          ].join(' ')}
          style={{ background: tintOf(token.tint) }}
        >
          {token.text}
        </button>
      ))}
    </div>
  );
}

function tintOf(tint: number): string {
  const colour = tint < 0 ? 'bad' : 'good';
  const percent = Math.round(Math.min(1, Math.abs(tint)) * MAX_TINT_PERCENT);
  return `color-mix(in oklab, var(--color-${colour}) ${percent}%, transparent)`;
}
