// The sum that a chapter asks, which the reader may change.
import { useId } from 'react';

interface SumFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isDisabled: boolean;
}

export function SumField({ label, value, onChange, isDisabled }: SumFieldProps) {
  const id = useId();
  return (
    <p className="mb-3 flex flex-wrap items-center gap-x-3">
      <label htmlFor={id} className="text-fine text-soft">
        {label}
      </label>
      <input
        id={id}
        autoComplete="off"
        spellCheck={false}
        disabled={isDisabled}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-h-10 w-64 max-w-full rounded-lg border border-edge bg-raised px-3 font-voice text-lg"
      />
    </p>
  );
}
