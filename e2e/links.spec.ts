// Links from strangers, and a panel in another page; driven by the made-up engine.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { watchConsole } from './person';

test('a link with code starts nothing unasked; one that is wrong says so', async ({ page }) => {
  const complaints = watchConsole(page);
  const code = encodeURIComponent('function reward() { return 1; }');
  await page.goto(`${FAST}#train?task=chained_sums&start=base&rewards=custom:1&custom_reward=${code}`);
  const heading = page.getByRole('heading', { name: 'The link brings code for a reward of its own.' });
  await expect(heading).toBeVisible();
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(heading).toBeFocused();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Let it run' }).click();
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByTestId('step')).toContainText('step 1');
  await page.goto(`${FAST}#ask?q=1%2B2&temperature=hot`);
  await expect(page.getByRole('alert')).toContainText('temperature is “hot”.');
  expect(complaints).toEqual([]);
});

test('a panel stands alone in a page of another origin', async ({ page, baseURL }) => {
  const source = `${baseURL}${FAST}&embed=ask#ask?q=9-8%2B3-7&seed=11`;
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<iframe src="${source}" width="900" height="640">`);
  });
  await new Promise<void>((resolve) => void server.listen(0, resolve));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const panel = page.frameLocator('iframe');
  await expect(panel.getByRole('link', { name: 'Open in Soliloquy' })).toBeVisible();
  await expect(panel.getByRole('heading', { level: 2 }).first()).toContainText('9');
  await expect(panel.getByRole('navigation')).toHaveCount(0);
  server.close();
});
