// @vitest-environment happy-dom
import { fireEvent, render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { TokenAttention } from '../../protocol/protocol';
import { openPage } from '../../testing/openPage';
import { loadTexts } from '../i18n';
import AttentionFormula from './AttentionFormula';

/** Scores 1 and 2 by half of 1 + 1 and of 3 + 1; and one head that sees only the second token of three. */
const ATTENTION: TokenAttention = {
  tokens: ['7', '+', ''],
  numPromptTokens: 2,
  layers: [
    {
      layer: 0,
      scale: 0.5,
      contentWidth: 3,
      positionWidth: 1,
      first: 0,
      heads: [
        { content: [1, 3, -50], position: [1, 1, 0], weights: [0.269, 0.731, 0] },
        { content: [3, 1, -50], position: [1, 1, 0], weights: [0.731, 0.269, 0] },
      ],
    },
    {
      layer: 1,
      scale: 0.1,
      contentWidth: 0,
      positionWidth: 4,
      first: 1,
      heads: [{ content: [0, 0], position: [10, 10], weights: [0.5, 0.5] }],
    },
  ],
};

const tex = (name: RegExp) =>
  screen
    .getByRole('region', { name })
    .querySelector('annotation')
    ?.textContent?.replace(/\\htmlClass\{[\w-]+\}/g, '');

it('the formula of attention has the numbers of the token that counts most, and of any that is pressed', {
  timeout: 30_000,
}, async () => {
  await openPage();
  await loadTexts('formula');
  render(<AttentionFormula attention={ATTENTION} />);
  expect(tex(/score of \+/)).toMatch(/3\.00\}\+\{1\.00\}\}\{\{\\sqrt\{4\}.*2\.00/);
  expect(tex(/weight of \+/)).toMatch(/e\^\{\{2\.00\}\}\}\{\{10\.11\}\}.*0\.73/);
  const most = within(screen.getByRole('list', { name: 'The tokens that count most' })).getAllByRole('listitem');
  expect(most.map(({ textContent }) => textContent)).toEqual(['+73.1%', '726.9%', 'end0%']);
  fireEvent.click(screen.getByRole('button', { name: /token 7/ }));
  expect(tex(/score of 7/)).toMatch(/1\.00\}\+\{1\.00.*1\.00/);
  fireEvent.change(screen.getByRole('combobox', { name: 'Head' }), { target: { value: '1' } });
  expect(tex(/weight of 7/)).toMatch(/0\.73/);
  expect(screen.getByText(/3 numbers for what a token is about, 1 for where it stands/)).toBeDefined();
});

it('keys that are not split have one product, and a scale of their own where it is not one over the root', async () => {
  await openPage();
  await loadTexts('formula');
  render(<AttentionFormula attention={{ ...ATTENTION, layers: ATTENTION.layers.slice(1) }} />);
  expect(tex(/score of \+/)).toMatch(/0\.10\}\\,\\bigl\(\{10\}.*1\.00/);
  expect(screen.getByText(/compared in one/)).toBeDefined();
  expect(screen.queryByRole('button', { name: /token 7/ })).toBeNull();
});
