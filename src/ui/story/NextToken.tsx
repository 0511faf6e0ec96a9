// What a model thinks comes next, token by token at the reader's pace; who takes another token sees how it goes on from there.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreamedToken, TokenAlternative } from '../../protocol/protocol';
import { shownSample } from '../../state/askReducer';
import { useSession } from '../../state/page/session';
import { asides } from '../../state/page/story';
import { useFormat } from '../format';
import { Stage, Start } from './Stage';
import { SumField } from './SumField';
import { TokenBars } from './TokenBars';

const MODEL = 'base';

export function NextToken() {
  const { t } = useTranslation();
  const { predicted } = asides;
  const [question, setQuestion] = useState('7-4+4-5');
  const [count, setCount] = useState(0);
  const [isBusy, setBusy] = useState(false);
  /** Up to the token that the reader took last. */
  const [taken, setTaken] = useState<readonly StreamedToken[]>([]);
  const seed = useRef(0);
  const { tokens: told, summary } = predicted.useAnswer(shownSample);
  const problem = predicted.useAnswer((state) => state.problem);
  // The engine tells what was taken as forced; here it keeps the odds that it had.
  const tokens = [...taken, ...told.slice(taken.length)];
  const isEnded = summary !== undefined && count >= tokens.length;
  const next = tokens[count];
  const ask = async (opening: readonly StreamedToken[]) => {
    setTaken(opening);
    setCount(opening.length);
    setBusy(true);
    const settings = { seed: ++seed.current, temperature: 1 };
    const ids = opening.map(({ id }) => id);
    const asked = predicted.ask(MODEL, question, settings, ids.length > 0 ? ids : undefined);
    // The reader sets the pace.
    predicted.showRest();
    await asked;
    predicted.showRest();
    setBusy(false);
  };
  const choose = (token: StreamedToken, other: TokenAlternative) => {
    const opening = [...tokens.slice(0, count), { ...token, ...other }];
    if (other.id !== token.id) return void ask(opening);
    setTaken(opening);
    setCount(count + 1);
  };
  return (
    <Stage title={t('story.predictor.next')} problem={problem}>
      <SumField label={t('story.predictor.question')} value={question} onChange={setQuestion} isDisabled={isBusy} />
      {tokens.length === 0 || isEnded ? (
        <Start label={t('story.predictor.begin')} onStart={() => void ask([])} isBusy={isBusy} />
      ) : (
        <p className="flex flex-wrap gap-3">
          <button type="button" className="button button-primary" disabled={!next} onClick={() => setCount(count + 1)}>
            {t('story.predictor.draw')}
          </button>
          <button type="button" className="button" disabled={!next} onClick={() => setCount(tokens.length)}>
            {t('story.predictor.drawAll')}
          </button>
        </p>
      )}
      {tokens.length > 0 && (
        <div data-testid="next-token" className="mt-4">
          <p className="font-mono text-lg break-words">
            <span className="text-soft">{question} = ? </span>
            {[...tokens.slice(0, count).entries()].map(([place, { text }]) => (
              <span
                key={place}
                className={place === taken.length - 1 ? 'underline decoration-accent decoration-2' : ''}
              >
                {text}
              </span>
            ))}
            {!isEnded && <span className="caret ml-0.5" />}
          </p>
          {next && <TokenBars token={next} onChoose={isBusy ? undefined : (other) => choose(next, other)} />}
          <Bits tokens={tokens.slice(0, count)} />
          {next && <p className="mt-1 text-fine text-soft">{t('story.predictor.other')}</p>}
        </div>
      )}
    </Stage>
  );
}

/** What the text so far costs, told by this model's predictions, and told by nobody's. */
function Bits({ tokens }: { readonly tokens: readonly StreamedToken[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const vocabulary = useSession((session) => Number(session.model?.settings.vocab_size));
  if (tokens.length === 0 || !(vocabulary > 0)) return null;
  const bits = tokens.reduce((sum, { probability }) => sum - Math.log2(probability), 0);
  // To someone who knows nothing every token is as likely as any other.
  const blind = format.number(tokens.length * Math.log2(vocabulary));
  return (
    <p className="mt-3 text-fine text-soft">
      {t('story.predictor.cost', { count: tokens.length, bits: format.number(bits, 1), blind })}
    </p>
  );
}
