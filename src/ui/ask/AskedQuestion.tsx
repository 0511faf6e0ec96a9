// The question that is answered: itself, in at most three lines unless all of it is wanted, and who answers it and how.
import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordedAnswer, useAsk } from '../../state/ask';
import { useSession } from '../../state/session';
import type { AskRequest } from '../../worker/protocol';
import { Badge } from '../components/Badge';
import { Maths } from '../components/Maths';
import { useFormat } from '../format';
import { useReach } from './useKnowledge';

export function AskedQuestion() {
  const { t } = useTranslation();
  const format = useFormat();
  const request = useAsk((state) => state.request);
  const isRecorded = useAsk((state) => state.origin === 'recorded');
  const answeredBy = useAsk((state) => state.answeredBy);
  const madeBy = isRecorded ? recordedAnswer()?.madeBy : undefined;
  return (
    <div className="mb-3 text-center">
      {request ? <Question key={request.question} text={request.question} /> : <div className={LINE} />}
      <p className="mt-1 flex min-h-6 flex-wrap items-center justify-center gap-x-3 text-fine text-soft">
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
            <span>{t('ask.seedIs', { seed: request.seed })}</span>
            <span>{t('ask.temperatureIs', { temperature: request.temperature })}</span>
            <HowAsked request={request} />
          </>
        )}
      </p>
    </div>
  );
}

const LINE = 'min-h-8 sm:min-h-12';
/** Longer questions are in smaller type. */
const LONG = 48;

function Question({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const ref = useRef<HTMLHeadingElement>(null);
  const [isLonger, setLonger] = useState(false);
  const [isWhole, setWhole] = useState(false);
  useLayoutEffect(() => {
    const { scrollHeight = 0, clientHeight = 0 } = ref.current ?? {};
    setLonger(scrollHeight > clientHeight + 1);
  }, []);
  const size = text.length > LONG ? 'text-lg' : 'text-xl sm:text-[2rem]';
  // Of what was cut, all is still there for a screen reader.
  return (
    <>
      <h2
        ref={ref}
        className={`font-voice leading-tight italic ${LINE} ${size} ${isWhole ? 'max-h-60 overflow-y-auto' : 'line-clamp-3'}`}
      >
        <Maths text={text} />
      </h2>
      {isLonger && (
        <button type="button" className="link min-h-6 text-fine" onClick={() => setWhole(!isWhole)}>
          {t(isWhole ? 'ask.lessOfQuestion' : 'ask.wholeQuestion')}
        </button>
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
