// Nothing leaves the machine: the page asks only its own site, and its policy stops anything that would do otherwise.
import { expect, test } from '@playwright/test';

test('the page loads from its own site alone, and breaks no rule of its policy', async ({ page, baseURL }) => {
  const strangers: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== baseURL && !request.url().startsWith('blob:')) strangers.push(request.url());
  });
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto('/?engine=fake');
  await expect(page.getByRole('navigation').first()).toBeVisible();
  expect(strangers).toEqual([]);
  expect(complaints).toEqual([]);
});

test('the policy refuses to send anything elsewhere and to run text as code', async ({ page }) => {
  await page.goto('/?engine=fake');
  const refused = await page.evaluate(async () => {
    const directives: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => directives.push(event.effectiveDirective));
    await fetch('https://elsewhere.invalid/').catch(() => undefined);
    const image = new Image();
    image.src = 'https://elsewhere.invalid/pixel.png';
    await new Promise((resolve) => image.addEventListener('error', resolve));
    const script = document.createElement('script');
    script.textContent = 'window.ranInline = true';
    document.head.append(script);
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { directives, ranInline: 'ranInline' in window };
  });
  expect(refused).toEqual({ directives: ['connect-src', 'img-src', 'script-src-elem'], ranInline: false });
});
