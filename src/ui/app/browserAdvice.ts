// Which advice fits a browser that gives no WebGPU. Pure: the browser's own description in, names of texts out.

export type Advice = 'insecure' | 'chrome' | 'linux' | 'firefox' | 'safari' | 'android' | 'other';

/** The advice for a user agent, best first. */
export function adviceFor(userAgent: string, isSecure: boolean): readonly Advice[] {
  const advice: Advice[] = isSecure ? [] : ['insecure'];
  const isAndroid = /Android/.test(userAgent);
  // Every browser on iOS is Safari underneath.
  const isApplePhone = /iPhone|iPad|iPod/.test(userAgent);
  const isChromium = /Chrome\/|Chromium\/|Edg\//.test(userAgent);
  if (isApplePhone) advice.push('safari');
  else if (isAndroid) advice.push('android');
  else if (/Firefox\//.test(userAgent)) advice.push('firefox');
  else if (isChromium)
    advice.push(...(/Linux|X11/.test(userAgent) ? (['linux', 'chrome'] as const) : (['chrome'] as const)));
  else if (/Safari\//.test(userAgent)) advice.push('safari');
  else advice.push('other');
  return advice;
}
