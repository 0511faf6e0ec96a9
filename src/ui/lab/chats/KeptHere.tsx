// Under an answer on Ask, where thinking is kept: that this one was, and, where nothing can check it, whether it was right.
import { useTranslation } from 'react-i18next';
import { writeAddress } from '../../../state/address';
import { shownSample } from '../../../state/askReducer';
import { useAsk } from '../../../state/page/ask';
import { useChats } from '../../../state/page/chats';
import { ChatVerdict } from './ChatVerdict';

export default function KeptHere() {
  const { t } = useTranslation();
  const question = useAsk((state) => state.request?.question);
  const completion = useAsk((state) => shownSample(state).summary?.completionText);
  const chat = useChats(({ chats }) => chats.find((one) => one.question === question && one.completion === completion));
  if (chat === undefined) return null;
  return (
    <p data-testid="kept-here" className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-1 text-fine text-soft">
      {t('chats.isKept')}
      {chat.verdict?.by !== 'verifier' && <ChatVerdict chat={chat} />}
      <a href={writeAddress('lab', 'chats')} className="link min-h-6">
        {t('chats.seeKept')}
      </a>
    </p>
  );
}
