import { markInvalid } from '../invalidFields';
import { LinkDesk } from '../links/linkDesk';
import { ask, writeQuestion } from './ask';
import { compareOnly } from './comparison';
import { preferences } from './preferences';
import { fetchRecordedRun, useRecordedRun } from './recordedRun';
import { runs } from './run';
import { session } from './session';
import { chooseStart } from './startRun';

export const links = new LinkDesk({
  session,
  preferences,
  asking: { ask, writeQuestion },
  runs,
  starter: { chooseStart },
  compare: async (ids) => {
    const { catalogue } = await session.whenOpen();
    if (catalogue) await runs.refreshRuns();
    await fetchRecordedRun();
    return compareOnly(ids, runs.useShelf.getState().stored, useRecordedRun.getState().whole);
  },
  holdStarts: (show) => markInvalid('reward of a link', show),
});
export const { useLink } = links;
