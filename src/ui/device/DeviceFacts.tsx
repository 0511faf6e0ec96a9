// Memory, features and, folded, limits of the device, each with a sentence that says what it is good for.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceReport } from '../../protocol/protocol';
import { useFormat } from '../format';
import { useNames } from '../names';

interface DeviceFactsProps {
  readonly report: DeviceReport;
  /** Features and limits are WebGPU's. */
  readonly isGpu: boolean;
}

export function DeviceFacts({ report, isGpu }: DeviceFactsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { heldBytes, peakBytes, plannedBytes } = report.memory;
  return (
    <div className="min-w-0 space-y-8">
      <Facts id="device-memory" title={t('device.memory')}>
        <Fact name={t('device.held')} value={format.bytes(heldBytes)} help={t('device.heldHelp')} />
        <Fact name={t('device.peak')} value={format.bytes(peakBytes)} help={t('device.peakHelp')} />
        {plannedBytes !== undefined && (
          <Fact name={t('device.planned')} value={format.bytes(plannedBytes)} help={t('device.plannedHelp')} />
        )}
      </Facts>
      {isGpu && <Features report={report} />}
    </div>
  );
}

function Features({ report }: { readonly report: DeviceReport }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <Facts id="device-features" title={t('device.features')}>
      {report.features.map(({ name, status }) => (
        <Fact
          key={name}
          name={<code className="font-mono text-[0.9em]">{name}</code>}
          value={t(`device.status.${status}`)}
          help={names.feature(name)}
        />
      ))}
    </Facts>
  );
}

/** What the device allows, folded: who needs a number finds it. */
export function DeviceLimits({ report }: { readonly report: DeviceReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  return (
    <details>
      <summary className="min-h-6 text-fine text-soft">{t('device.limitsMore')}</summary>
      <div className="mt-3">
        <Facts id="device-limits" title={t('device.limits')}>
          {Object.entries(report.limits).map(([name, value]) => (
            <Fact
              key={name}
              name={<code className="font-mono text-[0.9em] break-all">{name}</code>}
              value={/Size$/.test(name) ? format.bytes(value) : format.number(value)}
              help={names.limit(name)}
            />
          ))}
        </Facts>
      </div>
    </details>
  );
}

function Facts({ id, title, children }: { readonly id: string; readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="min-w-0">
      <h2 id={id} className="caps">
        {title}
      </h2>
      <dl className="mt-1 text-sm">{children}</dl>
    </section>
  );
}

interface FactProps {
  readonly name: ReactNode;
  readonly value: string;
  readonly help: string | undefined;
}

function Fact({ name, value, help }: FactProps) {
  return (
    <div className="grid grid-cols-[1fr_auto] gap-x-4 border-b border-dotted border-line py-1.5">
      <dt className="min-w-0">{name}</dt>
      <dd className="text-right">{value}</dd>
      {help && <dd className="col-span-2 max-w-prose text-fine text-soft">{help}</dd>}
    </div>
  );
}
