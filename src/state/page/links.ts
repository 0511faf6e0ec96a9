import { markInvalid } from '../invalidFields';
import type { ComparisonLink } from '../links/comparisonLink';
import { LinkDesk } from '../links/linkDesk';
import { ask, useAsk, writeQuestion } from './ask';
import { compareOnly, useComparison } from './comparison';
import { preferences } from './preferences';
import { fetchRecordedRun, useRecordedRun } from './recordedRun';
import { runs } from './run';
import { chooseScaling, useScaling } from './scaling';
import { session } from './session';
import { chooseStart } from './startRun';
import { refreshYourModels } from './yourModels';

/** The runs that are laid over one another, and the models that are measured, where any were chosen. */
function comparedNow(): ComparisonLink {
  const { chosen, read } = useComparison.getState();
  const { choice, settings } = useScaling.getState();
  const open = runs.useRun.getState().run;
  const known = [
    ...runs.useShelf.getState().stored,
    ...(open ? [open] : []),
    ...[...read.values()].map(({ run }) => run),
  ];
  return {
    runs: chosen.flatMap((id) => known.find((run) => run.id === id) ?? []).map(({ id, name }) => ({ id, name })),
    models: choice.filter((key): key is string => key !== undefined && key !== ''),
    settings,
  };
}

export const links = new LinkDesk({
  session,
  preferences,
  asking: { ask, writeQuestion, useAsk },
  runs,
  starter: { chooseStart },
  ownModels: async () => {
    await refreshYourModels();
    return session.useSession.getState().yours;
  },
  compare: async (ids) => {
    const { catalogue } = await session.whenOpen();
    if (catalogue) await runs.refreshRuns();
    await fetchRecordedRun();
    return compareOnly(ids, runs.useShelf.getState().stored, useRecordedRun.getState().whole);
  },
  onCompared: (listen) => {
    const tell = () => listen(comparedNow());
    useComparison.subscribe(({ chosen }, before) => chosen !== before.chosen && tell());
    useScaling.subscribe(
      ({ choice, settings }, before) => (choice !== before.choice || settings !== before.settings) && tell(),
    );
  },
  chooseMeasured: ({ models: [first, second = ''], settings }) =>
    chooseScaling({ choice: [first, second], ...(settings && { settings }) }),
  address: {
    read: () => location.hash,
    // What listens to the address hears of it as of any other change.
    replace: (hash) => {
      history.replaceState(history.state, '', hash);
      dispatchEvent(new HashChangeEvent('hashchange'));
    },
  },
  holdStarts: (show) => markInvalid('reward of a link', show),
});
export const { useLink } = links;
