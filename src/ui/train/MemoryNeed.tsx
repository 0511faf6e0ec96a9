// What a run with these settings would hold on the device, told before anything is allocated; or why it cannot run here.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrpoConfig, Result } from '../../protocol/protocol';
import { useRun, useShelf } from '../../state/page/run';
import { callEngine, useSession } from '../../state/page/session';
import { isOpenRun } from '../../state/runReducer';
import { chosenStart } from '../../state/start';
import { ProblemNote } from '../components/ProblemNote';
import { useFormat } from '../format';

/** So long the settings stay as they are before the engine is asked. */
const SETTLED_MS = 400;

export function MemoryNeed({ config }: { readonly config: GrpoConfig }) {
  const { t } = useTranslation();
  const format = useFormat();
  const model = useSession((session) => session.model);
  const models = useSession((session) => session.catalogue?.models) ?? [];
  const isOpen = useRun(isOpenRun);
  const key = useShelf((shelf) => shelf.start);
  const start = model && !isOpen ? chosenStart(model, models, key) : 'loaded';
  const shippedId = start === 'loaded' ? undefined : start.id;
  const name = model?.name;
  // The same settings come as another object now and then.
  const configText = JSON.stringify(config);
  const [plan, setPlan] = useState<Result<number>>();
  useEffect(() => {
    if (name === undefined) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const result = await callEngine((api) => api.planRun(JSON.parse(configText) as GrpoConfig, shippedId));
      if (isCurrent) setPlan(result);
    }, SETTLED_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [name, shippedId, configText]);
  if (plan === undefined) return null;
  if (!plan.ok) return <ProblemNote problem={plan.error} />;
  return (
    <p data-testid="memory-need" className="mt-3 text-fine text-soft">
      {t('train.memoryNeed', { size: format.bytes(plan.value) })}
    </p>
  );
}
