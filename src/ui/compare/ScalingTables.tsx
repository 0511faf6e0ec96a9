// The measurements of test-time scaling in numbers: for exact reading, and for those who cannot see the charts.
import { useTranslation } from 'react-i18next';
import type { ScalingMeasure } from '../../protocol/protocol';
import { SCROLLABLE } from '../components/scrollable';
import { useFormat } from '../format';
import { useControlName } from './ScalingCharts';
import { kindOf } from './scalingInput';

interface ScalingTablesProps {
  readonly names: readonly string[];
  readonly measures: readonly (readonly ScalingMeasure[])[];
}

export function ScalingTables({ names, measures }: ScalingTablesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const controlName = useControlName();
  const percent = (share: number | undefined) => (share === undefined ? '–' : format.percent(share, 1));
  const controls = measures.reduce((most, all) => (all.length > most.length ? all : most), []);
  const free = measures.map((all) => all.find((measure) => kindOf(measure) === 'free'));
  const sizes = free.find((measure) => measure !== undefined)?.votes.map(({ k }) => k) ?? [];
  return (
    <details className="mt-4">
      <summary className="min-h-6 text-fine text-soft">{t('scaling.table')}</summary>
      <Table
        caption={`${t('scaling.thinkingChart')}; ${t('scaling.interval')}`}
        head={[t('scaling.column.control'), ...names.flatMap((name) => [name, t('scaling.column.tokens')])]}
        rows={controls.map((control, row) => [
          controlName(control),
          ...names.flatMap((_, place) => {
            const measure = measures[place]?.[row];
            const { low, high } = measure?.accuracyInterval ?? {};
            return [
              measure ? `${percent(measure.accuracy)} (${percent(low)} – ${percent(high)})` : '–',
              measure ? format.number(measure.meanThinkingTokens, 1) : '–',
            ];
          }),
        ])}
      />
      <Table
        caption={t('scaling.votesChart')}
        head={[
          'k',
          ...names.flatMap((name) => [`${name}, ${t('scaling.vote.pass')}`, `${name}, ${t('scaling.vote.majority')}`]),
        ]}
        rows={sizes.map((k, row) => [
          format.number(k),
          ...names.flatMap((_, place) => {
            const point = free[place]?.votes[row];
            return [percent(point?.pass), percent(point?.majority)];
          }),
        ])}
      />
    </details>
  );
}

interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function Table({ caption, head, rows }: TableProps) {
  return (
    <section {...SCROLLABLE} aria-label={caption} className="mt-3 scroll-x">
      <table className="text-left text-fine">
        <caption className="text-left text-soft">{caption}</caption>
        <thead>
          <tr>
            {[...head.entries()].map(([column, text]) => (
              <th key={column} scope="col" className="py-1 pr-6 font-normal whitespace-nowrap text-soft">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows.entries()].map(([row, [name, ...values]]) => (
            <tr key={row} className="border-t hairline">
              <th scope="row" className="py-1 pr-6 font-normal whitespace-nowrap">
                {name}
              </th>
              {[...values.entries()].map(([column, value]) => (
                <td key={column} className="py-1 pr-6 whitespace-nowrap">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
