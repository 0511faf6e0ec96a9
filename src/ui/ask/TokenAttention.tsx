// What the token that is looked at attends to; the engine finds it out when this is opened, and for each token anew.
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenAttention as Attention, Result } from '../../protocol/protocol';
import { readAttention, useAsk } from '../../state/page/ask';
import { ProblemNote } from '../components/ProblemNote';
import { lazyPart } from '../i18n/lazyPart';

const AttentionFormula = lazyPart('formula', () => import('../formula/AttentionFormula'));

/** @param token place in the answer. */
export function TokenAttention({ token }: { readonly token: number }) {
  const { t } = useTranslation();
  const askId = useAsk((state) => state.askId);
  const sample = useAsk((state) => state.chosen);
  const [isOpen, setOpen] = useState(false);
  const [read, setRead] = useState<Result<Attention>>();
  useEffect(() => {
    if (!isOpen || askId === undefined) return;
    let isCurrent = true;
    void readAttention(askId, sample, token).then((result) => {
      if (isCurrent) setRead(result);
    });
    return () => {
      isCurrent = false;
    };
  }, [isOpen, askId, sample, token]);
  return (
    <div className="mt-2">
      <button type="button" className="link min-h-6 text-fine" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t('ask.attention')}
      </button>
      {isOpen && read === undefined && <p className="text-fine text-soft">{t('ask.expertsReading')}</p>}
      {isOpen && read?.ok === false && <ProblemNote problem={read.error} />}
      {isOpen && read?.ok && (
        <Suspense>
          <AttentionFormula attention={read.value} />
        </Suspense>
      )}
    </div>
  );
}
