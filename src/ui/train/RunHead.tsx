// The head of a run: its story in a sentence, and what it is doing now with how much is left.

import { Suspense } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { numSteps } from '../../protocol/options';
import { useRecordedRun } from '../../state/page/recordedRun';
import { useRun } from '../../state/page/run';
import { runTitle } from '../../state/runTitle';
import { MeasuredChange } from '../components/MeasuredChange';
import { Recorded } from '../components/Recorded';
import { useFormat } from '../format';
import { lazyPart } from '../i18n/lazyPart';
import { AilingNote } from './AilingNote';
import { AlarmNote } from './AlarmNote';
import { findLead, findPace, lengthWords } from './lead';
import { RunDevices } from './RunDevices';

// Beside what a run shows, not needed to see it.
const RunDesk = lazyPart('links', () => import('./RunDesk'));

const accent = { b: <b className="font-normal text-accent" /> };

export function RunHead() {
  const run = useRun((state) => state.run);
  const origin = useRun((state) => state.origin);
  const recording = useRecordedRun((state) => state.recording);
  const madeBy = origin === 'recorded' ? recording?.madeBy : undefined;
  return (
    <header>
      {madeBy && (
        <div className="mb-2">
          <Recorded madeBy={madeBy} />
        </div>
      )}
      <Story />
      {run && <Progress />}
      <RunDevices />
      {run && (
        <Suspense fallback={<div className="mt-1 min-h-7" />}>
          <RunDesk />
        </Suspense>
      )}
      <AilingNote />
      <AlarmNote />
    </header>
  );
}

function Story() {
  const { t } = useTranslation();
  const format = useFormat();
  const steps = useRun((state) => state.steps);
  const settings = useRun(({ run }) => (run?.madeElsewhere ? undefined : run?.settings));
  const lead = findLead(steps, settings?.evalProblems);
  if (lead === undefined) {
    return (
      <>
        <h1 className="font-voice text-[1.5625rem] leading-snug">{t('train.intro')}</h1>
        <p className="mt-1 max-w-prose text-soft">{t('train.introMore')}</p>
      </>
    );
  }
  const { before, beforeStep, now, step, isUnsure, isHeldOut, lengthRatio } = lead;
  const words = lengthRatio === undefined ? undefined : lengthWords(lengthRatio);
  const times =
    lengthRatio === undefined
      ? ''
      : words === 'leadShorter'
        ? format.percent(lengthRatio)
        : format.number(lengthRatio, 1);
  return (
    <>
      <h1 data-testid="lead" className="font-voice text-[1.5625rem] leading-snug">
        <Trans
          i18nKey={beforeStep > 1 ? 'train.leadFirst' : 'train.leadBefore'}
          values={{ step: beforeStep, before: format.percent(before) }}
          components={accent}
        />
        {now !== undefined && (
          <>
            <Trans i18nKey="train.leadNow" values={{ step, now: format.percent(now) }} components={accent} />
            {isUnsure && settings && t('train.leadUnsure', { count: settings.evalProblems })}
            {t(`train.${words ?? 'leadOnly'}`, { times })}
          </>
        )}
      </h1>
      {isHeldOut && settings && (
        <MeasuredChange
          before={{ accuracy: before, problems: settings.evalProblems }}
          now={now === undefined ? undefined : { accuracy: now, problems: settings.evalProblems }}
          temperature={settings.config.temperature}
        />
      )}
    </>
  );
}

function Progress() {
  const { t } = useTranslation();
  const format = useFormat();
  const { run, origin, phase, done, total, steps, savedStep } = useRun();
  if (run === undefined) return null;
  // What another tab does with the run now is not known here.
  const isElsewhere = origin === 'elsewhere';
  const isToCome = origin === 'live' && phase !== 'finished' && phase !== 'failed';
  const max = numSteps(run.settings.config);
  const words = t(`train.phase.${phase}`);
  const pace = findPace(steps, run.step, max);
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-fine text-soft">
      <span className="text-ink">{runTitle(run)}</span>
      <span data-testid="phase" className="min-w-24">
        {isElsewhere
          ? t('train.elsewhereStatus')
          : total > 1
            ? t('train.phasePart', { phase: words, done: Math.min(done + 1, total), total })
            : words}
      </span>
      <span data-testid="step">{t('train.stepOf', { step: run.step, max })}</span>
      <progress aria-label={t('train.progress')} className="sr-only" value={run.step} max={max} />
      <span aria-hidden className="h-[3px] min-w-24 flex-1 overflow-hidden rounded-full bg-line sm:max-w-72">
        <span className="block h-full bg-accent" style={{ width: `${Math.min(100, (run.step / max) * 100)}%` }} />
      </span>
      {pace && <span>{t('train.perStep', { duration: format.duration(pace.stepMs) })}</span>}
      {pace && isToCome && <span>{t('train.left', { duration: format.duration(pace.leftMs) })}</span>}
      {savedStep !== undefined && savedStep > 0 && <span>{t('train.saved', { step: savedStep })}</span>}
    </div>
  );
}
