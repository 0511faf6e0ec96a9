// Every attack on the sandbox in the worker of a real browser, as a reader's own reward: each ends in an error in time, the page
// is not touched, and the next reward is right.
import { expect, type Page } from '@playwright/test';
import { isStarved } from '../src/testing/machineLoad';
import { type Attack, DEEP, ENDLESS, ESCAPES, HUGE, NO_RESULT, POISON } from '../src/testing/sandboxAttacks';
import { test } from './fakeEngine';

/** What an attack may take on a machine with nothing else to do. */
const MOST_MS = 500;
/** What the page itself may take from the click to the scores, on two cores that also draw it. */
const PAGE_MS = 500;
/** Says of each answer at hand how many tokens it has, and 2. */
const SOUND = "const reward = ({ numTokens }) => numTokens + JSON.parse('[1]').length + Object.keys({ a: 1 }).length;";

interface Tried {
  readonly scores: readonly string[];
  /** The first answer. */
  readonly completion: string;
  readonly ms: number;
}

/** A reward that is the attack for one answer, and 1 for all others. */
const rewardOf = ({ source }: Attack, completion: string) =>
  `const reward = (sample) => (sample.completion === ${JSON.stringify(completion)} ? (0, ` +
  `eval)(${JSON.stringify(source)})(sample) : 1);`;

/** Tries a reward on the answers at hand; the time is taken in the page, from the click to the scores. */
async function tryReward(page: Page, code: string): Promise<Tried> {
  await page.getByTestId('reward-code').getByRole('textbox').fill(code);
  return page.getByRole('button', { name: /^Try it on/ }).evaluate(async (element) => {
    const button = element as HTMLButtonElement;
    const startMs = performance.now();
    await new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if (button.disabled) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(button, { attributes: true, attributeFilter: ['disabled'] });
      button.click();
    });
    const ms = performance.now() - startMs;
    const rows = [...document.querySelectorAll('[aria-label="Scores"] li')];
    const completion = rows[0]?.querySelector('[title]')?.getAttribute('title') ?? '';
    return { scores: rows.map((row) => row.lastElementChild?.textContent ?? ''), completion, ms };
  });
}

/** Tries a reward that is in order, and checks what it says. */
async function trySound(page: Page): Promise<Tried> {
  const sound = await tryReward(page, SOUND);
  expect(sound.scores.length).toBeGreaterThan(4);
  for (const score of sound.scores) expect(Number(score)).toBeGreaterThan(2);
  return sound;
}

/**
 * Tries an attack for the first of the answers at hand, which the `sound` try before it saw; more may still come from
 * the opened run.
 */
async function tryAttack(page: Page, attack: Attack, sound: Tried): Promise<Tried> {
  for (let { completion, scores } = sound; ; { completion, scores } = await trySound(page)) {
    const tried = await tryReward(page, rewardOf(attack, completion));
    if (tried.completion !== completion) continue;
    expect(tried.scores).toHaveLength(scores.length);
    return tried;
  }
}

/** What an attack could leave in the page. */
function traces(page: Page) {
  return page.evaluate(async () => {
    const files: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
    return {
      files,
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      stored: [Object.entries(localStorage), Object.entries(sessionStorage), document.cookie],
      serviceWorkers: (await navigator.serviceWorker.getRegistrations()).length,
      globals: Object.getOwnPropertyNames(globalThis).filter((name) => Number.isNaN(Number(name))),
      prototypes: [Object.prototype, Array.prototype, JSON].map((object) => Object.getOwnPropertyNames(object).length),
    };
  });
}

test.describe.configure({ timeout: 10 * 60_000 });

const GROUPS: readonly (readonly [string, readonly Attack[]])[] = [
  ['work without an end', ENDLESS],
  ['memory without an end', HUGE],
  ['depth without an end', DEEP],
  ['results that are none', NO_RESULT],
  ['a search for a way out', ESCAPES],
  ['traps for those who come after', POISON],
];

for (const [name, attacks] of GROUPS) {
  test(`the page's sandbox survives ${name}`, async ({ page }) => {
    const requests: string[] = [];
    const surprises: string[] = [];
    await page.addInitScript(() => window.addEventListener('message', () => console.error('a message to the page')));
    await page.goto('/?engine=fake#train');
    await page.getByRole('button', { name: 'Write your own reward' }).click();
    let sound = await trySound(page);
    const before = await traces(page);
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => {
      // The browser's own editing, by which the code is filled in, keeps the look of what it replaces; the policy forbids that.
      if (message.type() === 'error' && !message.text().includes('style-src')) surprises.push(message.text());
    });
    page.on('pageerror', (error) => surprises.push(error.message));
    page.on('dialog', () => surprises.push('a dialog'));
    page.on('framenavigated', (frame) => surprises.push(`a way to ${frame.url()}`));

    for (const one of attacks) {
      await test.step(one.name, async () => {
        let best = await tryAttack(page, one, sound);
        for (let attempt = 1; attempt < 3 && best.ms >= MOST_MS + PAGE_MS; attempt++) {
          const again = await tryAttack(page, one, await trySound(page));
          if (again.ms < best.ms) best = again;
        }
        if (!isStarved()) expect(best.ms).toBeLessThan(MOST_MS + PAGE_MS);
        if (attacks !== POISON) expect(best.scores[0]).toMatch(/[^\d\s.-]{2}/);
        sound = await trySound(page);
      });
    }

    expect(surprises).toEqual([]);
    // No attack so much as ended the thread: another would have been loaded.
    expect(requests).toEqual([]);
    expect(await traces(page)).toEqual(before);
  });
}
