import { Aside } from '../aside';
import { ScalingStore } from '../scaling';
import { StoryStore } from '../story';
import { FIRST_BASE, MORE_OF_THE_SAME, OWN_THOUGHTS, PLEASE_THE_PUPIL, StoryPipeline } from '../storyPipeline';
import { StoryRun } from '../storyRun';
import { fetchRecording, isStill } from './browser';
import { preferences } from './preferences';
import { runs } from './run';
import { session } from './session';
import { starter } from './startRun';

export const { useStory, predict, reveal, forgetPredictions } = new StoryStore(() => localStorage);

// No field of a chapter keeps a question from being asked.
const showInvalidField = () => false;
const createAside = () => new Aside({ session, runs, preferences, fetchRecording, showInvalidField, isStill });

/** The questions that the story asks, by where it asks them. */
export const asides = {
  predicted: createAside(),
  twoLanguages: createAside(),
  oneLanguage: createAside(),
  blurted: createAside(),
  thought: createAside(),
  group: createAside(),
  again: createAside(),
};

/** What the story measures: with and without thinking; a pupil beside its teacher. */
export const measurements = {
  thinking: new ScalingStore(session, showInvalidField),
  pupil: new ScalingStore(session, showInvalidField),
};

export const storyRun = new StoryRun({ session, runs, starter });

export const storyPipelines = {
  firstBase: new StoryPipeline(session, FIRST_BASE),
  more: new StoryPipeline(session, MORE_OF_THE_SAME),
  ownThoughts: new StoryPipeline(session, OWN_THOUGHTS.file),
  pleased: new StoryPipeline(session, PLEASE_THE_PUPIL.file),
};
