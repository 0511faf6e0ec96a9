// Every text of the interface, in Chinese. The keys are those of ../en, by type.
import type { Catalogue } from '../en';
import { announce } from './announce';
import { app } from './app';
import { ask } from './ask';
import { chart } from './chart';
import { compare } from './compare';
import { device } from './device';
import { gpuAdvice } from './gpuAdvice';
import { keys } from './keys';
import { measured } from './measured';
import { metric } from './metric';
import { metricHelp } from './metricHelp';
import { model } from './model';
import { models } from './models';
import { noDevice } from './noDevice';
import { option } from './option';
import { problem } from './problem';
import { range } from './range';
import { reward } from './reward';
import { rewardEditor } from './rewardEditor';
import { rollouts } from './rollouts';
import { runs } from './runs';
import { scaling } from './scaling';
import { stages } from './stages';
import { storage } from './storage';
import { train } from './train';

export const zh: Catalogue = {
  app,
  model,
  problem,
  range,
  ask,
  train,
  reward,
  rewardEditor,
  option,
  metric,
  metricHelp,
  chart,
  rollouts,
  stages,
  runs,
  scaling,
  measured,
  compare,
  models,
  storage,
  device,
  noDevice,
  gpuAdvice,
  keys,
  announce,
};
