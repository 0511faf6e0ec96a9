// The texts of the story, in English: a file for each chapter. ../../zh/story has the same keys, by type.
import { frame } from './frame';
import { rule } from './rule';
import { step } from './step';
import { think } from './think';

export const story = { frame, think, rule, step };
