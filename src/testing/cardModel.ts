// A model for the tests of model cards.
import { presetModel } from '../model/presets';

export const CARD_MODEL = presetModel('nano', 28);
