// The model before the run beside the model now: the same held-out questions, the same seed, pair by pair.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BeforeAfter, BeforeAfterPair } from '../../protocol/protocol';
import { compare, stopComparing, useRun, useShelf } from '../../state/page/run';
import { useShareText } from '../components/MeasuredShare';
import { ProblemNote } from '../components/ProblemNote';
import { toPlainMaths } from '../components/typeset';
import { useFormat } from '../format';
import { GradeTable } from './GradeTable';
import { byGrade, byOutcome, type Outcome, splitAtDifference } from './outcome';

const NUM_PROBLEMS = 64;
const PAGE = 8;
const OUTCOMES: readonly Outcome[] = ['fixed', 'broken', 'unchanged'];

export function BeforeAfterPanel() {
  const { t } = useTranslation();
  const canCompare = useRun((state) => state.origin === 'live' && (state.run?.step ?? 0) > 0);
  const seed = useRun((state) => state.run?.settings.config.seed ?? 0);
  const { beforeAfter, comparing, compareProblem } = useShelf();
  if (!canCompare && beforeAfter === undefined) return null;
  return (
    <section aria-labelledby="compare-title" className="mt-10 border-t hairline pt-5">
      <h2 id="compare-title" className="caps">
        {t('compare.title')}
      </h2>
      <p className="mt-1 text-fine text-soft">{t('compare.help')}</p>
      {comparing ? (
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-fine text-soft">
          <button type="button" className="button" onClick={() => void stopComparing()}>
            {t('compare.stop')}
          </button>
          <progress
            aria-label={t('compare.running')}
            className="h-1.5 w-40 accent-accent"
            max={Math.max(1, comparing.total)}
            value={comparing.done}
          />
          <span>{comparing.total > 0 ? t('compare.progress', comparing) : t('compare.waiting')}</span>
        </div>
      ) : (
        canCompare && (
          <button type="button" className="button mt-3" onClick={() => void compare(NUM_PROBLEMS, seed)}>
            {t('compare.run', { count: NUM_PROBLEMS })}
          </button>
        )
      )}
      {compareProblem && <ProblemNote problem={compareProblem} />}
      {beforeAfter && <Comparison result={beforeAfter} />}
    </section>
  );
}

function Comparison({ result }: { readonly result: BeforeAfter }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = useShareText();
  const groups = byOutcome(result.pairs);
  const grades = byGrade(result.pairs);
  const [chosen, setChosen] = useState<Outcome>('fixed');
  const [shown, setShown] = useState(PAGE);
  const pairs = groups[chosen];
  const heading = (accuracy: number, tokens: number) =>
    t('compare.accuracy', { accuracy: share(accuracy, result.pairs.length), tokens: format.number(tokens, 1) });
  return (
    <div data-testid="comparison" className="mt-4">
      <div className="grid grid-cols-2 gap-x-6 text-fine">
        <p>
          <span className="caps block">{t('compare.before')}</span>
          <span className="text-soft">{heading(result.accuracyBefore, result.thinkingTokensBefore)}</span>
        </p>
        <p>
          <span className="caps block">{t('compare.after')}</span>
          <span className="text-soft">{heading(result.accuracyAfter, result.thinkingTokensAfter)}</span>
        </p>
      </div>
      {result.gradedBy && grades.length > 0 && <GradeTable gradedBy={result.gradedBy} rows={grades} />}
      <div className="mt-5 flex flex-wrap gap-2">
        {OUTCOMES.map((outcome) => (
          <button
            key={outcome}
            type="button"
            aria-pressed={outcome === chosen}
            className="button min-h-8 text-fine aria-pressed:border-accent aria-pressed:text-accent"
            onClick={() => {
              setChosen(outcome);
              setShown(PAGE);
            }}
          >
            {t(`compare.${outcome}`, { count: groups[outcome].length })}
          </button>
        ))}
      </div>
      {pairs.length === 0 && <p className="mt-3 text-soft">{t('compare.none')}</p>}
      <ul>
        {[...pairs.slice(0, shown).entries()].map(([index, pair]) => (
          <Pair key={index} pair={pair} />
        ))}
      </ul>
      {pairs.length > shown && (
        <button type="button" className="link mt-3 min-h-6 text-fine" onClick={() => setShown(shown + PAGE)}>
          {t('compare.more', { count: pairs.length - shown })}
        </button>
      )}
    </div>
  );
}

function Pair({ pair }: { readonly pair: BeforeAfterPair }) {
  const { t } = useTranslation();
  return (
    <li className="border-b border-dotted border-line py-3">
      <p className="flex flex-wrap items-baseline gap-x-4">
        <span className="font-voice italic">{toPlainMaths(pair.question)}</span>
        <span className="text-fine text-soft">{t('compare.gold', { gold: toPlainMaths(pair.gold) })}</span>
        {pair.firstDifference < 0 && <span className="text-fine text-soft">{t('compare.same')}</span>}
      </p>
      <div className="mt-1 grid grid-cols-2 gap-x-6">
        <Side side={pair.before} firstDifference={pair.firstDifference} label={t('compare.before')} />
        <Side side={pair.after} firstDifference={pair.firstDifference} label={t('compare.after')} />
      </div>
    </li>
  );
}

interface SideProps {
  readonly side: BeforeAfterPair['before'];
  readonly firstDifference: number;
  readonly label: string;
}

function Side({ side, firstDifference, label }: SideProps) {
  const { t } = useTranslation();
  const { same, token, rest } = splitAtDifference(side.text, firstDifference, side.differing);
  const verdict = side.correct ? `✓ ${t('compare.right')}` : `✗ ${t('compare.wrong')}`;
  return (
    <div className="min-w-0">
      <p className="sr-only">{label}</p>
      <p className="font-mono text-fine break-words text-soft">
        {same}
        {firstDifference >= 0 && (
          <mark
            title={t('compare.differs')}
            className="border-l-2 border-accent bg-accent/15 pl-px font-semibold text-ink"
          >
            {token}
          </mark>
        )}
        <span className="text-ink">{rest}</span>
      </p>
      <p className={`text-fine ${side.correct ? 'text-good' : 'text-bad'}`}>{verdict}</p>
    </div>
  );
}
