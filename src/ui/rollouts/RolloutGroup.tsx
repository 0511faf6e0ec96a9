// A group: one question, the answers a reward failed on, the others from the best rewarded to the worst, and what each earned.
import { type ReactNode, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RolloutGroup as Group, GrpoConfig, RolloutMember } from '../../protocol/protocol';
import type { ReadAnswer } from '../../state/run';
import { Badge } from '../components/Badge';
import { LanguageText } from '../components/LanguageText';
import { toPlainMaths } from '../components/typeset';
import { formatSigned } from '../format';
import { lazyPart } from '../i18n/lazyPart';
import { useTaskNames } from '../taskNames';

const AnswerAgain = lazyPart('formula', () => import('../formula/AnswerAgain'));

/** Advantages beyond this fill the bar and the tint. */
const FULL_ADVANTAGE = 2;
const MAX_TINT_PERCENT = 34;
/** Tokens of an answer that is laid out also where it is not seen. */
const MOST_LAID_OUT = 128;
const WHERE_SEEN = '[content-visibility:auto] [contain-intrinsic-size:auto_6rem]';

/** Set apart by room alone: a sign between them would be left over where the line ends. */
const PARTS = 'flex flex-wrap gap-x-3 md:justify-end';

/** A group whose members all earned the same teaches nothing. */
export const hasSignal = (group: Group) => !(group.rewardStd <= 1e-6);

interface RolloutGroupProps {
  readonly group: Group;
  /** The step's groups that are at hand, and the options of the run: with them each answer can show its formula. */
  readonly groups?: readonly Group[];
  readonly config?: GrpoConfig | undefined;
  /** Has an answer read again, where that can be done. */
  readonly readAgain?: ReadAnswer | undefined;
}

export function RolloutGroup({ group, groups, config, readAgain }: RolloutGroupProps) {
  const { t } = useTranslation();
  const reason = group.isLeftOut ? 'leftOut' : hasSignal(group) ? undefined : 'noSignal';
  const members = [...group.members].sort(
    (a, b) => Number(!a.error) - Number(!b.error) || (b.reward || 0) - (a.reward || 0),
  );
  return (
    <div data-testid="rollout-group" className="mt-3">
      <div className="flex flex-wrap items-baseline gap-x-5 gap-y-1 text-fine text-soft">
        <h3 className="max-h-40 overflow-y-auto font-voice text-[1.1875rem] whitespace-pre-line text-ink italic wrap-anywhere">
          {toPlainMaths(group.question)}
        </h3>
        {group.gold !== '' && <span>{t('rollouts.gold', { gold: toPlainMaths(group.gold) })}</span>}
        {!group.isLeftOut && Number.isFinite(group.rewardMean) && (
          <span>{t('rollouts.stats', { mean: group.rewardMean.toFixed(2), std: group.rewardStd.toFixed(2) })}</span>
        )}
        {reason && <Badge title={t(`rollouts.${reason}Help`)}>{t(`rollouts.${reason}`)}</Badge>}
      </div>
      {reason && <p className="mt-1 text-fine text-soft">{t(`rollouts.${reason}Help`)}</p>}
      <ol className="mt-2">
        {[...members.entries()].map(([index, member]) => (
          <Member key={index} member={member}>
            {groups && config && (
              <AnswerAgain
                groups={groups}
                group={group}
                member={group.members.indexOf(member)}
                config={config}
                readAgain={readAgain && (() => readAgain(group, group.members.indexOf(member)))}
              />
            )}
          </Member>
        ))}
      </ol>
    </div>
  );
}

interface MemberProps {
  readonly member: RolloutMember;
  /** Its formula, drawn once it is asked for. */
  readonly children?: ReactNode;
}

