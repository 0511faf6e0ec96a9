import { OutcomeStore } from '../expectation';
import { fetchFile } from './browser';

export const { useOutcomes, fetchOutcomes } = new OutcomeStore(fetchFile);
