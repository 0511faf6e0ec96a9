// Whether a kept thought came out right, and who says so; where nothing can check it, the reader is asked.
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Chat } from '../../../state/chats';
import { judge } from '../../../state/page/chats';

export function ChatVerdict({ chat }: { readonly chat: Chat }) {
  const { t } = useTranslation();
  const { verdict } = chat;
  if (verdict?.by === 'verifier') return <Mark isRight={verdict.isRight} by={t('chats.by.verifier')} />;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 text-fine">
      {verdict ? (
        <Mark isRight={verdict.isRight} by={t('chats.by.reader')} />
      ) : (
        <span className="text-soft">{t('chats.open')}</span>
      )}
      <Judge chat={chat} isRight />
      <Judge chat={chat} isRight={false} />
    </span>
  );
}

function Judge({ chat, isRight }: { readonly chat: Chat; readonly isRight: boolean }) {
  const { t } = useTranslation();
  const Icon = isRight ? ThumbsUp : ThumbsDown;
  const label = t(isRight ? 'chats.yes' : 'chats.no');
  return (
    <button
      type="button"
      className="button-plain aria-pressed:text-accent"
      aria-pressed={chat.verdict?.isRight === isRight}
      aria-label={label}
      title={label}
      onClick={() => judge(chat, isRight)}
    >
      <Icon aria-hidden size={16} />
    </button>
  );
}

function Mark({ isRight, by }: { readonly isRight: boolean; readonly by: string }) {
  const { t } = useTranslation();
  return (
    <span className="text-fine">
      <span className={isRight ? 'text-good' : 'text-bad'}>
        {isRight ? '✓' : '✗'} {t(isRight ? 'chats.right' : 'chats.wrong')}
      </span>{' '}
      <span className="text-soft">{by}</span>
    </span>
  );
}
