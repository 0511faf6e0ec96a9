// A number typed as text (`1e-4` included), taken over when it is finished and in range; else the range is said under the field.
import { useTranslation } from 'react-i18next';
import { FieldError } from './FieldError';
import { type NumberRange, takes, writeRange } from './numberRange';
import { useTypedField } from './useTypedField';

interface NumberInputProps {
  readonly id?: string | undefined;
  readonly value: number | null;
  /** The values that the setting can take. */
  readonly range: NumberRange;
  readonly onChange: (value: number | null) => void;
  readonly describedBy?: string | undefined;
  /** What an empty field stands for. */
  readonly placeholder?: string | undefined;
}

/** `1,000` may be a thousand or one: it is neither. */
const AMBIGUOUS = /[1-9]\d*,\d{3}$/;

/** Number as typed: empty is null, anything that is no number is NaN. */
export function parseTyped(text: string): number | null {
  const trimmed = text.normalize('NFKC').trim().replace('−', '-');
  if (trimmed === '') return null;
  return AMBIGUOUS.test(trimmed) ? Number.NaN : Number(trimmed.replace(',', '.'));
}

/** Short for an input: 0.00001 → "1e-5". */
export function writeNumber(value: number | null): string {
  if (value === null) return '';
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential() : String(value);
}

export function NumberInput({ id, value, range, onChange, describedBy, placeholder }: NumberInputProps) {
  const { t } = useTranslation();
  const { input, errorId } = useTypedField({
    id,
    text: writeNumber(value),
    read: (typed) => {
      const number = parseTyped(typed);
      return takes(range, number) ? { value: number } : undefined;
    },
    onChange,
    describedBy,
  });
  return (
    <>
      <input {...input} inputMode="decimal" placeholder={placeholder ?? t('range.unset')} />
      <FieldError id={errorId}>{writeRange(range, t)}</FieldError>
    </>
  );
}
