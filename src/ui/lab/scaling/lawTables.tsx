// The law in numbers, and every run.
import { useTranslation } from 'react-i18next';
import type { Fitted, FittedRepeats } from '../../../lib/scaling/fit';
import { CHINCHILLA, MUENNIGHOFF_REPEATS, sizeExponent } from '../../../lib/scaling/law';
import { SCROLLABLE } from '../../components/scrollable';
import { formatMetric, useFormat } from '../../format';
import { results } from './recorded';

interface LawTableProps {
  readonly fit: Omit<Fitted, 'resampled'>;
  readonly repeats?: FittedRepeats;
}

const range = ({ low, high }: { readonly low: number; readonly high: number }) =>
  `${formatMetric(low)} – ${formatMetric(high)}`;

export function LawTable({ fit: { law, bounds, residual }, repeats }: LawTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = [
    ...(['E', 'A', 'alpha', 'B', 'beta'] as const).map((name) => ({
      name: t(`laws.symbol.${name}`),
      here: law[name],
      bounds: bounds[name],
      there: CHINCHILLA[name],
    })),
    {
      name: t('laws.symbol.a'),
      here: sizeExponent(law),
      bounds: bounds.sizeExponent,
      there: sizeExponent(CHINCHILLA),
    },
    ...(repeats
      ? [{ name: t('laws.symbol.repeats'), here: repeats.halving, bounds: repeats.bounds, there: MUENNIGHOFF_REPEATS }]
      : []),
  ];
  return (
    <>
      <p className="mb-2">{t('laws.form')}</p>
      <section className="scroll-x" {...SCROLLABLE} aria-label={t('laws.law')}>
        <table className="w-full text-left">
          <thead className="text-fine text-soft">
            <tr>
              <th scope="col" className="pr-3 font-normal">
                {t('laws.number')}
              </th>
              <th scope="col" className="pr-3 text-right font-normal">
                {t('laws.measured')}
              </th>
              <th scope="col" className="pr-3 text-right font-normal">
                {t('laws.bounds')}
              </th>
              <th scope="col" className="text-right font-normal">
                {t('laws.literature')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, here, bounds: within, there }) => (
              <tr key={name} className="border-t border-dotted border-line">
                <th scope="row" className="py-1 pr-3 font-normal">
                  {name}
                </th>
                <td className="pr-3 text-right">{formatMetric(here)}</td>
                <td className="pr-3 text-right whitespace-nowrap">{range(within)}</td>
                <td className="text-right">{formatMetric(there)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="mt-2 text-fine text-soft">{t('laws.misses', { share: format.percent(residual, 1) })}</p>
    </>
  );
}

export function RunsTable() {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="mt-2 scroll-x" {...SCROLLABLE} aria-label={t('laws.allRuns')}>
      <table className="w-full max-w-2xl text-right">
        <thead className="text-fine text-soft">
          <tr>
            {(['parameters', 'tokens', 'unique', 'loss'] as const).map((name) => (
              <th key={name} scope="col" className="pl-3 font-normal">
                {t(`laws.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {results.map(({ id, parameters, tokens, uniqueTokens, loss }) => (
            <tr key={id} className="border-t border-dotted border-line">
              <td className="pl-3">{format.number(parameters)}</td>
              <td className="pl-3">{format.number(tokens)}</td>
              <td className="pl-3">{format.number(uniqueTokens)}</td>
              <td className="pl-3">{format.number(loss, 4)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
