// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { answer } from '../../protocol/command';
import { useSession } from '../../state/page/session';
import { memoryStoredFiles } from '../../storage/storedFiles';
import { findTask, removeOwnTask } from '../../tasks/registry';
import { MODEL } from '../../testing/madeUp';
import { openPage } from '../../testing/openPage';
import { ok } from '../../testing/stubEngine';
import { ProblemShelf } from '../../worker/problemShelf';
import { loadTexts } from '../i18n';
import ProblemSets from './ProblemSets';

const files = memoryStoredFiles();
const shelf = new ProblemShelf(files, { listRuns: async () => [] });

afterEach(async () => {
  for (const id of await files.names()) {
    removeOwnTask(id);
    await files.delete(id);
  }
});

async function open() {
  const page = await openPage({
    loadModel: async () => ok(MODEL),
    problemSets: () => answer(() => shelf.list()),
    keepProblemSet: (name, problems) => answer(() => shelf.keep(name, problems)),
    deleteProblemSet: (id) => answer(() => shelf.delete(id).then(() => null)),
    unreadableCharacters: async () => ok([{ character: 'é', problems: 2 }]),
  });
  await loadTexts('yours');
  await page.load();
  const onUse = vi.fn();
  render(<ProblemSets onUse={onUse} onClose={() => {}} />);
  await screen.findByText('Kept here');
  return onUse;
}

const paste = (text: string) => {
  fireEvent.change(screen.getByRole('textbox'), { target: { value: text } });
  fireEvent.click(screen.getByRole('button', { name: 'Read' }));
};

const GOOD = Array.from({ length: 40 }, (_, i) => `double ${i}?,${2 * i}`).join('\n');

it('keeps nothing of a file with bad lines until the reader says so', async () => {
  const onUse = await open();
  paste(`question,answer\n${GOOD}\nhalf?\ndouble 3?,7\n`);
  expect(screen.getByRole('status').textContent).toMatch(/^40 problems can be taken: \d+ to train on, \d+ held out\.$/);
  expect(screen.getByText('Line 42').nextSibling?.textContent).toContain('It has 1 columns');
  expect(screen.getByText('Line 43').nextSibling?.textContent).toContain('Line 5 asks the same');
  expect(await screen.findByText(/base has no token for some characters: “é” in 2 problems/)).toBeDefined();
  expect(await files.names()).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Keep none' }));
  expect(await files.names()).toEqual([]);
  expect(onUse).not.toHaveBeenCalled();
});

it('a kept set is a task of the page, until it is deleted', async () => {
  const onUse = await open();
  paste(`question,answer\n${GOOD}\nhalf?\n`);
  fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Doubles' } });
  fireEvent.click(screen.getByRole('button', { name: 'Keep the 40 good ones' }));
  await waitFor(() => expect(onUse).toHaveBeenCalledOnce());
  const [{ id }] = onUse.mock.calls[0] as [{ id: string }];
  const names = () =>
    useSession
      .getState()
      .catalogue?.tasks.map(({ ownName }) => ownName)
      .filter(Boolean);
  expect(names()).toEqual(['Doubles']);
  expect(findTask(id)?.about.en.label).toBe('Doubles');
  fireEvent.click(screen.getByRole('button', { name: 'Delete Doubles' }));
  fireEvent.click(screen.getByRole('button', { name: 'Delete for good? Doubles' }));
  await waitFor(() => expect(names()).toEqual([]));
  expect(findTask(id)).toBeUndefined();
});

it('says why nothing of a file can be read', async () => {
  await open();
  paste('prompt,solution\na,b');
  expect(screen.getByRole('alert').textContent).toContain('prompt, solution');
});
