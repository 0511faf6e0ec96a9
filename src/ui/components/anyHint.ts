// Whether a hint was ever on the page: the popup of all of them is loaded with the first one.
import { create } from 'zustand';

export const useAnyHint = create(() => false);
