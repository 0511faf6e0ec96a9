// In one sentence what the model knows; and of a question beyond that, before it is asked, that it is, with the nearest example.
import { useTranslation } from 'react-i18next';
import { useSession } from '../../state/page/session';
import { shippedAsItCame } from '../../state/shipped';
import { isEmbedded } from '../app/embedding';
import { toPlainMaths } from '../components/typeset';
import { useFindText } from '../findText';
import type { Said } from './useKnowledge';

interface KnowledgeLineProps {
  readonly id: string;
  /** undefined while no model is there. */
  readonly said: Said | undefined;
  readonly onChoose: (example: string) => void;
}

export function KnowledgeLine({ id, said, onChoose }: KnowledgeLineProps) {
  const { t } = useTranslation();
  const find = useFindText();
  const shipped = useSession(({ model, catalogue }) => shippedAsItCame(model, catalogue?.models ?? []));
  const about = shipped && find('model.about', shipped.id);
  const nearest = said?.nearest;
  // As high with the longest of its sentences as with none.
  return (
    <p id={id} data-testid="knows" className="mt-2 min-h-15 text-fine md:min-h-12">
      {said && <Sentence said={said} />}
      {said?.reach === 'inside' && about && <span className="hidden text-soft md:inline"> {about}</span>}
      {said && !isEmbedded && (
        <>
          {' '}
          <a href="#knows" className="link min-h-6">
            {t('ask.knowsMap')}
          </a>
        </>
      )}
      {nearest !== undefined && (
        <>
          {' '}
          <span className="text-soft">{t('ask.knowsNearest')}</span>{' '}
          <button type="button" className="link min-h-6 text-left" onClick={() => onChoose(nearest)}>
            {toPlainMaths(nearest.replace(/=\?$/, ''))}
          </button>
        </>
      )}
    </p>
  );
}

function Sentence({ said: { sentence, brief = sentence, reach } }: { readonly said: Said }) {
  const colour = reach === 'inside' ? 'text-soft' : 'text-bad';
  if (brief === sentence) return <span className={colour}>{sentence}</span>;
  return (
    <>
      <span className={`${colour} sm:hidden`}>{brief}</span>
      <span className={`${colour} max-sm:hidden`}>{sentence}</span>
    </>
  );
}
