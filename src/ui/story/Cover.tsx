// The story's beginning: what it is, its chapters, and the way in: to the first, or to the first that was not tried yet.
import { useTranslation } from 'react-i18next';
import { forgetPredictions, useStory } from '../../state/page/story';
import { addressOf, CHAPTERS } from './chapters';
import { Prose } from './Prose';
import { useTried } from './useTried';

export function Cover() {
  const { t } = useTranslation();
  const tried = useTried();
  const hasGuessed = useStory((story) => Object.keys(story.predictions).length > 0);
  const [first] = CHAPTERS;
  const next = CHAPTERS.find(({ name }) => !tried.has(name)) ?? first;
  return (
    <>
      <h1 className="font-voice text-3xl leading-tight sm:text-4xl">{t('story.frame.title')}</h1>
      <Prose texts={t('story.frame.lead', { returnObjects: true })} />
      <p className="mt-6 flex flex-wrap items-center gap-x-5 gap-y-2">
        <a href={addressOf(next.name)} className="button button-primary">
          {next === first ? t('story.frame.begin') : t('story.frame.goOn', { title: t(`story.${next.name}.title`) })}
        </a>
        {hasGuessed && (
          <button type="button" className="button-plain text-fine" onClick={forgetPredictions}>
            {t('story.frame.startAgain')}
          </button>
        )}
      </p>
      <p className="mt-5 text-fine text-soft">
        {t('story.frame.recorded')}{' '}
        <a href="#gallery" className="link min-h-6">
          {t('story.frame.gallery')}
        </a>
      </p>
      <ol className="mt-8 md:hidden">
        {CHAPTERS.map(({ name, minutes }, index) => (
          <li key={name} className="border-b border-dotted border-line">
            <a href={addressOf(name)} className="flex min-h-10 items-baseline gap-3 py-2 hover:text-accent">
              <span className="w-5 shrink-0 text-right text-soft">{index + 1}</span>
              <span className="min-w-0 flex-1">{t(`story.${name}.title`)}</span>
              <span className="shrink-0 text-fine text-soft">{t('story.frame.minutes', { count: minutes })}</span>
            </a>
          </li>
        ))}
      </ol>
    </>
  );
}
