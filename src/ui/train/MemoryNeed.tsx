// What a run with these settings would hold on the device, told before anything is allocated; or why it cannot run here.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callEngine, useSession } from '../../state/session';
import type { GrpoConfig, Result } from '../../worker/protocol';
import { ProblemNote } from '../components/ProblemNote';
import { useFormat } from '../format';

/** So long the settings stay as they are before the engine is asked. */
const SETTLED_MS = 400;

export function MemoryNeed({ config }: { readonly config: GrpoConfig }) {
  const { t } = useTranslation();
  const format = useFormat();
  const model = useSession((session) => session.model?.name);
  // The same settings come as another object now and then.
  const key = JSON.stringify(config);
  const [plan, setPlan] = useState<Result<number>>();
  useEffect(() => {
    if (model === undefined) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const result = await callEngine((api) => api.planRun(JSON.parse(key) as GrpoConfig));
      if (isCurrent) setPlan(result);
    }, SETTLED_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [model, key]);
  if (plan === undefined) return null;
  if (!plan.ok) return <ProblemNote problem={plan.error} />;
  return (
    <p data-testid="memory-need" className="mt-3 text-fine text-soft">
      {t('train.memoryNeed', { size: format.bytes(plan.value) })}
    </p>
  );
}
