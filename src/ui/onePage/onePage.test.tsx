// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openPage } from '../../testing/openPage';
import { loadTexts } from '../i18n/index';
import { createRandom, SETTINGS, train } from './grpo';
import OnePageScreen from './OnePageScreen';
import { type Found, lineOf, OnePageSession } from './session';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const FILE = 'src/ui/onePage/grpo.ts';
const source = readFileSync(FILE, 'utf8');

describe('the one page', () => {
  it('imports nothing, and is a page', () => {
    expect(source).not.toMatch(/\bimport\b.*\bfrom\b|\bimport\(|\brequire\(/);
    const lines = source.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/\*\*)/.test(line));
    expect(lines.length).toBeLessThan(280);
    const comments = source.split('\n').filter((line) => /^\s*(\/\/|\/\*\*)/.test(line));
    // As wide as the box that shows it.
    expect(comments.filter((line) => line.length > 96)).toEqual([]);
  });

  it('draws the same from the same seed', () => {
    const [first, second] = [new OnePageSession(5), new OnePageSession(5)];
    for (let i = 0; i < 12; i++) expect(first.advance()).toEqual(second.advance());
  });

  it('learns', { timeout: 60_000 }, () => {
    const rewards: number[] = [];
    for (const found of train(createRandom(1)) as Iterable<Partial<Found>>) {
      if (found.rewards) rewards.push(...found.rewards.map((group) => mean(group)));
      if (rewards.length === 60 * SETTINGS.questions) break;
    }
    const third = rewards.length / 3;
    expect(mean(rewards.slice(-third))).toBeGreaterThan(mean(rewards.slice(0, third)) + 0.03);
  });

  it('hands out what each of its lines found, at that line', () => {
    const names = new Set<string>();
    for (const found of train(createRandom(1))) {
      const [name] = Object.keys(found);
      if (names.has(name as string) && name === 'questions') break;
      names.add(name as string);
    }
    const places = [...names].map((name) => lineOf(source, name as Parameters<typeof lineOf>[1]));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(names.size).toBe(7);
  });
});

describe('the screen of the one page', () => {
  const lines = () => [...screen.getByTestId('program').querySelectorAll('li code')];
  const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

  it('shows the file that runs, and steps through it with values beside its lines', { timeout: 30_000 }, async () => {
    await openPage();
    await loadTexts('onePage');
    render(<OnePageScreen />);
    const shown = lines().map((line) => line.textContent);
    expect(shown).toEqual(source.trimEnd().split('\n'));
    press('One line');
    const current = () => screen.getByTestId('program').querySelector('[aria-current="step"]');
    expect(current()?.textContent).toMatch(/yield \{ questions \};\d\+\d/);
    press('One line');
    expect(current()?.textContent).toMatch(/yield \{ groups \};\d\+\d → /);
    press('One round');
    expect(current()?.textContent).toContain('yield { questions }');
    expect(screen.getByText('1 round')).toBeDefined();
    press('Play');
    await waitFor(() => expect(screen.queryByText('1 round')).toBeNull());
    press('Pause');
    press('Start again');
    expect(current()).toBeNull();
    expect(screen.getByText('0 rounds')).toBeDefined();
  });
});
