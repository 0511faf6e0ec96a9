import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ShaderFormError } from '../errors';
import { packParams, readInterface } from './shaderInterface';

const SOURCE = `struct Params {
  rows: u32,   // of x
  @if(normed) epsilon: f32,
  @if(!normed) shift: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage> x: array<f32>;
@if(plus) @group(0) @binding(2) var<storage, read> addend: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
`;

describe('a shader’s interface', () => {
  it('is what its conditions leave of it, in order', () => {
    expect(readInterface('a', SOURCE, { normed: true })).toEqual({
      params: [
        { name: 'rows', type: 'u32' },
        { name: 'epsilon', type: 'f32' },
      ],
      bindings: [
        { name: 'x', index: 1, access: 'read' },
        { name: 'y', index: 3, access: 'read_write' },
      ],
    });
    const { params, bindings } = readInterface('a', SOURCE, { plus: true });
    expect(params.map(({ name }) => name)).toEqual(['rows', 'shift']);
    expect(bindings.map(({ name }) => name)).toEqual(['x', 'addend', 'y']);
  });

  it.each([
    ['another group', '@group(1) @binding(1) var<storage> x: array<f32>;'],
    ['memory that is only written', '@group(0) @binding(1) var<storage, write> x: array<f32>;'],
    ['attributes in another order', '@binding(1) @group(0) var<storage> x: array<f32>;'],
    ['a declaration over two lines', '@group(0) @binding(1)\nvar<storage> x: array<f32>;'],
    ['a second uniform', '@group(0) @binding(4) var<uniform> more: Params;'],
    ['a condition of two', '@if(a && b) @group(0) @binding(1) var<storage> x: array<f32>;'],
    ['an alternative', '@else @group(0) @binding(1) var<storage> x: array<f32>;'],
    ['a vector among the parameters', 'struct Params {\n  size: vec2u,\n}'],
    ['two fields in a line', 'struct Params {\n  rows: u32, columns: u32,\n}'],
    ['parameters in one line', 'struct Params { rows: u32 }'],
  ])('refuses %s, and says where', (_, text) => {
    const read = () => readInterface('norm/a', `// a shader\n${text}`);
    expect(read).toThrow(ShaderFormError);
    expect(read).toThrow(/^norm\/a\.wgsl, line [23]: .* needed/);
  });

  it('is understood of every shader, and no library has bindings of its own', () => {
    const root = join(import.meta.dirname, '../../../shaders');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.wgsl'));
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const { bindings } = readInterface(file, readFileSync(join(root, file), 'utf8'));
      expect(bindings.length > 0, file).toBe(!file.startsWith('lib'));
    }
  });
});

it('parameters are packed by their types; a missing and an unknown one are refused', () => {
  const { params } = readInterface('a', SOURCE, { normed: true });
  const view = new DataView(packParams('a', params, { rows: 7, epsilon: 0.5 }));
  expect([view.byteLength, view.getUint32(0, true), view.getFloat32(4, true)]).toEqual([16, 7, 0.5]);
  expect(() => packParams('a', params, { rows: 7 })).toThrow("a.wgsl needs parameter 'epsilon'");
  expect(() => packParams('a', params, { rows: 7, epsilon: 1, width: 2 })).toThrow("a.wgsl has no parameter 'width'");
});
