// Which colour scheme the page shows now: the reader's choice, else the system's.
import { useSyncExternalStore } from 'react';
import { usePreferences } from '../../state/page/preferences';

let query: MediaQueryList | undefined;
// Made once: every chart asks at each of its renderings.
const darkQuery = () => {
  query ??= matchMedia('(prefers-color-scheme: dark)');
  return query;
};

function subscribe(listener: () => void): () => void {
  const dark = darkQuery();
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
}

export function useColorScheme(): 'light' | 'dark' {
  const theme = usePreferences((preferences) => preferences.theme);
  const isSystemDark = useSyncExternalStore(subscribe, () => darkQuery().matches);
  return theme === 'system' ? (isSystemDark ? 'dark' : 'light') : theme;
}
