import { AskStore } from '../ask';
import { showInvalidField } from '../invalidFields';
import { fetchRecording, isStill } from './browser';
import { preferences } from './preferences';
import { runs } from './run';
import { session } from './session';

export const {
  useAsk,
  useQuestion,
  writeQuestion,
  ask,
  askAgain,
  stopAsk,
  showNextToken,
  showRestOfAnswer,
  choosePace,
  chooseSample,
  moveSample,
  readExpertChoices,
  readAttention,
  togglePane,
  choosePaneMode,
  recordedAnswer,
  playRecordedAnswer,
} = new AskStore({ session, runs, preferences, fetchRecording, showInvalidField, isStill });
