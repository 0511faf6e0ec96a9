import { RecordedRunStore } from '../recordedRun';
import { fetchRecording, isStill } from './browser';
import { runs } from './run';

export const { useRecordedRun, fetchRecordedRun, playRecordedRun, playFromGallery, fetchFromGallery } =
  new RecordedRunStore({
    runs,
    fetchRecording,
    isStill,
  });
