// The curves as a table, newest step first: for reading exact numbers, and for those who cannot see curves.
import { useTranslation } from 'react-i18next';
import type { StepMetrics } from '../../worker/protocol';
import { formatMetric } from '../format';

/** More rows than this would hold up the page. */
const MAX_ROWS = 200;
const SCROLLABLE = { tabIndex: 0 };

interface MetricTableProps {
  readonly steps: readonly StepMetrics[];
  readonly names: readonly string[];
}

export function MetricTable({ steps, names }: MetricTableProps) {
  const { t } = useTranslation();
  const rows = steps.slice(-MAX_ROWS).reverse();
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
          {rows.map(({ step, metrics }) => (
            <tr key={step} className="border-t hairline">
              <th scope="row" className="pr-4 font-semibold">
                {step}
              </th>
              {names.map((name) => {
                const value = metrics[name];
                return (
                  <td key={name} className="pr-4">
                    {value === undefined ? <span className="text-soft">–</span> : formatMetric(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
