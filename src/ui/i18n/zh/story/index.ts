// The texts of the story, in Chinese.
import type { Catalogue } from '../../en';
import { conversations } from './conversations';
import { frame } from './frame';
import { languages } from './languages';
import { predictor } from './predictor';
import { preference } from './preference';
import { pupil } from './pupil';
import { rule } from './rule';
import { scaling } from './scaling';
import { selfPlay } from './selfPlay';
import { stages } from './stages';
import { step } from './step';
import { think } from './think';
import { verdict } from './verdict';
import { wall } from './wall';
import { zero } from './zero';

export const story: Catalogue['story'] = {
  frame,
  predictor,
  wall,
  think,
  rule,
  step,
  zero,
  languages,
  stages,
  pupil,
  scaling,
  conversations,
  preference,
  selfPlay,
  verdict,
};
