// One row of the settings: a label in plain words, TRL's name, a hint, and the control.
import type { ReactNode } from 'react';
import { Hint } from '../components/Hint';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  /** The name in TRL, shown small. */
  readonly name?: string | undefined;
  readonly help: string;
  /** The control is a menu, whose arrow must stay visible. */
  readonly isMenu?: boolean;
  readonly children: ReactNode;
}

export function Field({ id, label, name, help, isMenu = false, children }: FieldProps) {
  return (
    <div className="mt-3">
      <div className="flex items-center gap-1 text-fine text-soft">
        <label htmlFor={id}>{label}</label>
        <Hint about={label}>{help}</Hint>
      </div>
      <div className="relative">
        {children}
        {name && (
          <code
            className={`pointer-events-none absolute top-2 max-w-[calc(100%-4rem)] truncate font-mono text-[0.6875rem] text-soft ${isMenu ? 'right-5' : 'right-0'}`}
          >
            {name}
          </code>
        )}
      </div>
    </div>
  );
}

interface SelectProps {
  readonly id: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
}

export function Select({ id, value, choices, onChange }: SelectProps) {
  return (
    <select id={id} className="field bg-paper" value={value} onChange={(event) => onChange(event.target.value)}>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.text}
        </option>
      ))}
    </select>
  );
}
