// A number typed as text (`1e-4` included), taken over when it is finished and valid, marked when it is not.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface NumberInputProps {
  readonly id?: string | undefined;
  readonly value: number | null;
  /** True for values the setting can take. */
  readonly accepts: (value: number | null) => boolean;
  readonly onChange: (value: number | null) => void;
  readonly describedBy?: string | undefined;
}

/** Number as typed: empty is null, anything that is no number is NaN. */
export function parseTyped(text: string): number | null {
  const trimmed = text.trim().replace('−', '-').replace(',', '.');
  return trimmed === '' ? null : Number(trimmed);
}

/** Short for an input: 0.00001 → "1e-5". */
export function writeNumber(value: number | null): string {
  if (value === null) return '';
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential() : String(value);
}

export function NumberInput({ id, value, accepts, onChange, describedBy }: NumberInputProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string>();
  const errorId = useId();
  const typed = draft === undefined ? value : parseTyped(draft);
  const isInvalid = draft !== undefined && !accepts(typed);
  const commit = () => {
    if (draft === undefined || isInvalid) return;
    setDraft(undefined);
    if (typed !== value) onChange(typed);
  };
  return (
    <>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        className="field"
        value={draft ?? writeNumber(value)}
        placeholder={t('train.unset')}
        aria-invalid={isInvalid}
        aria-describedby={isInvalid ? errorId : describedBy}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(undefined);
        }}
      />
      {isInvalid && (
        <p id={errorId} className="text-fine text-bad">
          {t('train.invalid')}
        </p>
      )}
    </>
  );
}
