// Both players of Nim made here, by the small form of the pipeline self-play: how often each finds a winning move, beside the
// teacher that was imitated.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PipelineProgress } from '../../protocol/protocol';
import { runNamedPipeline, usePipelineDesk } from '../../state/page/pipelineDesk';
import { reveal, useStory } from '../../state/page/story';
import { useShareText } from '../components/MeasuredShare';
import { useFormat } from '../format';
import { StudyCharts, useStudyText } from '../lab/nim/StudyCharts';
import { type NimPlayer, PIPELINE, PLAYERS, useNimPlayers } from '../lab/nim/useNimPlayers';
import { useIsPredicted } from './Prediction';
import { Prose } from './Prose';
import { Stage, Start } from './Stage';

interface PlayItselfProps {
  readonly question: string;
  /** Share of the teacher's moves that win. */
  readonly teacher: number;
}

export default function PlayItself({ question, teacher }: PlayItselfProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = useShareText();
  const studied = useStudyText();
  const isPredicted = useIsPredicted(question);
  const { run, progress } = useNimPlayers();
  const { pending, problem } = usePipelineDesk();
  const evaluationOf = (name: NimPlayer) => run?.done.find((done) => done.name === name)?.evaluation;
  const [before, after] = PLAYERS.map((name) => evaluationOf(name)?.accuracy);
  const came = before === undefined || after === undefined ? undefined : judge(before, after, teacher);
  const isRunning = run?.status === 'running';
  const isRevealed = useStory(({ predictions }) => predictions[question]?.came !== undefined);
  // Players that were made before are shown when that is asked for: first comes the guess.
  const wasWatched = useRef(false);
  useEffect(() => {
    wasWatched.current ||= isRunning;
    if (came && wasWatched.current) reveal(question, came);
  }, [came, isRunning, question]);
  const label = came ? 'show' : run && !isRunning ? 'goOn' : 'run';
  return (
    <>
      <Stage title={t('story.selfPlay.run')} problem={problem ?? run?.problem}>
        {!(isRevealed && came) && (
          <Start
            label={t(`story.selfPlay.${label}`)}
            onStart={() => (came ? reveal(question, came) : void runNamedPipeline(PIPELINE))}
            isBusy={isRunning || pending !== undefined}
            isPredicted={isPredicted}
          />
        )}
        <Activity progress={isRunning ? progress : undefined} />
        {(isRevealed || isRunning) && (
          <dl data-testid="players" className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4">
            {before !== undefined && (
              <>
                <dt className="text-soft">{t('story.selfPlay.teacher')}</dt>
                <dd>{format.percent(teacher)}</dd>
              </>
            )}
            {PLAYERS.map((name) => {
              const evaluation = evaluationOf(name);
              if (!evaluation) return null;
              return (
                <Row
                  key={name}
                  label={t(`story.selfPlay.${name}`)}
                  text={share(evaluation.accuracy, evaluation.problems)}
                />
              );
            })}
          </dl>
        )}
        {isRevealed && <p className="mt-2 text-fine text-soft">{t('story.selfPlay.unseen')}</p>}
      </Stage>
      {isRevealed && (
        <>
          <Prose texts={t('story.selfPlay.after', { returnObjects: true })} />
          <p className="mt-5 max-w-prose text-fine text-soft">{studied}</p>
          <StudyCharts />
          <Prose texts={t('story.selfPlay.limits', { returnObjects: true })} />
        </>
      )}
    </>
  );
}

function Row({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <>
      <dt className="text-soft">{label}</dt>
      <dd>{text}</dd>
    </>
  );
}

function Activity({ progress }: { readonly progress: PipelineProgress | undefined }) {
  const { t } = useTranslation();
  const stage = PLAYERS.find((name) => name === progress?.name);
  return (
    <p role="status" className="mt-2 min-h-6 text-fine text-soft">
      {stage && progress && t('story.selfPlay.part', { ...progress, stage: t(`story.selfPlay.stage.${stage}`) })}
    </p>
  );
}

/** What came of the guess. */
function judge(before: number, after: number, teacher: number): 'worse' | 'better' | 'above' {
  if (after > teacher) return 'above';
  return after > before ? 'better' : 'worse';
}
