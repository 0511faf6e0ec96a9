// Under an answer: the same question to other models beside it, and all that was asked before.
import { X } from 'lucide-react';
import { type MouseEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { writeAddress } from '../../state/address';
import { type Asked, linkToAsk } from '../../state/asked';
import { useAsk } from '../../state/page/ask';
import { forget, forgetAll, useAsked } from '../../state/page/asked';
import { links } from '../../state/page/links';
import { useSession } from '../../state/page/session';
import { AskOnce } from '../components/AskOnce';
import { LanguageText } from '../components/LanguageText';
import { Maths } from '../components/Maths';
import { toPlainMaths } from '../components/typeset';
import { useFormat } from '../format';

/** Of one question, beside one another. */
const MOST_BESIDE = 6;
const MOST_LISTED = 30;

export default function AskedBefore() {
  const asked = useAsked((state) => state.asked);
  if (asked.length === 0) return null;
  return (
    <>
      <SideBySide asked={asked} />
      <AskedList asked={asked} />
    </>
  );
}

function SideBySide({ asked }: { readonly asked: readonly Asked[] }) {
  const { t } = useTranslation();
  const question = useAsk(({ origin, request }) => (origin === 'live' ? request?.question : undefined));
  const same = asked.filter((one) => one.question === question).slice(0, MOST_BESIDE);
  const [newest] = same;
  if (newest === undefined) return null;
  return (
    <section aria-labelledby="side-by-side" className="mt-6" data-testid="side-by-side">
      <div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1">
        <h2 id="side-by-side" className="caps mr-auto">
          {t('asked.sameTitle')}
        </h2>
        <AnotherModel asked={newest} />
      </div>
      {same.length > 1 && (
        <ul className="mt-2 grid gap-x-8 gap-y-4 sm:grid-cols-2">
          {same.map((one) => (
            <li key={`${one.link} ${one.step}`} className="min-w-0 border-t hairline pt-2">
              <HowAsked asked={one} />
              <p className="mt-1 font-voice whitespace-pre-wrap break-words">
                {one.thinking ? (
                  <LanguageText text={toPlainMaths(one.thinking)} />
                ) : (
                  <span className="text-soft">{t('asked.noThinking')}</span>
                )}
              </p>
              <p className="mt-2 flex flex-wrap items-baseline gap-x-4">
                {one.answer === undefined ? (
                  <span className="text-soft">{t('asked.noAnswer')}</span>
                ) : (
                  <span className="min-w-0 font-voice text-2xl break-words">
                    <Maths text={one.answer} />
                  </span>
                )}
                <Mark asked={one} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The way to ask another model the same. */
function AnotherModel({ asked }: { readonly asked: Asked }) {
  const { t } = useTranslation();
  const shipped = useSession((session) => session.catalogue?.models) ?? [];
  const yours = useSession((session) => session.yours);
  const [chosen, choose] = useState<string>();
  const others = [...new Set([...shipped.map(({ id }) => id), ...yours.map(({ name }) => name)])].filter(
    (name) => name !== asked.model,
  );
  const model = others.find((name) => name === chosen) ?? others[0];
  const link = model === undefined ? undefined : linkToAsk(asked, model);
  if (model === undefined || link === undefined) return null;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-fine">
      <label className="flex items-center gap-2 text-soft">
        {t('asked.ofAnother')}
        <select
          className="min-h-7 max-w-44 bg-paper text-ink"
          value={model}
          onChange={({ target: { value } }) => choose(value)}
        >
          {others.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <AskLink link={link} className="button min-h-7 py-0 text-fine">
        {t('asked.ask', { model })}
      </AskLink>
    </span>
  );
}

interface AskLinkProps {
  readonly link: string;
  readonly title?: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** Asks at a press; what is copied of it, or opened beside this page, is a link as any other. */
function AskLink({ link, ...rest }: AskLinkProps) {
  const onClick = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    // Where it cannot be asked, the link says why.
    void links.askAgain(link).then((isAsked) => {
      if (!isAsked) location.hash = link;
    });
  };
  return <a href={link} onClick={onClick} {...rest} />;
}

function AskedList({ asked }: { readonly asked: readonly Asked[] }) {
  const { t } = useTranslation();
  const shown = asked.slice(0, MOST_LISTED);
  return (
    <details className="mt-6 border-t hairline pt-3" data-testid="asked-before">
      <summary className="min-h-6 cursor-pointer text-fine text-soft">
        {t('asked.title')} ({asked.length})
      </summary>
      <p className="mt-2 text-fine text-soft">
        {t('asked.kept')}{' '}
        <a href={writeAddress('lab', 'chats')} className="link">
          {t('asked.learn')}
        </a>
      </p>
      <ul className="mt-2">
        {shown.map((one) => (
          <li key={`${one.link} ${one.step}`} className="flex items-center gap-3 border-b hairline py-1">
            <AskLink link={one.link} title={t('asked.again')} className="link min-h-6 min-w-0 flex-1 truncate">
              {toPlainMaths(one.question)}
            </AskLink>
            <span className="flex flex-wrap items-center justify-end gap-x-3 text-fine">
              <HowAsked asked={one} />
              <span className="max-w-32 truncate">
                {one.answer === undefined ? t('asked.noAnswer') : toPlainMaths(one.answer)}
              </span>
              <Mark asked={one} />
            </span>
            <button
              type="button"
              className="button-plain"
              aria-label={t('asked.forget', { question: one.question })}
              onClick={() => forget(one)}
            >
              <X aria-hidden size={14} />
            </button>
          </li>
        ))}
      </ul>
      {asked.length > shown.length && (
        <p className="mt-2 text-fine text-soft">{t('asked.fewer', { count: shown.length })}</p>
      )}
      <AskOnce
        className="mt-3"
        label={t('asked.forgetAll')}
        sure={t('asked.sure', { count: asked.length })}
        onConfirm={forgetAll}
      />
    </details>
  );
}

function HowAsked({ asked: { model, step, seed, temperature, at } }: { readonly asked: Asked }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <span className="flex flex-wrap gap-x-3 text-fine text-soft" title={format.date(new Date(at).toISOString())}>
      <span className="text-ink">{model}</span>
      {step !== undefined && <span>{t('asked.atStep', { step })}</span>}
      <span className="max-sm:hidden">{t('ask.seedIs', { seed })}</span>
      <span className="max-sm:hidden">{t('ask.temperatureIs', { temperature })}</span>
    </span>
  );
}

function Mark({ asked: { isRight } }: { readonly asked: Asked }) {
  const { t } = useTranslation();
  if (isRight === undefined) return null;
  return isRight ? (
    <span className="text-fine text-good">✓ {t('asked.right')}</span>
  ) : (
    <span className="text-fine text-bad">✗ {t('asked.wrong')}</span>
  );
}
