import { CardStore } from '../cards';
import { fetchFile } from './browser';

export const { useCards, fetchCards } = new CardStore(fetchFile);
