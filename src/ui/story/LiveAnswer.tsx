// One answer as it is written: the steps of its thinking, then the answer and the verifier's verdict.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Aside } from '../../state/aside';
import { phaseOf, shownSample } from '../../state/askReducer';
import { answerText, Verdict } from '../ask/AnswerPane';
import { stepLines } from '../ask/stepMarks';
import { Line } from '../ask/ThinkingSteps';
import { thinkingText } from '../ask/thinkingText';
import { toPlainMaths } from '../components/typeset';

interface LiveAnswerProps {
  readonly title: string;
  readonly useAnswer: Aside['useAnswer'];
}

export function LiveAnswer({ title, useAnswer }: LiveAnswerProps) {
  const { t } = useTranslation();
  const sample = useAnswer(shownSample);
  const phase = useAnswer((state) => phaseOf(state, shownSample(state)));
  const question = useAnswer((state) => state.request?.question);
  const { tokens, summary } = sample;
  const isGrowing = phase === 'thinking';
  const { text, forced } = useMemo(() => thinkingText(tokens), [tokens]);
  const lines = useMemo(() => stepLines(text, { isGrowing, question, forced }), [text, isGrowing, question, forced]);
  const answer = answerText(sample);
  return (
    <section aria-label={title} className="min-h-40 min-w-0">
      <h3 className="caps">{title}</h3>
      {phase === 'idle' && <p className="mt-2 text-soft">{t('story.frame.waiting')}</p>}
      <ol className="mt-1 font-voice text-base leading-[1.85] text-think italic">
        {[...lines.entries()].map(([index, line]) => (
          <Line key={index} line={line} isGrowing={isGrowing && index === lines.length - 1} />
        ))}
      </ol>
      {isGrowing && lines.length === 0 && <span className="caret mt-2 h-6" />}
      {answer !== '' && <p className="mt-2 font-voice text-4xl">{toPlainMaths(answer)}</p>}
      {summary && <Verdict summary={summary} />}
    </section>
  );
}
