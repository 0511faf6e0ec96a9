// Over the screen that a link opened: what it brought, or what is wrong with it. Opens the link that the address holds.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Screen } from '../../state/address';
import { links, useLink } from '../../state/page/links';
import { CodeNote } from './CodeNote';
import { FaultList } from './FaultList';

interface LinkNoteProps {
  readonly screen: Screen;
  /** What the address brings to it. */
  readonly values: string;
}

export default function LinkNote({ screen, values }: LinkNoteProps) {
  const link = useLink();
  useEffect(() => {
    void links.open({ screen, part: undefined, values });
  }, [screen, values]);
  if (link.screen !== screen) return null;
  return (
    <>
      {link.faults.length > 0 && <Faults />}
      {link.borrowed && <Borrowed />}
      {link.code && <Code />}
    </>
  );
}

function Faults() {
  const { t } = useTranslation();
  const faults = useLink((link) => link.faults);
  const kind = useLink((link) => (link.isPartly ? 'missing' : 'refused'));
  const screen = useLink((link) => link.screen);
  const more = kind === 'missing' && screen === 'compare' ? 'missingRunsMore' : (`${kind}More` as const);
  return (
    <div role="alert" className="mb-6 max-w-prose border-l-3 border-bad bg-wash px-4 py-3">
      <p className="font-semibold">{t(`links.${kind}`)}</p>
      <FaultList faults={faults} />
      <p className="text-soft">{t(`links.${more}`)}</p>
      {kind === 'refused' && (
        <button type="button" className="button mt-3" onClick={links.dismiss}>
          {t('app.close')}
        </button>
      )}
    </div>
  );
}

function Borrowed() {
  const { t } = useTranslation();
  const screen = useLink((link) => (link.borrowed === 'ask' ? 'ask' : 'train'));
  const isHeld = useLink((link) => link.code !== undefined && !link.code.mayRun);
  return (
    <div
      role="status"
      data-testid="link-note"
      className="mb-5 flex flex-wrap items-center gap-x-5 gap-y-1 border-l-3 border-accent bg-wash px-4 py-2 text-fine"
    >
      <p>
        {t(`links.${screen}`)} <span className="text-soft">{t('links.yours')}</span>
      </p>
      <span className="flex gap-4 sm:ml-auto">
        <button type="button" className="link min-h-6" onClick={links.giveBack}>
          {t('links.back')}
        </button>
        {!isHeld && (
          <button type="button" className="link min-h-6" onClick={links.keep}>
            {t('links.keep')}
          </button>
        )}
      </span>
    </div>
  );
}

function Code() {
  const code = useLink((link) => link.code);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    links.showCode = () => {
      heading.current?.scrollIntoView({ block: 'center' });
      heading.current?.focus();
    };
  }, []);
  if (code === undefined) return null;
  const { text, mayRun } = code;
  return <CodeNote code={text} from="link" mayRun={mayRun} onAllow={links.allowCode} heading={heading} />;
}
