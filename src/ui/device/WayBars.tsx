// How fast each way to compute does one kind of work: a bar each, its figure, and how many times as fast as JavaScript it is.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type MeasuredWay, WAYS } from '../../protocol/device';
import type { WayFault } from '../../protocol/protocol';
import { Hint } from '../components/Hint';
import { useFormat } from '../format';
import { figureDigits, speedOf, type Work } from './waySpeeds';

interface WayBarsProps {
  readonly work: Work;
  readonly ways: readonly MeasuredWay[];
}

export function WayBars({ work, ways }: WayBarsProps) {
  const { t } = useTranslation();
  const id = useId();
  const speeds = ways.map((way) => speedOf(way, work) ?? 0);
  const javascript = ways.find(({ way }) => way === 'javascript');
  return (
    <section aria-labelledby={id} className="min-w-0">
      <h3 id={id} className="flex min-h-6 items-center font-voice text-lg">
        {t(`device.ways.${work}`)}
        <Hint about={t(`device.ways.${work}`)}>{t(`device.ways.${work}Help`)}</Hint>
      </h3>
      <dl className="mt-2 text-fine">
        {WAYS.map((way) => (
          <Bar
            key={way}
            measured={ways.find((measured) => measured.way === way) ?? { way }}
            work={work}
            fastest={Math.max(...speeds)}
            javascript={javascript && speedOf(javascript, work)}
          />
        ))}
      </dl>
    </section>
  );
}

interface BarProps {
  readonly measured: MeasuredWay;
  readonly work: Work;
  /** Speed whose bar is the whole width. */
  readonly fastest: number;
  readonly javascript: number | undefined;
}

function Bar({ measured, work, fastest, javascript }: BarProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const faultText = useFaultText();
  const speed = speedOf(measured, work);
  const { way, threads, adapter, isSoftware, fault } = measured;
  const figure = (value: number) => format.number(value, figureDigits(value));
  const name = isSoftware ? 'softwareGpu' : threads !== undefined && way === 'threads' ? 'threadsOf' : way;
  return (
    <div className="grid grid-cols-[1fr_auto] gap-x-3 border-t hairline py-1.5">
      <dt className="min-w-0">
        {t(`device.ways.way.${name}`, { count: threads })}
        {adapter !== undefined && <span className="text-soft"> {adapter}</span>}
      </dt>
      {speed !== undefined && (
        <dd className="text-right">
          <b className="font-semibold">
            {work === 'product' ? `${figure(speed)} GFLOP/s` : t('device.ways.tokens', { value: figure(speed) })}
          </b>{' '}
          {way !== 'javascript' && javascript !== undefined && (
            <span className="block text-soft sm:ml-2 sm:inline">
              {t('device.ways.factor', { factor: figure(speed / javascript) })}
            </span>
          )}
        </dd>
      )}
      {fault ? (
        <dd className="col-span-2 wrap-anywhere text-soft">{faultText(fault)}</dd>
      ) : (
        <dd aria-hidden className="col-span-2 mt-1 h-2 rounded-xs bg-line">
          {speed !== undefined && (
            <span
              className="block h-full min-w-0.5 rounded-xs bg-accent motion-safe:transition-[width] motion-safe:duration-300"
              style={{ width: `${(speed / Math.max(fastest, 1e-9)) * 100}%` }}
            />
          )}
        </dd>
      )}
    </div>
  );
}

function useFaultText(): (fault: WayFault) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (fault) => {
    switch (fault.kind) {
      case 'oneThread':
        return t(`device.ways.fault.oneThread.${fault.limit}`);
      case 'wrong':
        return t('device.ways.fault.wrong', {
          got: format.number(fault.got, 4),
          needed: format.number(fault.needed, 4),
        });
      case 'failed':
        return t('device.ways.fault.failed', { fault: fault.fault });
      default:
        return t(`device.ways.fault.${fault.kind}`);
    }
  };
}
