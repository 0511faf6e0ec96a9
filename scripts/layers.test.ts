import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MAY_IMPORT } from '../.dependency-cruiser.mjs';
import { layersDiagram } from './layers.mjs';

it('an arrow that follows from others is left out', () => {
  const layers = { lib: [], device: ['lib'], kernels: ['device', 'lib'] };
  expect(layersDiagram(layers)).toBe('flowchart BT\n  device --> lib\n  kernels --> device');
});

it('the README’s picture of the layers is that of the arrows that are checked', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const picture = /```mermaid\n(.*?)\n```/s.exec(readme)?.[1];
  expect(picture, 'write what `node scripts/layers.mjs` prints into the README').toBe(layersDiagram(MAY_IMPORT));
});
