// The steps of the thinking: a bounded box that follows the newest line while the reader is at its end. Words are tinted by their
// language, and what the model did not write itself stands out.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { phaseOf, shownSample } from '../../state/askReducer';
import { useAsk } from '../../state/page/ask';
import { LanguageText } from '../components/LanguageText';
import { Maths } from '../components/Maths';
import { SCROLLABLE } from '../components/scrollable';
import { useFollow } from '../components/useFollow';
import { type Mark, type StepLine, stepLines, type WordRun } from './stepMarks';
import { thinkingText } from './thinkingText';

export function ThinkingSteps({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const tokens = useAsk((state) => shownSample(state).tokens);
  const phase = useAsk((state) => phaseOf(state, shownSample(state)));
  const question = useAsk((state) => state.request?.question);
  const isGrowing = phase === 'thinking';
  const { text, numTokens, forced, isCut } = useMemo(() => thinkingText(tokens), [tokens]);
  const lines = useMemo(() => stepLines(text, { isGrowing, question, forced }), [text, isGrowing, question, forced]);
  const { ref, isFollowing, onScroll, jump } = useFollow();
  return (
    <div id={id} className="relative">
      <section
        ref={ref}
        onScroll={onScroll}
        {...SCROLLABLE}
        aria-label={t('ask.thinking')}
        className="scroll-y h-50 overscroll-contain"
      >
        {phase === 'idle' && <p className="max-w-sm pt-3 text-soft">{t('ask.noThinkingYet')}</p>}
        <ol className="font-voice text-base leading-[1.85] text-think italic">
          {[...lines.entries()].map(([index, line]) => (
            <Line key={index} line={line} isGrowing={isGrowing && index === lines.length - 1} />
          ))}
        </ol>
        {isCut && (
          <p data-testid="cut" className="mt-1 text-fine text-soft">
            <span aria-hidden>✂ </span>
            {t('ask.cutHere', { count: numTokens })}
          </p>
        )}
        <Stray />
        {isGrowing && lines.length === 0 && <span className="caret mt-3" />}
      </section>
      {!isFollowing && (
        <button type="button" onClick={jump} className="button absolute right-2 bottom-2 min-h-8 text-fine shadow">
          {t('ask.jump')}
        </button>
      )}
    </div>
  );
}

/** What stands outside the tags, as it was written: no thinking, so without marks. */
function Stray() {
  const { t } = useTranslation();
  const tokens = useAsk((state) => shownSample(state).tokens);
  const text = tokens.flatMap((token) => (token.part === 'outside' ? [token.text] : [])).join('');
  if (text.trim() === '') return null;
  return (
    <div className="text-soft">
      <p className="text-fine">{t('ask.outsideTags')}</p>
      <p className="font-mono text-fine break-words">{text}</p>
    </div>
  );
}

export function Line({ line, isGrowing }: { readonly line: StepLine; readonly isGrowing: boolean }) {
  const { words, body, equation, mark } = line;
  return (
    <li className="flex items-baseline gap-3 border-b border-dotted border-line">
      <span className="min-w-0">
        {[...words.entries()].map(([index, run]) => (
          <Words key={index} run={run} />
        ))}
        {words.length > 0 && ' '}
        {equation === undefined ? body : <Maths text={equation} />}
        {isGrowing && <span className="caret ml-0.5" />}
      </span>
      {mark && <MarkLabel mark={mark} />}
    </li>
  );
}

const SIGNS = { right: '✓', wrong: '✗', repeated: '↺', unrelated: '?' } as const;
const COLOURS = { right: 'text-good', wrong: 'text-bad', repeated: 'text-soft', unrelated: 'text-soft' } as const;

function MarkLabel({ mark }: { readonly mark: Mark }) {
  const { t } = useTranslation();
  return (
    <span
      className={`ml-auto shrink-0 font-sans text-fine not-italic ${COLOURS[mark]}`}
      title={t(`ask.stepMarks.${mark}.help`)}
    >
      {SIGNS[mark]} {t(`ask.stepMarks.${mark}.label`)}
    </span>
  );
}

function Words({ run: { text, isForced } }: { readonly run: WordRun }) {
  const { t } = useTranslation();
  if (!isForced) return <LanguageText text={text} />;
  return (
    <ins className="put-in" title={t('ask.putIn')}>
      <LanguageText text={text} />
      <span className="sr-only"> ({t('ask.putIn')})</span>
    </ins>
  );
}
