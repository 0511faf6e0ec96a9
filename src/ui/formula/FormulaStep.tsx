// One step of a derivation: a heading, a sentence, the formula with its numbers, and its symbols, each told in a sentence.
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { InlineTex, LiveFormula } from './LiveFormula';
import { type LiveTex, SYMBOLS, type SymbolName } from './symbols';

interface FormulaStepProps {
  readonly title: string;
  /** In what order the steps go; shown before the title. */
  readonly number: number;
  readonly formula?: LiveTex | undefined;
  readonly help: ReactNode;
  /** Between the sentence and the formula. */
  readonly children?: ReactNode;
  readonly note?: ReactNode;
}

export function FormulaStep({ title, number, formula, help, children, note }: FormulaStepProps) {
  return (
    <section className="min-w-0">
      <h4 className="font-semibold">
        <span aria-hidden className="mr-2 text-soft">
          {number}
        </span>
        {title}
      </h4>
      <p className="max-w-prose text-fine text-soft">{help}</p>
      {children}
      {formula && <FormulaPart formula={formula} title={title} note={note} />}
    </section>
  );
}

interface FormulaPartProps {
  readonly formula: LiveTex;
  /** For those who reach it by keyboard. */
  readonly title: string;
  /** What follows from it. */
  readonly note?: ReactNode;
}

export function FormulaPart({ formula: { tex, symbols }, title, note }: FormulaPartProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<SymbolName>();
  const shown = symbols.find(({ name }) => name === chosen);
  return (
    <div className="min-w-0">
      <LiveFormula tex={tex} label={title} chosen={shown?.name} onChoose={setChosen} />
      <ul aria-label={t('formula.symbols')} className="flex flex-wrap gap-1.5 text-fine">
        {symbols.map(({ name, value }) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={name === shown?.name}
              title={t(`formula.symbol.${name}`)}
              onClick={() => setChosen(name)}
              onFocus={() => setChosen(name)}
              onPointerEnter={() => setChosen(name)}
              className={`min-h-7 rounded-md border px-1.5 ${name === shown?.name ? 'border-accent' : 'hairline'}`}
            >
              <InlineTex tex={SYMBOLS[name]} />
              {value !== undefined && <span className="ml-1.5 text-soft">{value}</span>}
            </button>
          </li>
        ))}
      </ul>
      <p aria-live="polite" className="mt-1 min-h-5 max-w-prose text-fine text-think">
        {shown && t(`formula.symbol.${shown.name}`)}
      </p>
      {note && <p className="mt-1 max-w-prose text-fine text-think">{note}</p>}
    </div>
  );
}
