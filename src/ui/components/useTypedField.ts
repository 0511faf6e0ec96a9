// What a field shows while it is typed in: taken over when it is finished and valid; while it is not, it stays, and nothing that
// would go on with the value before starts.
import { type ComponentProps, useEffect, useId, useRef, useState } from 'react';
import { markInvalid } from '../../state/invalidFields';

interface TypedFieldOptions<T> {
  readonly id?: string | undefined;
  /** The value as it is, written. */
  readonly text: string;
  /** What was typed, or undefined where the field cannot take it. */
  readonly read: (typed: string) => { readonly value: T } | undefined;
  readonly onChange: (value: T) => void;
  /** Of what explains the field. */
  readonly describedBy?: string | undefined;
}

interface TypedField {
  readonly input: ComponentProps<'input'>;
  /** Of what says why it cannot be taken; undefined while it can. */
  readonly errorId: string | undefined;
}

export function useTypedField<T>({ id, text, read, onChange, describedBy }: TypedFieldOptions<T>): TypedField {
  const ownId = useId();
  const ref = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<string>();
  const typed = draft === undefined ? undefined : read(draft);
  const isInvalid = draft !== undefined && typed === undefined;
  useEffect(() => (isInvalid ? markInvalid(ownId, () => bringTo(ref.current)) : undefined), [isInvalid, ownId]);
  const commit = () => {
    if (draft === undefined || typed === undefined) return;
    setDraft(undefined);
    if (draft !== text) onChange(typed.value);
  };
  const errorId = isInvalid ? `${ownId}-error` : undefined;
  const input: ComponentProps<'input'> = {
    ref,
    id,
    type: 'text',
    autoComplete: 'off',
    className: 'field',
    value: draft ?? text,
    'aria-invalid': isInvalid,
    'aria-describedby': [errorId, describedBy].filter(Boolean).join(' ') || undefined,
    onChange: (event) => setDraft(event.target.value),
    onBlur: commit,
    onKeyDown: (event) => {
      if (event.key === 'Enter') commit();
      if (event.key === 'Escape') setDraft(undefined);
    },
  };
  return { input, errorId };
}

/** Focuses a field and selects its text, unfolding what hides it. */
function bringTo(field: HTMLInputElement | null): void {
  for (let fold = field?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
  field?.focus();
  field?.select();
}
