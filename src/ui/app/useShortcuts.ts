// Binds the shortcuts of the open screen; none of them while the reader writes, and none at all if switched off.
import { useEffect, useState } from 'react';
import { type KeyBindingMap, tinykeys } from 'tinykeys';
import { usePreferences } from '../../state/page/preferences';
import type { Screen } from './screens';
import { SHORTCUTS, type Shortcut } from './shortcuts';

/** True where a key press means something else: text being written, or a control that the key would press. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : undefined;
  if (target === undefined || event.defaultPrevented || document.querySelector('[role="dialog"]')) return true;
  if (event.key === 'Escape') return false;
  if (target.closest('input:not([type="range"], [type="radio"]), textarea, select, [contenteditable]')) return true;
  return event.key === ' ' && target.closest('button, summary, a, [role="switch"], [role="slider"]') !== null;
}

export function useShortcuts(screen: Screen) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const isEnabled = usePreferences((preferences) => preferences.shortcuts);
  useEffect(() => {
    const bindings: KeyBindingMap = {};
    const bind = (key: string, perform: Shortcut['perform']) => {
      bindings[key] = (event) => {
        if (isTaken(event) || event.ctrlKey || event.metaKey || event.altKey) return;
        if (perform(key) !== false) event.preventDefault();
      };
    };
    for (const shortcut of SHORTCUTS) {
      const isHere = shortcut.screen === undefined || shortcut.screen === screen;
      for (const key of shortcut.keys) if (isHere && (isEnabled || key === 'Escape')) bind(key, shortcut.perform);
    }
    // Written with Shift on most keyboards, without it on some.
    if (isEnabled) for (const key of ['?', 'Shift+?']) bind(key, () => setHelpOpen(true));
    return tinykeys(window, bindings);
  }, [screen, isEnabled]);
  return { isHelpOpen, setHelpOpen };
}
