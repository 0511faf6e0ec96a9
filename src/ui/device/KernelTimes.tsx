// "Measure this device": the time of every kernel of a decode step and of an update, dearest first.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceReport, KernelCost, ProgramProfile } from '../../protocol/protocol';
import { profileDevice, useDevice } from '../../state/page/device';
import { ProblemNote } from '../components/ProblemNote';
import { useFormat } from '../format';

const SHOWN_KERNELS = 12;

export function KernelTimes({ report }: { readonly report: DeviceReport | undefined }) {
  const { t } = useTranslation();
  const { profile, isProfiling, problem } = useDevice();
  const isPossible = report?.features.some(({ name, status }) => name === 'timestamp-query' && status !== 'missing');
  return (
    <section aria-labelledby="kernels-title" className="mt-10 border-t hairline pt-5">
      <h2 id="kernels-title" className="caps">
        {t('device.kernels')}
      </h2>
      <p className="mt-1 max-w-prose text-fine text-soft">
        {t(isPossible === false ? 'device.measureImpossible' : 'device.measureHelp')}
      </p>
      {isPossible !== false && (
        <button type="button" className="button mt-3" disabled={isProfiling} onClick={() => void profileDevice()}>
          {t(isProfiling ? 'device.measuring' : 'device.measure')}
        </button>
      )}
      {problem && <ProblemNote problem={problem} />}
      {profile && (
        <div data-testid="profile" className="mt-4 grid gap-x-12 gap-y-8 md:grid-cols-2 lg:grid-cols-3">
          {profile.map((program) => (
            <Program key={program.program} program={program} />
          ))}
        </div>
      )}
    </section>
  );
}

/** The dearest kernels, and the others as one. */
function shownKernels(kernels: readonly KernelCost[], others: (count: number) => string): readonly KernelCost[] {
  const rest = kernels.slice(SHOWN_KERNELS);
  if (rest.length < 2) return kernels;
  const sum = (what: 'ms' | 'count') => rest.reduce((total, kernel) => total + kernel[what], 0);
  return [...kernels.slice(0, SHOWN_KERNELS), { kernel: others(rest.length), ms: sum('ms'), count: sum('count') }];
}

function Program({ program: { program, size, kernels } }: { readonly program: ProgramProfile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const totalMs = kernels.reduce((sum, { ms }) => sum + ms, 0);
  const dispatches = kernels.reduce((sum, { count }) => sum + count, 0);
  const shown = shownKernels(kernels, (count) => t('device.otherKernels', { count }));
  return (
    <section aria-labelledby={id} className="min-w-0">
      <h3 id={id} className="font-voice text-lg">
        {t(`device.program.${program}`, { size: format.number(size) })}
      </h3>
      <p className="text-fine text-soft">
        {t('device.programSum', { time: format.milliseconds(totalMs), count: dispatches })}
      </p>
      <dl className="mt-2 text-fine">
        {shown.map(({ kernel, ms, count }) => (
          <div key={kernel} className="grid grid-cols-[1fr_auto] gap-x-3 border-t hairline py-1">
            <dt className="min-w-0 font-mono text-xs leading-5 break-words">
              {kernel} <span className="text-soft">×{count}</span>
            </dt>
            <dd>{format.milliseconds(ms)}</dd>
            <dd aria-hidden className="col-span-2 mt-0.5 h-1 rounded-full bg-line">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${(ms / Math.max(totalMs, 1e-9)) * 100}%` }}
              />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
