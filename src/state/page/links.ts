import { markInvalid } from '../invalidFields';
import { LinkDesk } from '../links/linkDesk';
import { ask, writeQuestion } from './ask';
import { preferences } from './preferences';
import { runs } from './run';
import { session } from './session';
import { chooseStart } from './startRun';

export const links = new LinkDesk({
  session,
  preferences,
  asking: { ask, writeQuestion },
  runs,
  starter: { chooseStart },
  holdStarts: (show) => markInvalid('reward of a link', show),
});
export const { useLink } = links;
