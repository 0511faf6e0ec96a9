// The answer in full voice, and the verifier's verdict in words.
import { useTranslation } from 'react-i18next';
import type { AnswerSummary } from '../../protocol/protocol';
import { phaseOf, type Sample, shownSample } from '../../state/askReducer';
import { useAsk } from '../../state/page/ask';
import { Maths } from '../components/Maths';
import { toPlainMaths } from '../components/typeset';
import { Faults } from './Faults';

/** The answer as far as it is written. */
export const answerText = ({ summary, tokens }: Sample) =>
  summary?.answer ?? tokens.flatMap(({ part, text }) => (part === 'answer' ? [text] : [])).join('');

function answerSize(text: string): string {
  if (text.length <= 6) return 'text-6xl md:text-[5.25rem]';
  return text.length <= 24 ? 'text-4xl' : 'text-2xl';
}

export function AnswerPane() {
  const { t } = useTranslation();
  const phase = useAsk((state) => phaseOf(state, shownSample(state)));
  const text = useAsk((state) => answerText(shownSample(state)));
  const summary = useAsk((state) => shownSample(state).summary);
  const chosen = useAsk((state) => state.chosen);
  const count = useAsk((state) => state.samples.length);
  return (
    <section
      aria-labelledby="answer-title"
      className="min-h-56 min-w-0 border-t hairline py-4 md:border-t-0 md:border-l md:pl-8"
    >
      <div className="flex min-h-6 items-center gap-3">
        <h2 id="answer-title" className="caps">
          {t('ask.answer')}
        </h2>
        {count > 1 && <span className="text-fine text-soft">{t('ask.sampleOf', { number: chosen + 1, count })}</span>}
      </div>
      <Faults of="answer" />
      <div className="flex min-h-28 items-center py-3">
        {text !== '' && (
          <p data-testid="answer" className={`font-voice leading-tight ${answerSize(text)}`}>
            <Maths text={text} />
          </p>
        )}
        {text === '' && phase === 'answering' && <span className="caret h-14" />}
        {text === '' && phase === 'thinking' && <p className="self-start text-soft">{t('ask.answerFollows')}</p>}
        {phase === 'idle' && <p className="max-w-sm self-start text-soft">{t('ask.noAnswerYet')}</p>}
      </div>
      {summary && <Verdict summary={summary} />}
    </section>
  );
}

export function Verdict({ summary }: { readonly summary: AnswerSummary }) {
  const { t } = useTranslation();
  const { verdict, answer, stopReason, numTokens } = summary;
  if (answer === undefined) {
    const key = ({ length: 'ask.cutOff', stopped: 'ask.stopped', end: 'ask.noAnswer' } as const)[stopReason];
    return <p className="text-soft">{t(key, { count: numTokens })}</p>;
  }
  if (verdict === undefined) return <p className="text-soft">{t('ask.unchecked')}</p>;
  return verdict.correct ? (
    <p data-testid="verdict" className="text-good">
      <b className="font-semibold">✓ {t('ask.correct')}</b> {t('ask.correctMore')}
    </p>
  ) : (
    <p data-testid="verdict" className="text-bad">
      <b className="font-semibold">✗ {t('ask.wrong')}</b>{' '}
      {t('ask.wrongMore', { expected: toPlainMaths(verdict.expected) })}
    </p>
  );
}
