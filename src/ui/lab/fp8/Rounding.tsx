// A number as E4M3 keeps it: its eight bits, the value that they stand for, and the error; and all values on a line.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { narrow, widen } from '../../../lib/tensors/convert';
import { useFormat } from '../../format';

const LARGEST = 448;
const SIGN_BITS = 1;
const EXPONENT_BITS = 4;
/** The positive values from 1/16 on, where the line is not too dense to be seen. */
const VALUES = [
  ...widen(
    'F8_E4M3',
    Uint8Array.from({ length: 0x7f }, (_, code) => code),
  ),
].filter((value) => value >= 1 / 16);

/** The code of the nearest value, of two the even one; beyond the largest, the largest. */
function codeOf(value: number): number {
  const clipped = Math.max(-LARGEST, Math.min(LARGEST, value));
  return narrow('F8_E4M3', Float32Array.of(clipped))[0] ?? 0;
}

export function Rounding() {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const [typed, setTyped] = useState('3.3');
  const value = typed.trim() === '' ? Number.NaN : Number(typed.normalize('NFKC').replace('−', '-'));
  const isNumber = Number.isFinite(value);
  const code = isNumber ? codeOf(value) : 0;
  const kept = widen('F8_E4M3', Uint8Array.of(code))[0] ?? 0;
  const bits = code.toString(2).padStart(8, '0');
  const parts = [
    ['sign', bits.slice(0, SIGN_BITS)],
    ['exponent', bits.slice(SIGN_BITS, SIGN_BITS + EXPONENT_BITS)],
    ['fraction', bits.slice(SIGN_BITS + EXPONENT_BITS)],
  ] as const;
  return (
    <section className="min-w-0">
      <h2 className="caps mb-2">{t('fp8.number')}</h2>
      <p className="text-soft">{t('fp8.numberAbout')}</p>
      <p className="mt-3 flex flex-wrap items-center gap-3">
        <label htmlFor={id}>{t('fp8.type')}</label>
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          maxLength={12}
          className="field w-28 text-lg"
          aria-invalid={!isNumber}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </p>
      {isNumber ? (
        <>
          <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-2">
            {parts.map(([name, text]) => (
              <div key={name}>
                <dt className="text-fine text-soft">{t(`fp8.part.${name}`)}</dt>
                <dd className="font-mono text-lg tracking-widest">{text}</dd>
              </div>
            ))}
          </dl>
          <p role="status" className="mt-2">
            {t(Math.abs(value) > LARGEST ? 'fp8.clipped' : 'fp8.kept', {
              kept: format.number(kept, 6),
              error: value === 0 ? format.percent(0, 1) : format.percent(Math.abs(kept / value - 1), 1),
            })}
          </p>
          <Line value={Math.min(LARGEST, Math.abs(value))} kept={Math.abs(kept)} />
        </>
      ) : (
        <p className="mt-3 text-bad">{t('fp8.noNumber')}</p>
      )}
    </section>
  );
}

/** The values that there are, on a logarithmic line: as dense at 100 as at 1. */
function Line({ value, kept }: { readonly value: number; readonly kept: number }) {
  const { t } = useTranslation();
  const [low, high] = [VALUES[0] ?? 1, LARGEST];
  const at = (number: number) => `${(100 * Math.log(Math.max(low, number) / low)) / Math.log(high / low)}%`;
  return (
    <figure className="mt-4">
      <svg aria-hidden="true" className="block h-12 w-full overflow-visible">
        {VALUES.map((one) => (
          <line key={one} x1={at(one)} x2={at(one)} y1="14" y2="34" stroke="var(--color-edge)" />
        ))}
        <line x1={at(kept)} x2={at(kept)} y1="8" y2="40" stroke="var(--color-accent)" strokeWidth="3" />
        <circle cx={at(value)} cy="24" r="4" fill="var(--color-think)" />
      </svg>
      <figcaption className="text-fine text-soft">{t('fp8.line')}</figcaption>
    </figure>
  );
}
