import { expect, test } from 'vitest';
import { ShaderFormError } from '../errors';
import { unroll as unrollOf } from './unroll';

const unroll = (text: string) => unrollOf('test', text);

const squeeze = (text: string) => text.replace(/\s+/g, ' ').trim();

test('a loop over constants is written out, each turn with its index as a constant', () => {
  const text = 'const W = 2;\nfn f() {\n  for (var c = 0u; c < W + 1u; c++) {\n    y[c] = x[c];\n  }\n  z = 1.0;\n}';
  expect(squeeze(unroll(text))).toBe(
    'const W = 2; fn f() { { const c = 0u; y[c] = x[c]; } { const c = 1u; y[c] = x[c]; } { const c = 2u; ' +
      'y[c] = x[c]; } z = 1.0; }',
  );
});

test('loops inside loops are written out from within', () => {
  const text = 'const W = 2;\nfor (var a = 0u; a < W; a++) {\n  for (var b = 0u; b < W; b++) { s(a, b); }\n}';
  expect(unroll(text).match(/s\(a, b\)/g)).toHaveLength(4);
  expect(unroll(text)).not.toContain('for');
});

test('a loop whose bound is not constant or nothing, which is left early or which is long stays a loop', () => {
  for (const loop of [
    'for (var c = 0u; c < params.width; c++) { s(c); }',
    'for (var c = 0u; c < W; c++) { if (c == k) { break; } }',
    'for (var c = 0u; c < W * W; c++) { s(c); }',
    'for (var c = 0u; c < 0u; c++) { s(c); }',
  ]) {
    const text = `const W = 64;\n${loop}`;
    expect(unroll(text)).toBe(text);
  }
});

test('inside a long loop, short ones are still written out', () => {
  const text = 'const W = 300;\nfor (var a = 0u; a < W; a++) { for (var b = 0u; b < 2u; b++) { s(b); } }';
  expect(unroll(text)).toContain('for (var a = 0u; a < W; a++)');
  expect(unroll(text).match(/s\(b\)/g)).toHaveLength(2);
});

test('a bound may be a whole quotient', () => {
  expect(unroll('const W = 8;\nfor (var a = 0u; a < W / 4u; a++) { s(a); }').match(/s\(a\)/g)).toHaveLength(2);
});

test('a bound may be a constant that is made of others, in whatever order they stand', () => {
  const text = 'const W = (A + 1u) / B + C;\nconst A = 3;\nconst B = 2u;\nconst C = max(A, B);\nconst D = A + B;\n';
  expect(unroll(`${text}for (var a = 0u; a < D; a++) { s(a); }`).match(/s\(a\)/g)).toHaveLength(5);
  expect(unroll(`${text}for (var a = 0u; a < W; a++) { s(a); }`)).toContain('for (');
  expect(unroll(`${text.replace('max(A, B)', '(A * B)')}for (var a = 0u; a < W; a++) { s(a); }`)).not.toContain(
    'for (',
  );
});

test('a constant of two values is refused, since a bound is looked up by its name', () => {
  const text = 'fn a() {\n  const N = 2;\n}\nfn b() {\n  const N = 3;\n}';
  expect(() => unroll(text)).toThrow(ShaderFormError);
  expect(() => unroll(text)).toThrow('test.wgsl, line 5: found `const N = 3;`');
  expect(unroll(text.replace('3', '2'))).toContain('const N = 2;');
});

test('a brace in a comment ends no loop', () => {
  const text = 'for (var c = 0u; c < 2u; c++) {\n  s(c); // }\n}';
  expect(unroll(text).match(/s\(c\)/g)).toHaveLength(2);
});
