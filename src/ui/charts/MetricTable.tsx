// The curves as a table, newest step first: for reading exact numbers, and for those who cannot see curves.
import { memo, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepMetrics } from '../../protocol/protocol';
import { SCROLLABLE } from '../components/scrollable';
import { whenNear } from '../components/turns';
import { formatMetric } from '../format';
import { formatQuantity, quantityOf } from './quantity';

/** More rows than this would hold up the page. */
const MAX_ROWS = 200;
/** The further ones come when one has scrolled to them: a table is laid out anew with every step. */
const ROWS_AT_ONCE = 30;

interface MetricTableProps {
  readonly steps: readonly StepMetrics[];
  readonly names: readonly string[];
}

export function MetricTable({ steps, names }: MetricTableProps) {
  const { t } = useTranslation();
  const [numShown, setNumShown] = useState(ROWS_AT_ONCE);
  const endRef = useRef<HTMLTableRowElement>(null);
  const all = steps.slice(-MAX_ROWS).reverse();
  const hasMore = numShown < all.length;
  useEffect(() => {
    if (hasMore && endRef.current) return whenNear(endRef.current, () => setNumShown(numShown + ROWS_AT_ONCE));
  }, [hasMore, numShown]);
  return (
    <section
      {...SCROLLABLE}
      aria-label={t('chart.tableCaption')}
      className="relative max-h-96 overflow-auto border-y hairline"
    >
      <table className="w-full text-right text-fine">
        <caption className="sr-only">{t('chart.tableCaption')}</caption>
        <thead className="sticky top-0 bg-paper">
          <tr>
            <th scope="col" className="py-1.5 pr-4 font-semibold">
              {t('chart.step')}
            </th>
            {names.map((name) => (
              <th key={name} scope="col" className="py-1.5 pr-4 font-mono text-xs font-normal text-soft">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.slice(0, numShown).map((row) => (
            <Row key={row.step} row={row} names={names} />
          ))}
          {hasMore && <tr ref={endRef} className="h-6" />}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  readonly row: StepMetrics;
  readonly names: readonly string[];
}

const Row = memo(function Row({ row: { step, metrics }, names }: RowProps) {
  const { language } = useTranslation().i18n;
  // Sizes and counts have no end; all else is written as TRL logs it, under TRL's names.
  const show = (name: string, value: number) => {
    const quantity = quantityOf(name);
    const isLarge = quantity === 'bytes' || quantity === 'count';
    return isLarge ? formatQuantity(value, quantity, language) : formatMetric(value);
  };
  return (
    <tr className="border-t hairline">
      <th scope="row" className="pr-4 font-semibold">
        {step}
      </th>
      {names.map((name) => {
        const value = metrics[name];
        return (
          <td key={name} className="pr-4">
            {value === undefined ? <span className="text-soft">–</span> : show(name, value)}
          </td>
        );
      })}
    </tr>
  );
});
