import { describe, expect, it } from 'vitest';
import { adviceFor } from './browserAdvice';

const CHROME_LINUX =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const CHROME_IOS =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 CriOS/120.0 Mobile Safari/604.1';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0';
const SAFARI = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15';
const CHROME_ANDROID = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36';

describe('advice for a browser without WebGPU', () => {
  it('is about the browser at hand', () => {
    expect(adviceFor(CHROME_LINUX, true)).toEqual(['linux', 'chrome']);
    expect(adviceFor(FIREFOX, true)).toEqual(['firefox']);
    expect(adviceFor(SAFARI, true)).toEqual(['safari']);
    expect(adviceFor(CHROME_ANDROID, true)).toEqual(['android']);
  });

  it('treats every browser on an iPhone as Safari', () => {
    expect(adviceFor(CHROME_IOS, true)).toEqual(['safari']);
  });

  it('says first that the page must be secure', () => {
    expect(adviceFor(FIREFOX, false)).toEqual(['insecure', 'firefox']);
    expect(adviceFor('curl/8', true)).toEqual(['other']);
  });
});
