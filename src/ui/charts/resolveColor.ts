// A colour of the theme as a canvas and a file need it.

/** A theme colour as canvas can use it: resolved for the current scheme. */
export function resolveColor(token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--color-${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
