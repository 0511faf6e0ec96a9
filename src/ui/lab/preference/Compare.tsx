// The reader compares: two answers of the loaded model, a button under each, and what the verifier says once one is chosen.
import { useTranslation } from 'react-i18next';
import type { AnswerSummary } from '../../../protocol/protocol';
import { compare, forgetPairs, prefer, usePreferenceLab } from '../../../state/page/preferenceLab';
import { useSession } from '../../../state/page/session';
import { ProblemNote } from '../../components/ProblemNote';

export function Compare() {
  const { t } = useTranslation();
  const { current, last, pairs, known, isAsking, problem } = usePreferenceLab();
  const isReady = useSession(({ model }) => model !== undefined);
  const truth = last && (last.chosen ? (last.rejected ? 'both' : 'chosen') : last.rejected ? 'other' : 'none');
  return (
    <section aria-labelledby="rlhf-compare" className="mt-6 border-t hairline pt-4">
      <h2 id="rlhf-compare" className="font-voice text-lg">
        {t('rlhf.compare')}
      </h2>
      {current ? (
        <>
          <p className="mt-2 font-voice text-xl">{current.question}</p>
          <div className="mt-2 grid gap-4 sm:grid-cols-2">
            {current.answers.map((answer, i) => (
              <Answer key={answer.completionText} answer={answer} name={i === 0 ? 'A' : 'B'} isFirst={i === 0} />
            ))}
          </div>
        </>
      ) : (
        <button type="button" className="button mt-2" disabled={!isReady || isAsking} onClick={() => void compare()}>
          {t(isAsking ? 'rlhf.asking' : 'rlhf.show')}
        </button>
      )}
      {problem && <ProblemNote problem={problem} />}
      <p role="status" className="mt-3 min-h-6 text-fine">
        {truth && t(`rlhf.truth.${truth}`)} {pairs.length > 0 && t('rlhf.chosen', { count: pairs.length })}{' '}
        {known.decided > 0 && t('rlhf.known', { ...known })}
      </p>
      {pairs.length > 0 && (
        <button type="button" className="link min-h-6 text-fine" onClick={forgetPairs}>
          {t('rlhf.forget')}
        </button>
      )}
    </section>
  );
}

interface AnswerProps {
  readonly answer: AnswerSummary;
  readonly name: string;
  readonly isFirst: boolean;
}

function Answer({ answer: { thinking, answer }, name, isFirst }: AnswerProps) {
  const { t } = useTranslation();
  return (
    <div className="flex min-w-0 flex-col gap-2 border hairline p-3">
      <p className="caps">{name}</p>
      <p className="min-h-12 font-voice text-sm wrap-anywhere text-think">{thinking || t('rlhf.noThinking')}</p>
      <p className="font-voice text-lg wrap-anywhere">{answer ?? t('rlhf.noAnswer')}</p>
      <button type="button" className="button mt-auto self-start" onClick={() => void prefer(isFirst)}>
        {t('rlhf.prefer', { name })}
      </button>
    </div>
  );
}
