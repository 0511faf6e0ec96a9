// A row of the graph: an input or a stage, what it is for, and what came of it; the rest unfolds.
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Done } from '../../protocol/protocol';
import type { ChosenPipeline } from '../../state/chosenPipeline';
import { usePipelines } from '../../state/page/pipelines';
import { MeasuredShare } from '../components/MeasuredShare';
import { useFormat } from '../format';
import { useNames } from '../names';
import type { GraphRow } from './graph';
import { LanguageShares } from './LanguageShares';
import { pairFigures } from './pairFigures';
import { Rail, railWidth } from './Rail';
import { StageDetails } from './StageDetails';

interface StageRowProps {
  readonly row: GraphRow;
  readonly numLanes: number;
  readonly chosen: ChosenPipeline;
  readonly done: Done | undefined;
  readonly isRunning: boolean;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

export function StageRow({ row, numLanes, chosen, done, isRunning, isOpen, onToggle }: StageRowProps) {
  const { t } = useTranslation();
  const names = useNames();
  const id = useId();
  const { pipeline } = chosen;
  const stage = pipeline.stages.find(({ name }) => name === row.name);
  const summary = stage ? names.stageSummary(pipeline.name, stage) : t('stages.inputSummary');
  return (
    <li
      data-testid={`stage-${row.name}`}
      className="relative pt-4.5 pb-2"
      style={{ paddingLeft: railWidth(numLanes) + 12 }}
    >
      <Rail row={row} numLanes={numLanes} standing={done ? 'done' : isRunning ? 'running' : 'waiting'} />
      <h2>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          className="flex min-h-7 w-full flex-wrap items-center gap-x-3 text-left"
          onClick={onToggle}
        >
          <span className="font-semibold">{row.name}</span>
          <span className="text-fine text-soft">{stage ? names.stageKind(stage.kind) : t('stages.kindInput')}</span>
          <ChevronRight
            aria-hidden
            size={15}
            className={`ml-auto text-soft motion-safe:transition-transform ${isOpen ? 'rotate-90' : ''}`}
          />
        </button>
      </h2>
      {summary && <p className="max-w-prose text-fine text-think">{summary}</p>}
      {row.needs.length > 0 && (
        <p className="text-fine text-soft">{t('stages.from', { names: row.needs.join(', ') })}</p>
      )}
      {done && <Outcome done={done} />}
      {isRunning && <StageProgress pipeline={pipeline.name} name={row.name} kind={stage?.kind} />}
      <div id={id} hidden={!isOpen}>
        {isOpen && <StageDetails chosen={chosen} stage={stage} name={row.name} done={done} />}
      </div>
    </li>
  );
}

interface StageProgressProps {
  readonly pipeline: string;
  readonly name: string;
  readonly kind: string | undefined;
}

/** What a stage counts, where it is no steps. */
const COUNTED: Readonly<Record<string, 'stages.sampling' | 'stages.comparing'>> = {
  reject: 'stages.sampling',
  pairs: 'stages.comparing',
};

function StageProgress({ pipeline, name, kind }: StageProgressProps) {
  const { t } = useTranslation();
  const progress = usePipelines((state) =>
    state.progress?.pipeline === pipeline && state.progress.name === name ? state.progress : undefined,
  );
  const { phase, done = 0, total = 0 } = progress ?? {};
  return (
    <p data-testid="stage-progress" className="mt-1 text-fine text-accent">
      {phase === undefined
        ? t('stages.preparing')
        : phase === 'measuring'
          ? t('stages.measuring', { done, total })
          : t(COUNTED[kind ?? ''] ?? 'train.stepOf', { step: done, max: total })}
    </p>
  );
}

function Outcome({ done: { evaluation, rejection, preferences, steps, tokens, seconds } }: { readonly done: Done }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <dl className="mt-1.5 flex flex-wrap gap-x-6 gap-y-1 text-fine">
      {evaluation && (
        <>
          <Figure name={t('stages.column.accuracy')}>
            <b className="font-semibold">
              <MeasuredShare share={evaluation.accuracy} trials={evaluation.problems} />
            </b>
          </Figure>
          <Figure name={t('stages.column.format')}>{format.percent(evaluation.format)}</Figure>
          <Figure name={t('stages.column.thinking')}>
            {t('stages.tokens', { count: Number(evaluation.mean_thinking_tokens.toFixed(1)) })}
          </Figure>
          <Figure name={t('stages.column.language')}>
            <LanguageShares language={evaluation.language} />
          </Figure>
        </>
      )}
      {rejection && (
        <Figure name={t('stages.kept')}>
          <b className="font-semibold">
            {t('stages.keptOf', { kept: format.number(rejection.kept), sampled: format.number(rejection.sampled) })}
          </b>
        </Figure>
      )}
      {preferences && (
        <Figure name={t('stages.pairs')}>
          <b className="font-semibold">{t('stages.pairsOf', pairFigures(preferences, format))}</b>
        </Figure>
      )}
      {steps > 0 && !rejection && !preferences && (
        <Figure name={t('stages.column.steps')}>{format.number(steps)}</Figure>
      )}
      {tokens > 0 && <Figure name={t('stages.column.tokens')}>{format.number(tokens)}</Figure>}
      <Figure name={t('stages.column.time')}>{format.duration(seconds * 1000)}</Figure>
    </dl>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-wrap gap-x-1.5">
      <dt className="text-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