function Member({ member, children }: MemberProps) {
  const { t } = useTranslation();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const { advantage, tokens, rewards, reward, error } = member;
  const lengthText = useLengthText();
  const tint = Math.min(1, Math.abs(advantage || 0) / FULL_ADVANTAGE) * MAX_TINT_PERCENT;
  const colour = advantage < 0 ? 'bad' : 'good';
  const names = useTaskNames();
  const parts = Object.entries(rewards).map(
    ([name, score]) => `${names.reward(name).label} ${score ?? t('rollouts.notApplicable')}`,
  );
  return (
    <li className="grid gap-x-5 gap-y-1 border-b border-dotted border-line py-2 sm:grid-cols-[7rem_minmax(0,1fr)] md:grid-cols-[8rem_minmax(0,1fr)_13.5rem]">
      <AdvantageBar advantage={advantage} />
      <p
        className={`min-w-0 font-mono text-sm leading-relaxed break-words ${tokens.length > MOST_LAID_OUT ? WHERE_SEEN : ''}`}
      >
        <span
          className="box-decoration-clone rounded-sm px-0.5"
          style={{ background: `color-mix(in oklab, var(--color-${colour}) ${tint}%, transparent)` }}
        >
          {[...tokens.entries()].map(([index, token]) => (
            <Token key={index} token={token} />
          ))}
        </span>
      </p>
      <div className="text-fine text-soft sm:col-start-2 md:col-start-3 md:text-right">
        <p className={PARTS}>
          {parts.map((part) => (
            <span key={part}>{part} </span>
          ))}
        </p>
        {error && (
          <p className="text-bad">
            {error.message}
            {error.line !== undefined && ` (${t('rewardEditor.line', { line: error.line })})`}
          </p>
        )}
        <p className={PARTS}>
          {Number.isFinite(reward) && <span>{t('rollouts.reward', { reward: reward.toFixed(2) })} </span>}
          <span className="whitespace-nowrap">
            {lengthText(member)}
            {children && (
              <>
                {' · '}
                <button
                  type="button"
                  className="link min-h-6"
                  aria-expanded={isOpen}
                  aria-controls={id}
                  onClick={() => setOpen(!isOpen)}
                >
                  {t('rollouts.formula')}
                </button>
              </>
            )}
          </span>
        </p>
      </div>
      {isOpen && (
        <div id={id} className="col-span-full">
          <Suspense fallback={<p className="text-fine text-soft">{t('app.loadingScreen')}</p>}>{children}</Suspense>
        </div>
      )}
    </li>
  );
}

/** How long an answer is: in tokens, where they are known. */
function useLengthText(): (member: RolloutMember) => string {
  const { t } = useTranslation();
  return ({ tokens, stopReason }) => {
    if (stopReason === 'unknown')
      return t('elsewhere.characters', { count: tokens.reduce((sum, { text }) => sum + [...text].length, 0) });
    return t(stopReason === 'length' ? 'rollouts.cut' : 'rollouts.ended', { count: tokens.length });
  };
}

function Token({ token: { text, part, logp } }: { readonly token: RolloutMember['tokens'][number] }) {
  const style = part === 'tag' ? 'text-xs text-think' : part === 'answer' ? 'font-bold' : '';
  return (
    <span title={Number.isNaN(logp) ? undefined : Math.exp(logp).toFixed(2)} className={style}>
      {part === 'thinking' ? <LanguageText text={text} /> : text}
    </span>
  );
}

/** A signed bar around zero, and the number: never colour alone. */
export function AdvantageBar({ advantage }: { readonly advantage: number }) {
  const { t } = useTranslation();
  if (Number.isNaN(advantage)) {
    return <p className="text-fine text-soft">{t('rollouts.advantage', { advantage: t('elsewhere.noAdvantage') })}</p>;
  }
  const width = `${Math.min(1, Math.abs(advantage) / FULL_ADVANTAGE) * 50}%`;
  const text = formatSigned(advantage);
  return (
    <div className="flex h-6 items-center gap-2 text-fine">
      <span className="sr-only">{t('rollouts.advantage', { advantage: text })}</span>
      <span aria-hidden className="relative h-2.5 flex-1">
        <span className="absolute inset-y-0 left-1/2 w-px bg-faint" />
        <span
          className={`absolute inset-y-0 rounded-xs ${advantage < 0 ? 'right-1/2 bg-bad' : 'left-1/2 bg-good'}`}
          style={{ width }}
        />
      </span>
      <span aria-hidden className="w-11 text-right">
        {text}
      </span>
    </div>
  );
}
