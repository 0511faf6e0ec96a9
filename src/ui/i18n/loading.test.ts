// @vitest-environment happy-dom
import i18next from 'i18next';
import { beforeEach, expect, it, vi } from 'vitest';
import { en } from './en';
import { zh } from './zh';

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
});

it('a part that was loaded is there in a language chosen later', async () => {
  const { chooseLanguage, loadTexts, startInterfaceLanguage } = await import('.');
  await startInterfaceLanguage();
  expect(i18next.t('train.start')).not.toBe(en.train.start);
  await loadTexts('later');
  expect(i18next.t('train.start')).toBe(en.train.start);
  await chooseLanguage('zh');
  expect([i18next.t('app.train'), i18next.t('train.start')]).toEqual([zh.app.train, zh.train.start]);
});

it('a part that is loaded while the language changes is there before and after', async () => {
  const { chooseLanguage, loadTexts, startInterfaceLanguage } = await import('.');
  await startInterfaceLanguage();
  const changing = chooseLanguage('zh');
  const loading = loadTexts('later');
  expect(i18next.language).toBe('en');
  await Promise.all([loading, changing]);
  expect([i18next.t('train.start'), i18next.t('train.start', { lng: 'en' })]).toEqual([zh.train.start, en.train.start]);
});

it('of languages chosen one after the other the last is shown', async () => {
  const { chooseLanguage, startInterfaceLanguage } = await import('.');
  await startInterfaceLanguage();
  await Promise.all([chooseLanguage('zh'), chooseLanguage('en')]);
  expect([i18next.language, document.documentElement.lang]).toEqual(['en', 'en']);
});
