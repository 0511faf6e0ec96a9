// The Device screen: what computes here, what the engine made of it, and what the last work cost, down to single kernels.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { refreshDevice, useDevice } from '../../state/page/device';
import { useSession } from '../../state/page/session';
import { NoDevice } from '../app/NoDevice';
import { Choices } from './Choices';
import { CopyReport } from './CopyReport';
import { CostSection } from './CostSection';
import { DeviceChoice } from './DeviceChoice';
import { DeviceFacts, DeviceLimits } from './DeviceFacts';
import { KernelTimes } from './KernelTimes';
import { Ways } from './Ways';
import { WhatComputes } from './WhatComputes';

export default function DeviceScreen() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const model = useSession((session) => session.model);
  const costs = useSession((session) => session.costs);
  const device = useSession((session) => session.catalogue?.device);
  const report = useDevice((state) => state.report);
  useEffect(() => {
    // Memory, choices and used features change with the model and with every piece of work.
    if (status === 'ready' && (model || costs)) void refreshDevice();
  }, [status, model, costs]);
  if (status === 'unavailable') return <NoDevice />;
  if (device === undefined) return <p className="text-soft">{t('model.opening')}</p>;
  const now = device.cpu && report?.cpu ? { ...device, cpu: report.cpu } : device;
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <WhatComputes device={now} />
        <CopyReport device={now} />
      </div>
      <div className="mt-5">
        <DeviceChoice />
      </div>
      {report && (
        <div className="mt-6 grid gap-x-12 gap-y-8 md:grid-cols-2">
          <DeviceFacts report={report} isGpu={device.kind === 'gpu'} />
          <div className="min-w-0 space-y-8">
            <Choices choices={report.choices} />
            {device.kind === 'gpu' && <DeviceLimits report={report} />}
          </div>
        </div>
      )}
      {costs.step || costs.ask ? (
        <>
          <CostSection
            title={t('device.lastStep')}
            none={t('device.lastStepNone')}
            cost={costs.step}
            testId="cost-step"
          />
          <CostSection title={t('device.lastAsk')} none={t('device.lastAskNone')} cost={costs.ask} testId="cost-ask" />
        </>
      ) : (
        <section aria-labelledby="costs-title" className="mt-10 border-t hairline pt-5">
          <h2 id="costs-title" className="caps">
            {t('device.costs')}
          </h2>
          <p className="mt-1 text-fine text-soft">{t('device.costsNone')}</p>
        </section>
      )}
      <Ways />
      <KernelTimes report={report} />
    </>
  );
}
