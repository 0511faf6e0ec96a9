// Accuracy and length of thinking before and after, by how hard the problem is.
import { useTranslation } from 'react-i18next';
import { wilsonInterval } from '../../lib/wilson';
import { SCROLLABLE } from '../components/scrollable';
import { useFormat } from '../format';
import { useNames } from '../names';
import type { GradeRow, GradeSide } from './outcome';

const SIDES = ['before', 'after'] as const;

interface GradeTableProps {
  /** What the task grades by. */
  readonly gradedBy: string;
  readonly rows: readonly GradeRow[];
}

export function GradeTable({ gradedBy, rows }: GradeTableProps) {
  const { t } = useTranslation();
  const name = useNames().grade(gradedBy);
  const title = t('compare.byGrade');
  return (
    <section {...SCROLLABLE} aria-label={title} className="mt-4 scroll-x">
      <table className="w-full text-left text-fine">
        <caption className="caps pb-1 text-left">{title}</caption>
        <thead>
          <tr className="text-soft">
            <th scope="col" className="py-1 pr-2 sm:pr-4 font-normal">
              {name}
            </th>
            <th scope="col" className="py-1 pr-2 sm:pr-4 text-right font-normal">
              {t('compare.problems')}
            </th>
            {SIDES.map((side) => (
              <th key={side} scope="col" className="py-1 pl-3 font-normal md:w-2/5">
                {t(`compare.${side}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.grade} className="border-t hairline align-top">
              <th scope="row" className="py-1.5 pr-2 sm:pr-4 font-semibold">
                {row.grade}
              </th>
              <td className="py-1.5 pr-2 sm:pr-4 text-right text-soft">{row.count}</td>
              {SIDES.map((side) => (
                <td key={side} className="py-1.5 pl-3">
                  <Side side={row[side]} count={row.count} color={side === 'before' ? 'faint' : 'accent'} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface SideProps {
  readonly side: GradeSide;
  readonly count: number;
  readonly color: 'faint' | 'accent';
}

function Side({ side, count, color }: SideProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { low, high } = wilsonInterval(side.accuracy * count, count);
  return (
    <>
      <span className="flex items-center gap-2">
        <span className="shrink-0 md:w-10 md:text-right">{format.percent(side.accuracy)}</span>
        <span aria-hidden className="hidden h-2 min-w-0 flex-1 md:block">
          <span
            className="block h-2 rounded-xs"
            style={{ width: `${100 * side.accuracy}%`, background: `var(--color-${color})` }}
          />
        </span>
      </span>
      <span className="block text-xs text-soft md:pl-12">
        <span className="whitespace-nowrap">({format.percentRange(low, high)})</span>{' '}
        <span className="whitespace-nowrap">
          {t('compare.thinking', { tokens: format.number(side.thinkingTokens, 1) })}
        </span>
      </span>
    </>
  );
}
