// A small form, on this device: the model is shown the smallest sums, then asks and answers its own.
import { useTranslation } from 'react-i18next';
import { growCurriculum, stopCurriculum, useCurriculum } from '../../../state/page/curriculum';
import { useSession } from '../../../state/page/session';
import { ProblemNote } from '../../components/ProblemNote';
import { SCROLLABLE } from '../../components/scrollable';
import { useFormat } from '../../format';
import { AskedProblems } from './AskedProblems';
import { FrontierChart } from './FrontierChart';

export function LiveCurriculum() {
  const { t } = useTranslation();
  const { status, points, problem } = useCurriculum();
  const isReady = useSession((session) => session.status === 'ready');
  const isRunning = status === 'running';
  return (
    <section className="min-w-0 max-w-2xl">
      <h2 className="caps mb-2">{t('curriculum.live')}</h2>
      <p className="text-soft">{t('curriculum.liveAbout')}</p>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="button button-primary"
          disabled={isRunning || !isReady}
          onClick={() => void growCurriculum()}
        >
          {t('curriculum.start')}
        </button>
        {isRunning && (
          <button type="button" className="button" onClick={() => void stopCurriculum()}>
            {t('curriculum.stop')}
          </button>
        )}
        <Progress />
      </div>
      {problem && <ProblemNote problem={problem} />}
      {points.length > 0 && (
        <div className="mt-4" data-testid="live-frontier">
          <FrontierChart
            title={t('curriculum.liveFigure')}
            curves={[
              {
                label: t('curriculum.here'),
                points: points.map(({ step, frontier }) => ({ step, frontier: frontier.frontier })),
              },
            ]}
          />
        </div>
      )}
      <Outcome />
      <BySize />
      <AskedProblems />
    </section>
  );
}

/** How far it is. */
function Progress() {
  const { t } = useTranslation();
  const { status, phase, step, total } = useCurriculum();
  const now = total === 0 ? t('curriculum.begun') : t(`curriculum.phase.${phase}`, { step, total });
  return (
    <span role="status" className="text-fine text-soft">
      {status === 'running' && now}
      {status === 'stopped' && t('curriculum.stopped')}
    </span>
  );
}

/** How much of each size is right: when its own problems began, and by the last measurement. */
function BySize() {
  const { t } = useTranslation();
  const format = useFormat();
  const points = useCurriculum((state) => state.points);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  return (
    <section className="scroll-x mt-4" {...SCROLLABLE} aria-label={t('curriculum.bySize')}>
      <table className="text-right text-fine" data-testid="by-size">
        <thead className="text-soft">
          <tr>
            <th scope="col" className="pr-3 text-left font-normal">
              {t('curriculum.size')}
            </th>
            {last.frontier.bySize.map(({ size }) => (
              <th key={size} scope="col" className="pl-3 font-normal">
                {size}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...new Set([first, last])].map(({ step, frontier }) => (
            <tr key={step} className="border-t border-dotted border-line">
              <th scope="row" className="py-1 pr-3 text-left font-normal whitespace-nowrap">
                {t('curriculum.atStep', { step })}
              </th>
              {frontier.bySize.map(({ size, accuracy }) => (
                <td key={size} className="pl-3">
                  {format.percent(accuracy)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What came of it, in words. */
function Outcome() {
  const { t } = useTranslation();
  const { status, points } = useCurriculum();
  const [first, last] = [points[0]?.frontier.frontier, points.at(-1)?.frontier.frontier];
  if (status !== 'ended' || first === undefined || last === undefined) return null;
  return <p className="mt-3">{t(last > first ? 'curriculum.grown' : 'curriculum.notGrown', { first, last })}</p>;
}
