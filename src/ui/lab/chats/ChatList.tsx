// The thoughts that are kept, newest first, each with its verdict: the verifier's, or the reader's own.
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Chat } from '../../../state/chats';
import { forget, useChats } from '../../../state/page/chats';
import { parseCompletion } from '../../../tasks/completion';
import { LanguageText } from '../../components/LanguageText';
import { Maths } from '../../components/Maths';
import { toPlainMaths } from '../../components/typeset';
import { useFormat } from '../../format';
import { ChatVerdict } from './ChatVerdict';

const FEW = 10;

export function ChatList() {
  const { t } = useTranslation();
  const chats = useChats((state) => state.chats);
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? chats : chats.slice(0, FEW);
  return (
    <>
      <ul data-testid="chats">
        {shown.map((chat) => (
          <Kept key={`${chat.at} ${chat.question} ${chat.completion}`} chat={chat} />
        ))}
      </ul>
      {shown.length < chats.length && (
        <button type="button" className="link mt-2 min-h-6 text-fine" onClick={() => setWhole(true)}>
          {t('chats.showAll', { count: chats.length })}
        </button>
      )}
    </>
  );
}

function Kept({ chat }: { readonly chat: Chat }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { question, completion, model, at } = chat;
  const { thinking = '', answer = '' } = parseCompletion(completion);
  const label =
    question === '' ? t('chats.forgetUnasked') : t('chats.forget', { question: toPlainMaths(question).slice(0, 60) });
  return (
    <li className="border-b hairline py-3">
      <div className="flex items-start gap-3">
        <p className="min-w-0 flex-1 wrap-anywhere">
          {question === '' ? <span className="text-soft">{t('chats.noQuestion')}</span> : <Maths text={question} />}
        </p>
        <button type="button" className="button-plain" aria-label={label} onClick={() => forget(chat)}>
          <X aria-hidden size={14} />
        </button>
      </div>
      <p className="mt-1 line-clamp-3 font-voice text-sm wrap-anywhere text-soft">
        <LanguageText text={toPlainMaths(thinking)} />
      </p>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="font-voice text-lg wrap-anywhere">
          <Maths text={answer} />
        </span>
        <ChatVerdict chat={chat} />
        <span className="ml-auto text-fine text-soft">
          {model}, {format.date(new Date(at).toISOString())}
        </span>
      </p>
    </li>
  );
}
