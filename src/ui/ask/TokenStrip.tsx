// Every token of the answer in a row, tinted where the model was unsure. One of them is looked at: by pointer, focus or
// arrow keys; a line below says how likely it was and what else it might have been.
import { type KeyboardEvent, memo, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreamedToken } from '../../protocol/protocol';
import { shownSample } from '../../state/askReducer';
import { useAsk } from '../../state/page/ask';
import { useFormat } from '../format';
import { ExpertChoices } from './ExpertChoices';
import { TokenAttention } from './TokenAttention';

const MAX_TINT_PERCENT = 55;

export function TokenStrip({ isStreaming }: { readonly isStreaming: boolean }) {
  const { t } = useTranslation();
  const tokens = useAsk((state) => shownSample(state).tokens);
  const canReadAgain = useAsk((state) => state.origin === 'live' && state.pane.phase === 'done' && !state.problem);
  const [chosen, setChosen] = useState<number>();
  const choose = useCallback((index: number) => setChosen(index), []);
  const current = chosen !== undefined && chosen < tokens.length ? chosen : undefined;
  const token = current === undefined ? undefined : tokens[current];
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const from = current ?? 0;
    const last = tokens.length - 1;
    const target = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, target));
    event.currentTarget.querySelectorAll('button')[index]?.focus();
  };
  return (
    <section aria-labelledby="tokens-title" className="mt-4">
      <h2 id="tokens-title" className="caps">
        {t('ask.tokens')}
      </h2>
      <div
        role="toolbar"
        aria-labelledby="tokens-title"
        onKeyDown={onKeyDown}
        className="mt-2 flex flex-wrap gap-y-1 font-mono text-[0.9375rem]"
      >
        {[...tokens.entries()].map(([index, item]) => (
          <Token
            key={index}
            token={item}
            index={index}
            isChosen={index === current}
            isTabStop={index === (current ?? 0)}
            onChoose={choose}
          />
        ))}
        {isStreaming && <span className="caret mt-1" />}
      </div>
      <div className="mt-2 min-h-12 text-fine text-soft">{token ? <Reading token={token} /> : t('ask.tokensHelp')}</div>
      {canReadAgain && current !== undefined && <TokenAttention token={current} />}
      {canReadAgain && <ExpertChoices token={current} />}
    </section>
  );
}

interface TokenProps {
  readonly token: StreamedToken;
  readonly index: number;
  readonly isChosen: boolean;
  readonly isTabStop: boolean;
  readonly onChoose: (index: number) => void;
}

const Token = memo(function Token({ token, index, isChosen, isTabStop, onChoose }: TokenProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = token.text === '' ? t('ask.tokenEnd') : token.text.trim() === '' ? '␣' : token.text.trim();
  const tint = Math.round((1 - token.probability) * MAX_TINT_PERCENT);
  // Smaller, but in full ink: softer text would fade into a strong tint.
  const size = token.part === 'tag' || token.text === '' ? 'text-xs' : '';
  const probability = format.percent(token.probability);
  const label = token.forced
    ? t('ask.tokenForced', { text: shown })
    : t('ask.tokenLabel', { text: shown, probability });
  return (
    <button
      type="button"
      tabIndex={isTabStop ? 0 : -1}
      aria-label={label}
      onFocus={() => onChoose(index)}
      onPointerEnter={() => onChoose(index)}
      className={`min-h-7 min-w-6 rounded-sm px-1 whitespace-pre ${size} ${token.forced ? 'border border-dashed border-edge' : ''} ${isChosen ? 'outline-2 outline-accent' : ''}`}
      style={{ background: `color-mix(in oklab, var(--color-accent) ${tint}%, transparent)` }}
    >
      {shown}
    </button>
  );
});

function Reading({ token }: { readonly token: StreamedToken }) {
  const { t } = useTranslation();
  const format = useFormat();
  const others = token.alternatives.filter(({ text }) => text !== token.text).slice(0, 4);
  const quote = (text: string) => `“${text === '' ? t('ask.tokenEnd') : text.trim() || t('ask.tokenSpace')}”`;
  if (token.forced) {
    return (
      <p data-testid="token-reading">
        <b className="font-mono font-semibold text-ink">{quote(token.text)}</b> {t(`ask.forced.${token.forced}`)}
      </p>
    );
  }
  return (
    <p data-testid="token-reading">
      <b className="font-mono font-semibold text-ink">{quote(token.text)}</b> {t('ask.tokenDrawn')}{' '}
      <b className="font-semibold text-ink">{format.percent(token.probability, 1)}</b>
      {others.length > 0 && (
        <>
          {' · '}
          {t('ask.tokenInstead')}{' '}
          {others.map(({ text, probability }) => (
            <span key={text} className="mr-3 whitespace-nowrap">
              <span className="font-mono text-ink">{quote(text)}</span> {format.percent(probability, 1)}
            </span>
          ))}
        </>
      )}
      {' · '}
      {t('ask.tokenEntropy', { entropy: token.entropy.toFixed(2) })}
    </p>
  );
}
