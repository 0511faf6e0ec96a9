// Every checkpoint of a pipeline beside the others: what became of the model from stage to stage.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Done, PipelineRun } from '../../protocol/protocol';
import { MeasuredShare } from '../components/MeasuredShare';
import { SCROLLABLE } from '../components/scrollable';
import { useFormat } from '../format';
import { useNames } from '../names';
import { LanguageShares } from './LanguageShares';
import { pairFigures } from './pairFigures';

const COLUMNS = ['checkpoint', 'accuracy', 'format', 'thinkingLength', 'language', 'steps', 'tokens', 'time'] as const;
/** Columns that only a measured model has. */
const NUM_MEASURED = 4;

export function CheckpointTable({ run }: { readonly run: PipelineRun }) {
  const { t } = useTranslation();
  const format = useFormat();
  const titleId = useId();
  if (run.done.length === 0) return null;
  const temperature = run.pipeline.evaluation?.temperature;
  const counts = new Set(run.done.flatMap(({ evaluation }) => (evaluation ? [evaluation.problems] : [])));
  const [trials] = counts.size === 1 ? counts : [];
  return (
    <section aria-labelledby={titleId} className="mt-10 border-t hairline pt-5">
      <h3 id={titleId} className="caps">
        {t('stages.checkpoints')}
      </h3>
      <p className="mt-1 max-w-prose text-fine text-soft">
        {t('stages.checkpointsHelp')} {temperature !== undefined && t('stages.measuredAt', { temperature })}
      </p>
      <section {...SCROLLABLE} aria-labelledby={titleId} className="scroll-x relative mt-2">
        <table
          data-testid="checkpoint-table"
          className="w-full min-w-2xl text-right text-fine [&_td]:pl-2 [&_td]:whitespace-nowrap"
        >
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className="py-1.5 pl-2 align-bottom font-normal text-soft first:pl-0 first:text-left nth-5:text-left"
                >
                  {column === 'accuracy' && trials !== undefined
                    ? t('stages.column.accuracyOf', { trials: format.number(trials) })
                    : t(`stages.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {run.done.map((done) => (
              <Row key={done.name} run={run} done={done} isCountSaid={trials !== undefined} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface RowProps {
  readonly run: PipelineRun;
  readonly done: Done;
  readonly isCountSaid: boolean;
}

function Row({ run, done, isCountSaid }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const { name, evaluation, rejection, preferences, steps, tokens, seconds } = done;
  const stage = run.pipeline.stages.find((other) => other.name === name);
  const needs = stage?.needs ?? [];
  const none = <span className="text-soft">–</span>;
  return (
    <tr className="border-t hairline">
      <th scope="row" className="min-w-28 py-1.5 text-left font-normal text-soft">
        <span className="block font-semibold text-ink">{name}</span>
        {stage ? names.stageKind(stage.kind) : t('stages.kindInput')}
        {needs.length > 0 && ` ${t('stages.from', { names: needs.join(', ') })}`}
      </th>
      {evaluation ? (
        <>
          <td className="font-semibold">
            <MeasuredShare share={evaluation.accuracy} trials={evaluation.problems} isCountSaid={isCountSaid} />
          </td>
          <td>{format.percent(evaluation.format, 1)}</td>
          <td>{format.number(evaluation.mean_thinking_tokens, 1)}</td>
          <td className="text-left">
            <LanguageShares language={evaluation.language} />
          </td>
        </>
      ) : (
        <td className="text-left text-think" colSpan={NUM_MEASURED}>
          {preferences && t('stages.pairsOf', pairFigures(preferences, format))}
          {rejection &&
            t('stages.keptRow', { kept: format.number(rejection.kept), sampled: format.number(rejection.sampled) })}
        </td>
      )}
      {/* What sampling counts are problems or pairs, not steps of training. */}
      <td>{steps > 0 && !rejection && !preferences ? format.number(steps) : none}</td>
      <td>{tokens > 0 ? format.number(tokens) : none}</td>
      <td>{format.duration(seconds * 1000)}</td>
    </tr>
  );
}
