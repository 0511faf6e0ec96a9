// The texts of the story, in Chinese.
import type { Catalogue } from '../../en';
import { frame } from './frame';
import { rule } from './rule';
import { step } from './step';
import { think } from './think';

export const story: Catalogue['story'] = { frame, think, rule, step };
