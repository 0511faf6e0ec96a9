// A button for what cannot be taken back: the first press asks, the second does it, and leaving it forgets the first.
import { useState } from 'react';

interface AskOnceProps {
  readonly label: string;
  /** What it asks. */
  readonly sure: string;
  /** Of what, for those who do not see where it stands. */
  readonly of?: string;
  /** Among words; else a button with a frame. */
  readonly isLink?: boolean;
  readonly className?: string;
  readonly disabled?: boolean;
  readonly onConfirm: () => void;
}

export function AskOnce({ label, sure, of, isLink = false, className = '', disabled, onConfirm }: AskOnceProps) {
  const [isAsking, setAsking] = useState(false);
  const text = isAsking ? sure : label;
  const look = isLink
    ? `min-h-6 underline-offset-4 ${isAsking ? 'text-bad underline' : 'text-soft hover:underline'} disabled:opacity-60`
    : `button ${isAsking ? 'text-bad' : ''}`;
  return (
    <button
      type="button"
      className={`${look} ${className}`}
      disabled={disabled}
      aria-label={of === undefined ? undefined : `${text} ${of}`}
      onBlur={() => setAsking(false)}
      onClick={() => (isAsking ? onConfirm() : setAsking(true))}
    >
      {text}
    </button>
  );
}
