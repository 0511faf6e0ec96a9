import { RecordedRunStore } from '../recordedRun';
import { fetchRecording, isStill } from './browser';
import { runs } from './run';

export const { useRecordedRun, fetchRecordedRun, playRecordedRun } = new RecordedRunStore({
  runs,
  fetchRecording,
  isStill,
});
