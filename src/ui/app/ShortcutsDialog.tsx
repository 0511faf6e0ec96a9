// The list of keyboard shortcuts, and the switch that turns single keys off.
import { Dialog } from '@base-ui/react/dialog';
import { useTranslation } from 'react-i18next';
import { setPreferences, usePreferences } from '../../state/page/preferences';
import { Switch } from '../components/Switch';
import { SHORTCUTS, type Shortcut } from './shortcuts';

const GROUPS = ['everywhere', 'ask', 'train'] as const;

export default function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const isEnabled = usePreferences((preferences) => preferences.shortcuts);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-20 bg-veil" />
        <Dialog.Popup className="dialog max-h-[90dvh] w-[min(26rem,calc(100vw-2rem))] p-6 shadow-xl">
          <Dialog.Title className="mb-4 font-voice text-xl">{t('keys.title')}</Dialog.Title>
          <Switch checked={isEnabled} onChange={(shortcuts) => setPreferences({ shortcuts })}>
            {t('keys.enabled')}
          </Switch>
          {GROUPS.map((group) => (
            <section key={group} className="mt-5">
              <h3 className="caps mb-1">{t(`keys.group.${group}`)}</h3>
              <dl className="text-fine">
                {group === 'everywhere' && <Row keys={['?']} text={t('keys.help')} />}
                {SHORTCUTS.filter((shortcut) => (shortcut.screen ?? 'everywhere') === group).map(
                  (shortcut: Shortcut) => (
                    <Row key={shortcut.text} keys={shortcut.keys} text={t(`keys.${shortcut.text}`)} />
                  ),
                )}
              </dl>
            </section>
          ))}
          <Dialog.Close className="button mt-6">{t('app.close')}</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Row({ keys, text }: { readonly keys: readonly string[]; readonly text: string }) {
  const { t } = useTranslation();
  const names: Readonly<Record<string, string>> = { Space: t('keys.space'), Escape: 'Esc', ArrowRight: '→' };
  const shown = (key: string) => names[key] ?? key.toUpperCase();
  return (
    <div className="flex items-baseline justify-between gap-4 border-b border-dotted border-line py-1">
      <dt className="flex gap-1">
        {keys.map((key) => (
          <kbd key={key}>{shown(key)}</kbd>
        ))}
      </dt>
      <dd className="text-soft">{text}</dd>
    </div>
  );
}
