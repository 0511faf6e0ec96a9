// What each chapter shows; it comes when the chapter is opened.
import type { ComponentType } from 'react';
import { lazyPart } from '../i18n/lazyPart';
import type { ChapterName } from './chapters';

export const PROGRAMS: Readonly<Record<ChapterName, ComponentType>> = {
  predictor: lazyPart('later', () => import('./chapters/predictor')),
  wall: lazyPart('later', () => import('./chapters/wall')),
  think: lazyPart('later', () => import('./chapters/think')),
  rule: lazyPart('later', () => import('./chapters/rule')),
  step: lazyPart('later', () => import('./chapters/step')),
  zero: lazyPart('later', () => import('./chapters/zero')),
  languages: lazyPart('later', () => import('./chapters/languages')),
  stages: lazyPart('later', () => import('./chapters/stages')),
  pupil: lazyPart('later', () => import('./chapters/pupil')),
  scaling: lazyPart('later', () => import('./chapters/scaling')),
  conversations: lazyPart('later', () => import('./chapters/conversations')),
  preference: lazyPart('later', () => import('./chapters/preference')),
  selfPlay: lazyPart('later', () => import('./chapters/selfPlay')),
  verdict: lazyPart('later', () => import('./chapters/verdict')),
};
