// @vitest-environment happy-dom
import { fireEvent, render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { LayerChoices } from '../../protocol/protocol';
import { openPage } from '../../testing/openPage';
import { loadTexts } from '../i18n';
import RouterFormula from './RouterFormula';

const LAYER: LayerChoices = {
  layer: 2,
  numExperts: 3,
  tokens: [
    [
      { expert: 2, weight: 0.75 },
      { expert: 0, weight: 0.25 },
    ],
  ],
  scores: [[0.2, 0.3, 0.6]],
  router: { scoring: 'sigmoid', isNormalized: true, scale: 1, bias: [0.25, 0, 0] },
};

it('the formula of a router has this token’s scores, the bias in the choice alone, and the weight', {
  timeout: 30_000,
}, async () => {
  await openPage();
  await loadTexts('formula');
  render(<RouterFormula layers={[LAYER]} token={0} />);
  const tex = (name: string) =>
    screen
      .getByRole('region', { name })
      .querySelector('annotation')
      ?.textContent?.replace(/\\htmlClass\{[\w-]+\}/g, '');
  expect(tex('The choice of experts')).toContain('2,\\,0');
  expect(tex('The weight of the best expert')).toMatch(/0\.60.*0\.60\}\+\{0\.20.*0\.75/);
  const rows = within(screen.getByRole('table')).getAllByRole('row').slice(1);
  expect(rows.map((row) => row.dataset.chosen)).toEqual(['true', 'false', 'true']);
  expect(rows[0]?.textContent).toContain('0.45');
  fireEvent.click(screen.getAllByRole('button', { name: /b/ })[0] as HTMLElement);
  expect(screen.getByText(/keeps the experts evenly busy/)).toBeDefined();
});
