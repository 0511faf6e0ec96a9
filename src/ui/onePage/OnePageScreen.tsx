// The whole of GRPO on one page: the program that is read is the program that runs, with what its lines find beside them.
import { useTranslation } from 'react-i18next';
import { Switch } from '../components/Switch';
import { AccuracyCurve } from './AccuracyCurve';
import { Program } from './Program';
import { usePlayer } from './usePlayer';

export default function OnePageScreen() {
  const { t } = useTranslation();
  const { progress, isPlaying, isSlow, setPlaying, setSlow, stepLine, stepRound, restart } = usePlayer();
  return (
    <>
      <h1 className="font-voice text-[1.75rem] leading-tight italic">{t('onePage.title')}</h1>
      <p className="mt-2 max-w-prose">{t('onePage.intro')}</p>
      <p className="mt-1 max-w-prose text-fine text-soft">{t('onePage.tested')}</p>
      <div className="mt-5 grid gap-x-8 gap-y-5 md:grid-cols-[16.25rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-y-5">
          <div className="grid grid-cols-2 items-center gap-2">
            <button type="button" className="button button-primary" onClick={() => setPlaying(!isPlaying)}>
              {t(isPlaying ? 'onePage.pause' : 'onePage.play')}
            </button>
            <span className="justify-self-end">
              <Switch checked={isSlow} onChange={setSlow}>
                {t('onePage.slowly')}
              </Switch>
            </span>
            <button type="button" className="button" disabled={isPlaying} onClick={stepLine}>
              {t('onePage.line')}
            </button>
            <button type="button" className="button" disabled={isPlaying} onClick={stepRound}>
              {t('onePage.round')}
            </button>
            <button
              type="button"
              className="button-plain col-span-2 justify-self-start"
              disabled={progress.at === undefined}
              onClick={restart}
            >
              {t('onePage.again')}
            </button>
          </div>
          <AccuracyCurve accuracies={progress.accuracies} />
        </div>
        <Program progress={progress} isFollowed={!isPlaying || isSlow} />
      </div>
    </>
  );
}
