// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { figureSvg } from './figure';
import { pointFigure } from './pointFigure';

it('measured points are a figure that has every one of them, and says what each reads', () => {
  const point = (x: number, y: number) => ({ x, y, label: `at ${x}` });
  const style = { color: 'run-1', widthPx: 2 };
  const figure = pointFigure(
    [
      { label: 'base', style, marker: 'disc', points: [point(4, 0.5), point(1, 0.25), point(4, 0.75)] },
      { label: 'taught', style: { ...style, widthPx: 0 }, marker: 'ring', points: [point(2, 0.9)] },
    ],
    { title: 'Accuracy', caption: 'Soliloquy', xLabel: 'tokens' },
  );
  expect(figure.steps).toEqual([1, 2, 4, 4]);
  expect(figure.caption).toBe('base: at 4; at 1; at 4. taught: at 2. Soliloquy');
  const svg = figureSvg(figure, () => '#123', 'en');
  expect(svg.match(/<circle/g)).toHaveLength(4);
  for (const text of ['Accuracy', 'taught', 'tokens', '80%']) expect(svg).toContain(text);
});
