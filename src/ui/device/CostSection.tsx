// What an answer or a training step cost: its figures in a line, and phase by phase in a table with a bar for each.
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhaseCost, WorkCost } from '../../protocol/protocol';
import { Hint } from '../components/Hint';
import { SCROLLABLE } from '../components/scrollable';
import { useFormat } from '../format';
import { useNames } from '../names';
import { dispatchesPerDecodeStep, overallGflops, phaseRates, shareOutside, sumOf } from './costs';

const COLUMNS = ['phase', 'onDevice', 'tokenRate', 'gflops', 'dispatches', 'submits'] as const;

interface CostSectionProps {
  readonly title: string;
  /** Said where nothing was measured yet. */
  readonly none: string;
  readonly cost: WorkCost | undefined;
  readonly testId: string;
}

export function CostSection({ title, none, cost, testId }: CostSectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} data-testid={testId} className="mt-10 border-t hairline pt-5">
      <h2 id={id} className="caps">
        {title}
      </h2>
      {cost === undefined ? (
        <p className="mt-1 text-fine text-soft">{none}</p>
      ) : (
        <>
          <Figures cost={cost} />
          <Phases cost={cost} labelledBy={id} />
        </>
      )}
    </section>
  );
}

function Figures({ cost }: { readonly cost: WorkCost }) {
  const { t } = useTranslation();
  const format = useFormat();
  const perStep = dispatchesPerDecodeStep(cost);
  const gflops = overallGflops(cost);
  return (
    <>
      <dl className="mt-2 flex flex-wrap gap-x-8 gap-y-3">
        <Figure name={t('device.elapsed')}>{format.milliseconds(cost.elapsedMs)}</Figure>
        {gflops !== undefined && (
          <Figure name="GFLOP/s" help={t('device.gflopsHelp')}>
            {format.number(gflops, 2)}
          </Figure>
        )}
        <Figure name={t('device.outside')} help={t('device.outsideHelp')}>
          {format.percent(shareOutside(cost))}
        </Figure>
        <Figure name={t('device.dispatches')}>{format.number(sumOf(cost, 'dispatches'))}</Figure>
        {perStep !== undefined && <Figure name={t('device.perDecodeStep')}>{format.number(perStep)}</Figure>}
        <Figure name={t('device.submitP99')} help={t('device.submitHelp')}>
          {format.milliseconds(cost.submitP99Ms)}
        </Figure>
      </dl>
      {cost.isByClock && <p className="mt-2 max-w-prose text-fine text-soft">{t('device.byClock')}</p>}
    </>
  );
}

function Figure({
  name,
  help,
  children,
}: {
  readonly name: string;
  readonly help?: string;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt className="flex min-h-6 items-center text-fine text-soft">
        {name}
        {help && <Hint about={name}>{help}</Hint>}
      </dt>
      <dd className="font-voice text-xl">{children}</dd>
    </div>
  );
}

function Phases({ cost, labelledBy }: { readonly cost: WorkCost; readonly labelledBy: string }) {
  const { t } = useTranslation();
  return (
    <section {...SCROLLABLE} aria-labelledby={labelledBy} className="relative mt-3 scroll-x">
      <table className="w-full min-w-2xl text-right text-fine [&_td]:whitespace-nowrap">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th
                key={column}
                scope="col"
                className="py-1.5 pl-4 font-normal whitespace-nowrap text-soft first:pl-0 first:text-left"
              >
                <span className="inline-flex items-center">
                  {t(`device.column.${column}`)}
                  {column === 'onDevice' && <Hint about={t('device.column.onDevice')}>{t('device.onDeviceHelp')}</Hint>}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cost.phases.map((phase) => (
            <Phase key={phase.phase} phase={phase} elapsedMs={cost.elapsedMs} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Phase({ phase, elapsedMs }: { readonly phase: PhaseCost; readonly elapsedMs: number }) {
  const format = useFormat();
  const names = useNames();
  const { tokensPerSecond, gflops } = phaseRates(phase);
  const share = (ms: number) => `${Math.min(100, (ms / Math.max(elapsedMs, 1e-9)) * 100)}%`;
  const known = (value: number | undefined, write: (value: number) => string) =>
    value === undefined ? <span className="text-soft">–</span> : write(value);
  return (
    <tr className="border-t hairline">
      <th scope="row" className="w-1/3 py-1.5 text-left font-normal">
        {names.phase(phase.phase)}
        <span aria-hidden className="relative mt-1 block h-1 rounded-full bg-line">
          <span className="absolute inset-y-0 left-0 rounded-full bg-accent" style={{ width: share(phase.ms ?? 0) }} />
        </span>
      </th>
      <td className="pl-4">{known(phase.ms, format.milliseconds)}</td>
      <td className="pl-4">{known(tokensPerSecond, format.number)}</td>
      <td className="pl-4">{known(gflops, (value) => format.number(value, 2))}</td>
      <td className="pl-4">{format.number(phase.dispatches)}</td>
      <td className="pl-4">{format.number(phase.submits)}</td>
    </tr>
  );
}
