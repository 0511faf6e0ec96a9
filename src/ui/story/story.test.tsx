// @vitest-environment happy-dom
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { preferences } from '../../state/page/preferences';
import { forgetPredictions, reveal, useStory } from '../../state/page/story';
import { openPage } from '../../testing/openPage';
import { Chapter } from './Chapter';
import { CHAPTERS, placeOf } from './chapters';
import { ChoicePrediction, NumberPrediction, useIsPredicted } from './Prediction';
import StoryScreen from './StoryScreen';

async function go(hash: string) {
  await act(async () => {
    location.hash = hash;
    dispatchEvent(new Event('hashchange'));
  });
}

beforeEach(() => {
  forgetPredictions();
  preferences.setPreferences({ invitesToStory: true });
});

describe('the story', () => {
  it('begins with what it is, and its chapters by their addresses', async () => {
    await openPage();
    await go('#story');
    render(<StoryScreen />);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('How a machine learned to think aloud');
    const list = screen.getByRole('navigation', { name: 'Chapters' });
    expect(
      within(list)
        .getAllByRole('link')
        .map((link) => link.getAttribute('href')),
    ).toEqual(CHAPTERS.map(({ name }) => `#story/${name}`));
    expect(within(list).getAllByRole('listitem')).toHaveLength(CHAPTERS.length);
    expect(screen.getByRole('link', { name: 'Begin' }).getAttribute('href')).toBe(`#story/${CHAPTERS[0].name}`);
  });

  it('is no longer offered on Ask once it was opened', async () => {
    await openPage();
    expect(preferences.usePreferences.getState().invitesToStory).toBe(true);
    render(<StoryScreen />);
    expect(preferences.usePreferences.getState().invitesToStory).toBe(false);
  });

  it('goes on with the first chapter that was not tried', async () => {
    await openPage();
    await go('#story');
    act(() => reveal(`${CHAPTERS[0].name}.x`, 1));
    render(<StoryScreen />);
    expect(screen.getByRole('link', { name: /^Go on with/ }).getAttribute('href')).toBe(`#story/${CHAPTERS[1].name}`);
    fireEvent.click(screen.getByRole('button', { name: 'Forget my guesses' }));
    expect(screen.getByRole('link', { name: 'Begin' })).toBeDefined();
  });

  it('shows its beginning for a chapter that is not there', async () => {
    await openPage();
    await go('#story/nothing');
    render(<StoryScreen />);
    expect(screen.getByRole('link', { name: 'Begin' })).toBeDefined();
  });

  it('has the heading of a chapter in focus that the reader came to from another', async () => {
    await openPage();
    const { rerender } = render(
      <Chapter key="a" name="rule">
        {null}
      </Chapter>,
    );
    expect(document.activeElement).toBe(document.body);
    rerender(
      <Chapter key="b" name="step">
        {null}
      </Chapter>,
    );
    expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1, name: 'One step' }));
    const { previous, next } = placeOf('step');
    expect(screen.getByRole('link', { name: /Back/ }).getAttribute('href')).toBe(`#story/${previous?.name}`);
    expect(screen.queryByRole('link', { name: /Next/ })?.getAttribute('href')).toBe(next && `#story/${next.name}`);
  });
});

/** Two questions, and whether both were answered. */
function Asked() {
  const isPredicted = useIsPredicted('a', 'b');
  return (
    <>
      <NumberPrediction questions={['a', 'b'].map((name) => ({ name, text: `How many ${name}?`, max: 40 }))} />
      <p>{isPredicted ? 'predicted' : 'open'}</p>
    </>
  );
}

describe('a prediction', () => {
  const said = (name: string) => useStory.getState().predictions[name]?.said;

  it('takes whole numbers up to the most there can be, and nothing else', async () => {
    await openPage();
    render(<Asked />);
    const field = screen.getByRole('textbox', { name: 'How many a?' });
    for (const typed of ['41', '-1', '1.5', 'x', '']) {
      fireEvent.change(field, { target: { value: typed } });
      expect(said('a')).toBeUndefined();
    }
    fireEvent.change(field, { target: { value: '12' } });
    expect(said('a')).toBe(12);
    expect(screen.getByText('open')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'I have no idea' }));
    expect(said('a')).toBe(12);
    expect(screen.getByText('predicted')).toBeDefined();
  });

  it('is shown beside what came, once that is known', async () => {
    await openPage();
    render(<Asked />);
    fireEvent.change(screen.getByRole('textbox', { name: 'How many a?' }), { target: { value: '12' } });
    act(() => {
      reveal('a', 7);
      reveal('b', 3);
    });
    expect(screen.getByTestId('said-a').textContent).toBe('You said 12; it was 7.');
    expect(screen.getByTestId('said-b').textContent).toBe('You made no guess; it was 3.');
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  it('chooses among answers in words', async () => {
    await openPage();
    render(<ChoicePrediction name="c" text="And then?" choices={{ more: 'more', fewer: 'fewer' }} />);
    fireEvent.click(screen.getByRole('radio', { name: 'fewer' }));
    expect(said('c')).toBe('fewer');
    act(() => reveal('c', 'more'));
    expect(screen.getByTestId('said-c').textContent).toBe('You said fewer; it was more.');
  });
});
