// A small form, on this device: the model is shown the smallest sums, then asks and answers its own.
import { useTranslation } from 'react-i18next';
import { growCurriculum, stopCurriculum, useCurriculum } from '../../../state/page/curriculum';
import { useSession } from '../../../state/page/session';
import { ProblemNote } from '../../components/ProblemNote';
import { AskedProblems } from './AskedProblems';
import { FrontierChart } from './FrontierChart';

export function LiveCurriculum() {
  const { t } = useTranslation();
  const { status, points, problem } = useCurriculum();
  const isReady = useSession((session) => session.status === 'ready');
  const isRunning = status === 'running';
  return (
    <section className="min-w-0">
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

/** What came of it, in words. */
function Outcome() {
  const { t } = useTranslation();
  const { status, points } = useCurriculum();
  const [first, last] = [points[0]?.frontier.frontier, points.at(-1)?.frontier.frontier];
  if (status !== 'ended' || first === undefined || last === undefined) return null;
  return <p className="mt-3">{t(last > first ? 'curriculum.grown' : 'curriculum.notGrown', { first, last })}</p>;
}
