// Which colour scheme the page shows now: the reader's choice, else the system's.
import { useSyncExternalStore } from 'react';
import { usePreferences } from '../../state/page/preferences';

const darkQuery = () => matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  const query = darkQuery();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export function useColorScheme(): 'light' | 'dark' {
  const theme = usePreferences((preferences) => preferences.theme);
  const isSystemDark = useSyncExternalStore(subscribe, () => darkQuery().matches);
  return theme === 'system' ? (isSystemDark ? 'dark' : 'light') : theme;
}
