import { PreferenceStore } from '../preferences';

export const preferences = new PreferenceStore(() => localStorage);
export const { usePreferences, setPreferences, setAskSettings } = preferences;
