import { CurriculumStore } from '../curriculum';
import { session } from './session';

export const { useCurriculum, growCurriculum, stopCurriculum } = new CurriculumStore(session);
