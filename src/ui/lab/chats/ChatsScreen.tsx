// What the reader let this browser keep of their questions: the switch, the thoughts with their verdicts, and learning from them.
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useChats } from '../../../state/page/chats';
import { setPreferences, usePreferences } from '../../../state/page/preferences';
import { Switch } from '../../components/Switch';
import { useFormat } from '../../format';
import { lazyPart } from '../../i18n/lazyPart';
import { ChatFiles } from './ChatFiles';
import { ChatList } from './ChatList';

const LearnFromChats = lazyPart<object>('later', () => import('./LearnFromChats'));

export default function ChatsScreen() {
  const { t } = useTranslation();
  const keepsChats = usePreferences((preferences) => preferences.keepsChats);
  const { chats, isUnsaved } = useChats();
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-8">
        <h1 className="font-voice text-[1.5625rem] leading-snug">{t('chats.title')}</h1>
        <a href="#ask" className="link min-h-6 text-fine">
          {t('chats.back')}
        </a>
      </div>
      <p className="mt-1 max-w-prose text-soft">{t('chats.intro')}</p>
      <p className="mt-4">
        <Switch checked={keepsChats} onChange={(isOn) => setPreferences({ keepsChats: isOn })}>
          {t('chats.keep')}
        </Switch>
      </p>
      <p className="mt-1 max-w-prose text-fine text-soft">{t(keepsChats ? 'chats.keepOn' : 'chats.keepOff')}</p>
      {isUnsaved && <p className="mt-1 text-fine text-bad">{t('chats.unsaved')}</p>}
      {chats.length === 0 ? (
        <p className="mt-6 text-soft">
          {t(keepsChats ? 'chats.noneOn' : 'chats.none')}{' '}
          {keepsChats && (
            <a href="#ask" className="link">
              {t('chats.askNow')}
            </a>
          )}
        </p>
      ) : (
        <div className="mt-6 grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <section aria-labelledby="chats-kept" className="min-w-0 max-lg:order-2">
            <Counts />
            <ChatList />
          </section>
          <div className="min-w-0">
            <Suspense>
              <LearnFromChats />
            </Suspense>
          </div>
        </div>
      )}
      <ChatFiles />
    </>
  );
}

function Counts() {
  const { t } = useTranslation();
  const format = useFormat();
  const chats = useChats((state) => state.chats);
  const right = chats.filter(({ verdict }) => verdict?.isRight);
  const verified = right.filter(({ verdict }) => verdict?.by === 'verifier').length;
  const all = t('chats.count', { count: chats.length });
  const judged = right.length - verified;
  return (
    <h2 id="chats-kept" className="text-fine text-soft" data-testid="chat-counts">
      {t(judged > 0 ? 'chats.countsJudged' : 'chats.counts', {
        all,
        verified: format.number(verified),
        judged: format.number(judged),
      })}
    </h2>
  );
}
