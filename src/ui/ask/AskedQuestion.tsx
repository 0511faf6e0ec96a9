// The question that is answered: itself, of a long one the beginning unless all of it is wanted, and who answers it and how.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AskRequest } from '../../protocol/protocol';
import { recordedAnswer, useAsk } from '../../state/page/ask';
import { useSession } from '../../state/page/session';
import { Badge } from '../components/Badge';
import { Maths } from '../components/Maths';
import { toPlainMaths } from '../components/typeset';
import { useFormat } from '../format';
import { useReach } from './useKnowledge';

export function AskedQuestion() {
  const { t } = useTranslation();
  const format = useFormat();
  const request = useAsk((state) => state.request);
  const isRecorded = useAsk((state) => state.origin === 'recorded');
  const answeredBy = useAsk((state) => state.answeredBy);
  const isOfBefore = useAsk((state) => state.isOfBefore);
  const madeBy = isRecorded ? recordedAnswer()?.madeBy : undefined;
  return (
    <div className="mb-1 text-center sm:mb-3">
      {isOfBefore && <p className="mb-1 text-fine text-soft">{t('ask.ofBefore')}</p>}
      {request ? <Question key={request.question} text={request.question} /> : <div className={LINE} />}
      <p className="mt-1 flex min-h-10 flex-wrap content-start items-center justify-center gap-x-3 text-fine text-soft sm:min-h-6">
        {madeBy && (
          <>
            <Badge title={madeBy.device}>{t('app.recorded')}</Badge>
            {t('ask.recordedBy', { model: madeBy.model, date: format.date(madeBy.at) })}
          </>
        )}
        {request && !isRecorded && (
          <>
            {answeredBy && (
              <span data-testid="answered-by" className="text-ink">
                {t(answeredBy.step === undefined ? 'ask.answeredBy' : 'ask.answeredAtStep', {
                  model: answeredBy.name,
                  step: answeredBy.step,
                })}
              </span>
            )}
            <Reach question={request.question} model={answeredBy?.name} />
            <span className="max-sm:hidden">{t('ask.seedIs', { seed: request.seed })}</span>
            <span className="max-sm:hidden">{t('ask.temperatureIs', { temperature: request.temperature })}</span>
            <HowAsked request={request} />
          </>
        )}
      </p>
    </div>
  );
}

const LINE = 'min-h-8 sm:min-h-12';
/** Longer questions are in smaller type, and no formulas. */
const LONG = 48;
/** Of longer ones the heading is the beginning. */
const HEADING = 96;

function Question({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const id = useId();
  const [isWhole, setWhole] = useState(false);
  const isCut = text.length > HEADING;
  const size = text.length > LONG ? 'text-lg' : 'text-xl sm:text-[2rem]';
  return (
    <>
      <h2 className={`overflow-hidden font-voice leading-tight italic ${LINE} ${size}`}>
        {text.length > LONG ? toPlainMaths(text.slice(0, HEADING)) : <Maths text={text} />}
        {isCut && '…'}
      </h2>
      {isCut && (
        <button
          type="button"
          className="link min-h-6 text-fine"
          aria-expanded={isWhole}
          aria-controls={isWhole ? id : undefined}
          onClick={() => setWhole(!isWhole)}
        >
          {t(isWhole ? 'ask.lessOfQuestion' : 'ask.wholeQuestion')}
        </button>
      )}
      {isCut && isWhole && (
        <textarea
          id={id}
          readOnly
          aria-label={t('ask.asked')}
          rows={6}
          value={text}
          className="block w-full bg-wash p-3 text-left font-mono text-fine"
        />
      )}
    </>
  );
}

/** That a question is beyond what the model knows, as long as that model is loaded. */
function Reach({ question, model }: { readonly question: string; readonly model: string | undefined }) {
  const { t } = useTranslation();
  const reach = useReach(question);
  const loaded = useSession((session) => session.model?.name);
  if (reach === undefined || reach === 'inside' || (model !== undefined && model !== loaded)) return null;
  return <span className="text-bad">{t(`ask.${reach}`)}</span>;
}

/** What was asked for beyond one answer that is thought about freely. */
function HowAsked({ request: { samples, thinking } }: { readonly request: AskRequest }) {
  const { t } = useTranslation();
  const { budget, waits } = thinking ?? { budget: null, waits: 0 };
  return (
    <>
      {samples > 1 && <span>{t('ask.samplesAre', { count: samples })}</span>}
      {budget === 0 && <span>{t('ask.noThinkingIs')}</span>}
      {budget !== null && budget > 0 && <span>{t('ask.budgetIs', { count: budget })}</span>}
      {waits > 0 && <span>{t('ask.waitsAre', { count: waits })}</span>}
    </>
  );
}
