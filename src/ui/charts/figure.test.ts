// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Figure, figureSvg } from './figure';
import { FIGURE_WIDTH } from './figureFrame';
import { type GridFigure, gridSvg } from './gridFigure';

const colors = (name: string) => (name === 'paper' ? '#fff' : 'rgb(1, 2, 3)');
const FIGURE: Figure = {
  title: 'Held-out accuracy',
  caption: 'From 40% at step 0 to 90% at step 60.',
  steps: [0, 10, 20],
  lines: [
    { values: [0.4, null, 0.9], hasPoints: true },
    { values: [0.2, 0.3, 0.35], hasPoints: false },
  ],
  styles: [
    { color: 'accent', widthPx: 2 },
    { color: 'run-2', widthPx: 2, dash: [2, 3], opacity: 0.4 },
  ],
  quantity: 'share',
  legend: [
    { name: 'calm-otter-7', style: { color: 'accent', widthPx: 2 } },
    { name: 'A & B <i>', style: { color: 'run-2', widthPx: 2, dash: [2, 3] } },
  ],
  xLabel: 'step',
};

function parse(svg: string): Document {
  const document = new DOMParser().parseFromString(svg, 'application/xml');
  expect(document.querySelector('parsererror')?.textContent).toBeUndefined();
  return document;
}

describe('a figure as a file', () => {
  it('is an SVG that stands by itself: title, legend, axes, lines, caption', () => {
    const svg = figureSvg(FIGURE, colors, 'en');
    const document = parse(svg);
    expect(document.documentElement.getAttribute('xmlns')).toBe('http://www.w3.org/2000/svg');
    expect(document.querySelector('title')?.textContent).toBe('Held-out accuracy');
    const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
    for (const text of ['Held-out accuracy', 'calm-otter-7', 'A & B <i>', 'step', FIGURE.caption, '40%', '20']) {
      expect(texts).toContain(text);
    }
    const paths = [...document.querySelectorAll('path')].map((path) => path.getAttribute('d'));
    // A gap is spanned; a line of few values has points.
    expect(paths[0]?.match(/[ML]/g)).toEqual(['M', 'L']);
    expect(paths[1]?.match(/[ML]/g)).toEqual(['M', 'L', 'L']);
    expect(document.querySelectorAll('circle')).toHaveLength(2);
    // Nothing comes from elsewhere: no page, no style sheet, no script.
    expect(svg).not.toMatch(/href|url\(|var\(|<script|<style|currentColor/);
  });

  it('draws values where they are', () => {
    const document = parse(
      figureSvg({ ...FIGURE, steps: [0, 1], lines: [{ values: [0, 1], hasPoints: false }] }, colors, 'en'),
    );
    const [x1, y1, x2, y2] =
      (document.querySelector('path')?.getAttribute('d') ?? '').match(/[\d.]+/g)?.map(Number) ?? [];
    const lines = [...document.querySelectorAll('line[x1="64"]')].map((line) => Number(line.getAttribute('y1')));
    expect(x1).toBe(64);
    expect(x2).toBe(FIGURE_WIDTH - 20);
    expect(y1).toBe(Math.max(...lines));
    expect(y2).toBe(Math.min(...lines));
  });

  it('is well-formed whatever it shows', () => {
    const text = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });
    const value = fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(text, text, text, fc.array(value, { maxLength: 6 }), (title, caption, name, values) => {
        const legend = [{ name, style: { color: 'accent', widthPx: 1 } }];
        const steps = values.map((_, i) => i);
        const figure: Figure = {
          ...FIGURE,
          title,
          caption,
          legend,
          steps,
          lines: [{ values, hasPoints: true }],
          quantity: 'number',
        };
        const svg = figureSvg(figure, colors, 'zh');
        expect(svg).not.toContain('NaN');
        parse(svg);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a table of shares as a file', () => {
  const cell = (share: number | undefined, isOutlined = false) => ({ text: `${share}`, share, isOutlined });
  const GRID: GridFigure = {
    title: 'Sums',
    caption: 'Of 64 problems each.',
    rowsLabel: 'Terms',
    columnsLabel: 'Digits',
    columns: ['1', '2'],
    rows: [
      { name: '2', cells: [cell(1, true), cell(0.5, true)] },
      { name: '3', cells: [cell(0.25, true), cell(undefined)] },
    ],
  };

  it('has every name and cell, tinted by its share, and no tint where nothing was measured', () => {
    const document = parse(gridSvg(GRID, colors));
    const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
    expect(texts).toEqual([
      'Sums',
      'Digits',
      'Terms',
      '1',
      '2',
      '2',
      '1',
      '0.5',
      '3',
      '0.25',
      'undefined',
      GRID.caption,
    ]);
    const tints = [...document.querySelectorAll('rect[rx]')].map((rect) => rect.getAttribute('fill-opacity'));
    expect(tints).toEqual(['0.45', '0.23', '0.11', null]);
  });

  it('outlines what belongs together where it ends, and nowhere within', () => {
    const sides = [...parse(gridSvg(GRID, colors)).querySelectorAll('path')].map(
      (path) => path.getAttribute('d')?.match(/[hv]/g)?.join('') ?? '',
    );
    // Above, left; above, below, right; below, left, right.
    expect(sides).toEqual(['hv', 'hhv', 'hvv']);
  });
});
