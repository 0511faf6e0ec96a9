import { YourModelStore } from '../yourModels';
import { session } from './session';

export const { useKeptModels, refreshYourModels, keepModel, renameModel, deleteModel } = new YourModelStore(session);
