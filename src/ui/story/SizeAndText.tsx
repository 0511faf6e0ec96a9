// Nine models of three sizes trained here on three lengths of text: which of the two lowers the loss more. Then what repeating a
// text is worth, as it was recorded.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { GridResult } from '../../protocol/laboratory';
import { trainGrid, useGrid } from '../../state/page/gridOfRuns';
import { reveal } from '../../state/page/story';
import { useFormat } from '../format';
import { GridFigure, GridProgress } from '../lab/scaling/GridFigure';
import { RepeatChart } from '../lab/scaling/lawCharts';
import { useIsPredicted } from './Prediction';
import { Prose } from './Prose';
import { Stage, Start } from './Stage';

/** Nats a token that are no difference. */
const ALIKE = 0.05;

interface SizeAndTextProps {
  readonly question: string;
}

export default function SizeAndText({ question }: SizeAndTextProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { status, results, problem } = useGrid();
  const isPredicted = useIsPredicted(question);
  const losses = status === 'ended' ? lossesOf(results) : undefined;
  const came = losses && lowest(losses);
  useEffect(() => {
    if (came) reveal(question, came);
  }, [came, question]);
  return (
    <>
      <Stage title={t('story.scaling.run')} problem={problem}>
        <Start
          label={t(status === 'ended' ? 'story.scaling.again' : 'story.scaling.run')}
          onStart={() => void trainGrid()}
          isBusy={status === 'running'}
          isPredicted={isPredicted}
        />
        <p className="mt-2 min-h-6 text-fine text-soft">
          <GridProgress />
        </p>
        <GridFigure />
        {losses && (
          <p className="mt-3" data-testid="four-losses">
            {t('story.scaling.losses', {
              none: format.number(losses.none, 2),
              size: format.number(losses.size, 2),
              text: format.number(losses.text, 2),
              both: format.number(losses.both, 2),
            })}
          </p>
        )}
      </Stage>
      {losses && (
        <>
          <Prose texts={t('story.scaling.after', { returnObjects: true })} />
          <div className="mt-5">
            <RepeatChart />
          </div>
          <Prose texts={t('story.scaling.wall', { returnObjects: true })} />
        </>
      )}
    </>
  );
}

/** Held-out, in nats a token: of the smallest model on the shortest text, and with more of one or both. */
interface Losses {
  readonly none: number;
  readonly size: number;
  readonly text: number;
  readonly both: number;
}

function lossesOf(results: readonly GridResult[]): Losses | undefined {
  const sizes = results.map(({ parameters }) => parameters);
  const lengths = results.map(({ tokens }) => tokens);
  const at = (parameters: number, isLong: boolean) =>
    results
      .filter((result) => result.parameters === parameters)
      .sort((a, b) => a.tokens - b.tokens)
      .at(isLong ? -1 : 0)?.loss;
  if (new Set(lengths).size < 2) return undefined;
  const [small, large] = [Math.min(...sizes), Math.max(...sizes)];
  const [none, size, text, both] = [at(small, false), at(large, false), at(small, true), at(large, true)];
  if (none === undefined || size === undefined || text === undefined || both === undefined) return undefined;
  return { none, size, text, both };
}

function lowest({ size, text }: Losses): 'size' | 'text' | 'alike' {
  if (Math.abs(size - text) < ALIKE) return 'alike';
  return size < text ? 'size' : 'text';
}
