// What a person does on the page: opening a screen, asking, setting a number, reading where a run is.
import { expect, type Locator, type Page } from '@playwright/test';

export const question = (page: Page): Locator => page.getByRole('textbox', { name: 'Your question' });

export const thinking = (page: Page): Locator => page.getByRole('switch', { name: 'show thinking' });

/** A name given as text is the whole name. */
export const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

/** Opens a screen and waits for the model. @param device to compute on; without it, the page's own choice. */
export async function open(page: Page, screen: 'ask' | 'train' | 'models', device?: 'cpu' | 'gpu'): Promise<void> {
  await page.goto(`/${device === undefined ? '' : `?device=${device}`}#${screen}`);
  await expect(page.getByTestId('model-status')).toContainText('parameters', { timeout: 120_000 });
}

/** The tokens of the answer, one by one. */
export const tokens = (page: Page): Locator =>
  page.getByRole('toolbar', { name: 'Token by token' }).getByRole('button');

/** Types a question and sends it. */
export async function submit(page: Page, text: string): Promise<void> {
  await question(page).fill(text);
  await question(page).press('Enter');
}

/** Asks, when the answer before has ended, and returns once it is gone from the page. */
export async function ask(page: Page, text: string): Promise<void> {
  await expect(button(page, 'Ask')).toBeVisible();
  const before = await page.getByRole('toolbar').elementHandles();
  await submit(page, text);
  await page.waitForFunction((strips) => strips.every((strip) => !strip.isConnected), before);
}

/** The tokens of the answer, once it has ended. */
export async function completion(page: Page): Promise<string[]> {
  await expect(page.getByText(/decode [\d,]+ tok\/s/)).toBeVisible();
  await expect(tokens(page).first()).toBeVisible();
  return tokens(page).allInnerTexts();
}

/** Types a number into a field of the settings. */
export async function set(page: Page, label: string, value: string | number): Promise<void> {
  const field = page.getByRole('textbox', { name: label, exact: true });
  await field.fill(String(value));
  await field.press('Enter');
  await expect(field).toHaveAttribute('aria-invalid', 'false');
}

/** Opens a part of the settings that is folded away, or folds it again. */
export async function unfold(page: Page, title: string): Promise<void> {
  await page.locator('summary, button[aria-expanded]').filter({ hasText: title }).click();
}

/** The step that the run says it is at. */
export async function stepOf(page: Page): Promise<number> {
  return Number(/step (\d+)/.exec((await page.getByTestId('step').textContent()) ?? '')?.[1]);
}

/** Starts a run and waits until it has come to a step. */
export async function trainTo(page: Page, step: number): Promise<void> {
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThanOrEqual(step);
}

/** Anything the browser complains of from now on, its content policy included. */
export function watchConsole(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The recordings may be absent, which the page survives.
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
  });
  return complaints;
}

/** Settings small enough for a software adapter; the algorithm is the same. */
export async function useTinySettings(page: Page, { steps, questions }: Record<'steps' | 'questions', number>) {
  await page.getByRole('slider', { name: 'Most terms' }).fill('5');
  await set(page, 'Questions per step', questions);
  await set(page, 'Longest answer', 48);
  await set(page, 'Learning rate', '2e-4');
  await set(page, 'Steps', steps);
  await unfold(page, 'All options');
  await set(page, 'Held-out problems', 64);
  await set(page, 'Evaluate every', steps);
}

/** A column of the curves' table, first step first; steps on which it was not measured are left out. */
export async function metric(page: Page, name: string): Promise<number[]> {
  const table = page.getByRole('table', { name: 'Metrics by step' });
  const header = await table.getByRole('columnheader').allInnerTexts();
  const column = header.findIndex((text) => text.trim() === name);
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((all, at) => all.map((row) => row.children[at]?.textContent ?? ''), column);
  return rows
    .reverse()
    .map((text) => Number(text.replace('−', '-')))
    .filter((value) => Number.isFinite(value));
}
