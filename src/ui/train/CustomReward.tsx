// The door to the reader's own reward, and the plain word when it keeps failing.
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrpoConfig } from '../../protocol/protocol';
import { findRollouts } from '../../state/inspect';
import { useInspect } from '../../state/page/inspect';
import { useRun } from '../../state/page/run';

const RewardEditor = lazy(() => import('./RewardEditor'));

interface CustomRewardProps {
  readonly config: GrpoConfig;
  readonly onChange: (config: GrpoConfig) => void;
}

export function CustomReward({ config, onChange }: CustomRewardProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const save = (custom_reward: string) => {
    onChange({ ...config, custom_reward, reward_weights: { custom: 1, ...config.reward_weights } });
    setOpen(false);
  };
  return (
    <>
      <button type="button" className="link mt-1 min-h-6 text-fine" onClick={() => setOpen(true)}>
        {t(config.custom_reward === '' ? 'rewardEditor.open' : 'rewardEditor.change')}
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <RewardEditor code={config.custom_reward} onSave={save} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Steps in a row with failures, after which the page says so. */
const PATIENCE = 3;

export function FailingReward() {
  const { t } = useTranslation();
  const steps = useRun((state) => state.steps);
  const rollouts = useInspect((state) => state.rollouts);
  const errors = steps.slice(-PATIENCE).map(({ metrics }) => metrics['rewards/custom/errors'] ?? 0);
  if (errors.length < PATIENCE || errors.includes(0)) return null;
  const groups = findRollouts(rollouts, Number.POSITIVE_INFINITY) ?? [];
  const [first] = groups.flatMap(({ members }) => members.flatMap(({ error }) => error ?? []));
  return (
    <div role="alert" className="my-4 max-w-prose border-l-3 border-bad bg-wash px-4 py-3">
      <p className="font-semibold">{t('rewardEditor.failing', { count: errors.at(-1) ?? 0 })}</p>
      {first && (
        <p className="font-mono text-fine">
          {first.message}
          {first.line !== undefined && ` (${t('rewardEditor.line', { line: first.line })})`}
        </p>
      )}
      <p className="text-soft">{t('rewardEditor.failingMore')}</p>
    </div>
  );
}
