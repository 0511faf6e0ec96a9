// The frame of a chapter: where in the story it is, its heading, what is read and tried, and the ways on. One that the reader
// came to from another has its heading in focus.
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { addressOf, CHAPTERS, type ChapterName, placeOf } from './chapters';

/** The chapter that was read last, while the page is open. */
let last: ChapterName | undefined;

export function Chapter({ name, children }: { readonly name: ChapterName; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const { number, count, previous, next } = placeOf(name);
  const minutes = CHAPTERS[number - 1]?.minutes ?? 0;
  useEffect(() => {
    if (last !== undefined && last !== name) {
      scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    last = name;
  }, [name]);
  return (
    <article>
      <p className="caps">
        {t('story.frame.place', { number, count })} · {t('story.frame.minutes', { count: minutes })}
      </p>
      <h1 ref={heading} tabIndex={-1} className="mt-1 font-voice text-3xl leading-tight outline-none sm:text-4xl">
        {t(`story.${name}.title`)}
      </h1>
      {children}
      <nav
        aria-label={t('story.frame.place', { number, count })}
        className="mt-12 flex flex-wrap gap-3 border-t hairline pt-5"
      >
        {previous && (
          <a href={addressOf(previous.name)} className="button">
            ← {t('story.frame.previous')}
          </a>
        )}
        {next && (
          <a href={addressOf(next.name)} className="button button-primary ml-auto">
            {t('story.frame.next', { title: t(`story.${next.name}.title`) })} →
          </a>
        )}
      </nav>
    </article>
  );
}
