// The engine was lost while the page was open: says so on every screen, and offers to bring it back with its run.
import { useTranslation } from 'react-i18next';
import { refreshPipelines } from '../../state/page/pipelines';
import { recover } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { ProblemNote } from '../components/ProblemNote';

export function LostEngine() {
  const { t } = useTranslation();
  const problem = useSession((session) => (session.status === 'ready' ? session.problem : undefined));
  if (problem === undefined) return null;
  return (
    <ProblemNote problem={problem}>
      <button type="button" className="button" onClick={() => void recover().then(refreshPipelines)}>
        {t('problem.reconnect')}
      </button>
    </ProblemNote>
  );
}
