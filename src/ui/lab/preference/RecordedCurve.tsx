// The recorded runs: raters of three skills, each with its turning point, beside the verifier, which has none.
import { useTranslation } from 'react-i18next';
import { RATER_NAMES } from '../../../rewards/raters';
import { peakOf } from '../../../state/klCurve';
import { SCROLLABLE } from '../../components/scrollable';
import { useFormat } from '../../format';
import { KlChart } from './KlChart';
import { curves, type RecordedPoint, seeds } from './recorded';

const NONE: readonly RecordedPoint[] = [];
const of = (name: string) => curves[name] ?? NONE;

export function RecordedCurve() {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="rlhf-recorded" className="mt-10 border-t hairline pt-4">
      <h2 id="rlhf-recorded" className="font-voice text-lg">
        {t('rlhf.recorded')}
      </h2>
      <p className="mt-1 max-w-prose text-fine text-soft">{t('rlhf.recordedHelp', { count: seeds.length })}</p>
      <div className="grid gap-x-12 gap-y-6 lg:grid-cols-3">
        {RATER_NAMES.map((rater) => (
          <KlChart
            key={rater}
            title={t(`rlhf.short.${rater}`)}
            learned={of(`learned-${rater}`)}
            verified={of('verified')}
          />
        ))}
      </div>
      <Table />
    </section>
  );
}

/** Each run's highest truth and its last, for whoever cannot point. */
function Table() {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = [...RATER_NAMES.map((rater) => [`learned-${rater}`, t(`rlhf.short.${rater}`)] as const)];
  const share = (mean: number | undefined, sd = 0) =>
    mean === undefined ? '–' : `${format.percent(mean)} ± ${format.number(100 * sd, 0)}`;
  return (
    <section {...SCROLLABLE} aria-label={t('rlhf.table')} className="scroll-x relative mt-4">
      <table className="w-full min-w-xl text-right text-fine [&_td]:py-1.5 [&_td]:pl-3">
        <thead>
          <tr>
            <th scope="col" className="text-left font-normal text-soft">
              {t('rlhf.column.reward')}
            </th>
            {(['peak', 'atKl', 'last', 'lastKl', 'preferred'] as const).map((column) => (
              <th key={column} scope="col" className="pl-3 font-normal text-soft">
                {t(`rlhf.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows, ['verified', t('rlhf.verifier')] as const].map(([name, label]) => {
            const points = of(name);
            const [peak, last] = [peakOf(points) as RecordedPoint | undefined, points.at(-1)];
            return (
              <tr key={name} className="border-t hairline">
                <th scope="row" className="text-left font-normal">
                  {label}
                </th>
                <td>{share(peak?.truth, peak?.truthSd)}</td>
                <td>{peak && format.number(peak.kl, 2)}</td>
                <td>{share(last?.truth, last?.truthSd)}</td>
                <td>{last && format.number(last.kl, 2)}</td>
                <td>{share(last?.preferred, last?.preferredSd)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
