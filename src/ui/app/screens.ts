// Which screen is shown: the fragment of the address (`#train`), so that Back, Forward and links work.
import { useSyncExternalStore } from 'react';

export const SCREEN_NAMES = ['ask', 'train', 'stages', 'compare', 'models', 'device'] as const;
export type Screen = (typeof SCREEN_NAMES)[number];

function currentScreen(): Screen {
  const name = location.hash.slice(1);
  return SCREEN_NAMES.find((screen) => screen === name) ?? 'ask';
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

export function useScreen(): Screen {
  return useSyncExternalStore(subscribe, currentScreen);
}

export function goTo(screen: Screen): void {
  location.hash = screen;
}
