import { AskedStore } from '../asked';
import { useAsk } from './ask';

export const { useAsked, forget, forgetAll } = new AskedStore({ useAsk }, () => localStorage, Date.now);
