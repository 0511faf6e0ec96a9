// A pipeline drawn as a list down which lines run: what each row makes, from what, how far it is and what came of it.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChosenPipeline } from '../../state/chosenPipeline';
import { layoutGraph } from './graph';
import { LegendNode } from './Rail';
import { StageRow } from './StageRow';

interface PipelineGraphProps {
  readonly chosen: ChosenPipeline;
}

/** Another pipeline begins as it is, with nothing opened by hand. */
export function PipelineGraph({ chosen }: PipelineGraphProps) {
  return <GraphOfOne key={chosen.pipeline.name} chosen={chosen} />;
}

function GraphOfOne({ chosen }: PipelineGraphProps) {
  const { pipeline, run } = chosen;
  const { t } = useTranslation();
  const { rows, numLanes } = useMemo(() => layoutGraph(pipeline), [pipeline]);
  const running = run?.status === 'running' ? run.next : undefined;
  // What the reader opened or closed by hand; the stage that runs is open by itself.
  const [unfolded, setUnfolded] = useState<Readonly<Record<string, boolean>>>({});
  return (
    <section aria-label={t('stages.graph')}>
      <ol data-testid="pipeline-graph">
        {rows.map((row) => {
          const isOpen = unfolded[row.name] ?? row.name === running;
          return (
            <StageRow
              key={`${pipeline.name}/${row.name}`}
              row={row}
              numLanes={numLanes}
              chosen={chosen}
              done={run?.done.find(({ name }) => name === row.name)}
              isRunning={row.name === running}
              isOpen={isOpen}
              onToggle={() => setUnfolded({ ...unfolded, [row.name]: !isOpen })}
            />
          );
        })}
      </ol>
      <p className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-fine text-soft">
        {pipeline.inputs.length > 0 && (
          <span>
            <LegendNode makes="input" /> {t('stages.makes.input')}
          </span>
        )}
        <span>
          <LegendNode makes="model" /> {t('stages.makes.model')}
        </span>
        {rows.some(({ makes }) => makes === 'set') && (
          <span>
            <LegendNode makes="set" /> {t('stages.makes.set')}
          </span>
        )}
      </p>
    </section>
  );
}
