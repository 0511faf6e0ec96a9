// The Story screen: the chapters beside the one that is read, or the story's beginning where none is named.
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { setPreferences } from '../../state/page/preferences';
import { useSession } from '../../state/page/session';
import { usePart } from '../app/screens';
import { Contents } from './Contents';
import { Cover } from './Cover';
import { findChapter } from './chapters';
import { PROGRAMS } from './programs';

export default function StoryScreen() {
  const { t } = useTranslation();
  const chapter = findChapter(usePart());
  const Content = chapter && PROGRAMS[chapter.name];
  const isUnavailable = useSession((session) => session.status === 'unavailable');
  useEffect(() => setPreferences({ invitesToStory: false }), []);
  return (
    <div className="gap-x-12 md:grid md:grid-cols-[13rem_minmax(0,46rem)]">
      <Contents current={chapter?.name} />
      <div className="min-w-0">
        {isUnavailable && (
          <p className="mb-4 border-l-3 border-accent bg-wash px-4 py-2">{t('story.frame.unavailable')}</p>
        )}
        {Content ? (
          <Suspense key={chapter?.name} fallback={<p className="text-soft">{t('app.loadingScreen')}</p>}>
            <Content />
          </Suspense>
        ) : (
          <Cover />
        )}
      </div>
    </div>
  );
}
