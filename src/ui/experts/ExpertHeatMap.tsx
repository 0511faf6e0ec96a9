// Which experts do the work: a table of layer × expert, each cell the load as a multiple of an even share.
import { useTranslation } from 'react-i18next';
import { useSession } from '../../state/page/session';
import { SCROLLABLE } from '../components/scrollable';
import { useFormat } from '../format';
import { loadCells } from './load';

const MAX_TINT_PERCENT = 45;
const FULL_RATIO = 2;

export function ExpertHeatMap() {
  const { t } = useTranslation();
  const format = useFormat();
  const load = useSession((session) => session.expertLoad);
  const rows = loadCells(load);
  const dead = rows.flat().filter(({ count }) => count === 0);
  const names = dead.map(({ layer, expert }) => t('models.deadName', { layer, expert })).join(', ');
  return (
    <section aria-labelledby="experts-title" className="mt-10 border-t hairline pt-5">
      <h2 id="experts-title" className="caps">
        {t('models.experts')}
      </h2>
      <p className="mt-1 max-w-prose text-fine text-soft">
        {t(rows.length === 0 ? 'models.expertsNone' : 'models.expertsHelp')}
      </p>
      {rows.length > 0 && (
        <section {...SCROLLABLE} aria-labelledby="experts-title" className="relative mt-3 scroll-x">
          <table data-testid="heat-map" className="border-separate border-spacing-0.5 text-fine">
            <thead>
              <tr>
                <td />
                {rows[0]?.map(({ expert }) => (
                  <th key={expert} scope="col" className="font-normal text-soft">
                    <span className="sr-only">{t('model.expert', { expert })}</span>
                    <span aria-hidden>{expert}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row[0]?.layer}>
                  <th scope="row" className="pr-3 text-left font-normal whitespace-nowrap text-soft">
                    {t('model.layer', { layer: row[0]?.layer })}
                  </th>
                  {row.map(({ layer, expert, count, ratio }) => {
                    const tint = Math.min(1, ratio / FULL_RATIO) * MAX_TINT_PERCENT;
                    return (
                      <td
                        key={expert}
                        title={t('models.cell', {
                          layer,
                          expert,
                          ratio: ratio.toFixed(2),
                          count: format.number(count),
                        })}
                        className={`h-10 w-14 min-w-12 rounded-sm text-center ${count === 0 ? 'border border-dashed border-edge text-soft' : ''}`}
                        style={{ background: `color-mix(in oklab, var(--color-accent) ${tint}%, var(--color-paper))` }}
                      >
                        {ratio.toFixed(1)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {dead.length > 0 && <p className="mt-2 text-fine text-soft">{t('models.dead', { count: dead.length, names })}</p>}
    </section>
  );
}
