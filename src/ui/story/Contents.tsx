// The list of chapters: beside the chapter where there is room, folded above it where there is none.
import { useTranslation } from 'react-i18next';
import { addressOf, CHAPTERS, type ChapterName } from './chapters';
import { useTried } from './useTried';

export function Contents({ current }: { readonly current: ChapterName | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      <nav aria-label={t('story.frame.contents')} className="hidden text-fine md:block">
        <div className="sticky top-6">
          <h2 className="caps mb-2">{t('story.frame.contents')}</h2>
          <List current={current} />
        </div>
      </nav>
      {current && (
        <details className="mb-5 border-b hairline pb-2 text-fine md:hidden">
          <summary className="min-h-6 text-soft">{t('story.frame.contents')}</summary>
          <nav aria-label={t('story.frame.contents')}>
            <List current={current} />
          </nav>
        </details>
      )}
    </>
  );
}

function List({ current }: { readonly current: ChapterName | undefined }) {
  const { t } = useTranslation();
  const tried = useTried();
  return (
    <ol>
      {CHAPTERS.map(({ name }, index) => (
        <li key={name}>
          <a
            href={addressOf(name)}
            aria-current={name === current ? 'page' : undefined}
            className="flex min-h-7 gap-2 py-1 text-soft hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink"
          >
            <span className="w-5 shrink-0 text-right">{index + 1}</span>
            <span className="min-w-0">
              {t(`story.${name}.title`)}
              {tried.has(name) && (
                <span className="ml-1 text-good">
                  <span aria-hidden>✓</span>
                  <span className="sr-only">({t('story.frame.done')})</span>
                </span>
              )}
            </span>
          </a>
        </li>
      ))}
    </ol>
  );
}
