// A question mark that says in a sentence what the thing beside it does: on hover, on focus, on tap. There are dozens on a
// screen and one popup for all of them, since a popup of its own would make each as costly as a small screen.
import { Popover } from '@base-ui/react/popover';
import { CircleHelp } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnyHint } from './anyHint';

const popup = Popover.createHandle<string>();

export function Hint({ about, children }: { readonly about: string; readonly children: string }) {
  const { t } = useTranslation();
  useEffect(() => useAnyHint.setState(true), []);
  return (
    <Popover.Trigger
      handle={popup}
      payload={children}
      openOnHover
      delay={150}
      aria-label={t('app.explain', { name: about })}
      className="button-plain size-6 min-h-6 min-w-6 justify-center p-0"
    >
      <CircleHelp aria-hidden size={14} />
    </Popover.Trigger>
  );
}

/** The popup of every hint; once in the page. */
export function HintPopup() {
  return (
    <Popover.Root handle={popup}>
      {({ payload }) => (
        <Popover.Portal>
          <Popover.Positioner sideOffset={6} className="z-20">
            <Popover.Popup
              initialFocus={false}
              className="max-w-72 rounded-lg border hairline bg-raised px-3 py-2 text-fine shadow-lg shadow-ink/10 outline-none"
            >
              <Popover.Description>{payload}</Popover.Description>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      )}
    </Popover.Root>
  );
}
