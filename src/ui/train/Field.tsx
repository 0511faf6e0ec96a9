// One row of the settings: a label in plain words, TRL's name, a hint, and the control.
import type { ReactNode } from 'react';
import { Hint } from '../components/Hint';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  /** The name in TRL, shown small. */
  readonly name?: string | undefined;
  readonly help: string;
  readonly children: ReactNode;
}

export function Field({ id, label, name, help, children }: FieldProps) {
  return (
    <div className="mt-3">
      <div className="flex items-center gap-1 text-fine text-soft">
        <label htmlFor={id}>{label}</label>
        <Hint about={label}>{help}</Hint>
        {name && <code className="ml-auto truncate font-mono text-[0.6875rem]">{name}</code>}
      </div>
      {children}
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
