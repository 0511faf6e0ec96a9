// Which screen is shown, and which part of it: as the address says, so that Back, Forward and links work.
import { useSyncExternalStore } from 'react';
import { type Address, readAddress, SCREEN_NAMES, type Screen, writeAddress } from '../../state/address';

export type { Screen } from '../../state/address';

/** Reached from the screens that they belong to. */
const UNNAMED: readonly Screen[] = ['gallery', 'knows', 'one-page'];

/** Those that the header names. */
export const HEADER_SCREENS = SCREEN_NAMES.filter((name) => !UNNAMED.includes(name));

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** One field of the address. */
const useAddress = <K extends keyof Address>(field: K): Address[K] =>
  useSyncExternalStore(subscribe, () => readAddress(location.hash)[field]);

export const useScreen = (): Screen => useAddress('screen');

/** The part of the screen that is named, e.g. a chapter of the story; undefined where none is. */
export const usePart = (): string | undefined => useAddress('part');

/** What a link brings to its screen; empty where it brings nothing. */
export const useLinkValues = (): string => useAddress('values');

export function goTo(screen: Screen): void {
  location.hash = writeAddress(screen);
}
