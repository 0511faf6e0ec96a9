import { FP8_PAIR, StoryPipeline } from '../storyPipeline';
import { session } from './session';

export const fp8Pair = new StoryPipeline(session, FP8_PAIR);
