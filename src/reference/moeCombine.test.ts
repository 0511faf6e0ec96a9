import { describe, expect, test } from 'vitest';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { moeCombine, moeCombineBackward } from './moeCombine';

const [topK, width, rows] = [2, 3, [4, 0, 2, 3]]; // two tokens; rows 1 and 5 are padding

describe('combining experts', () => {
  test('a token is the weighted sum of its rows', () => {
    const expertOut = Float64Array.from({ length: 18 }, (_, i) => Math.floor(i / 3));
    expect([...moeCombine(expertOut, rows, [1, 10, 0.5, 2], topK, width)]).toEqual([4, 4, 4, 7, 7, 7]);
  });

  test('its gradients are its derivatives, and padding rows get none', () => {
    const [expertOut, weights, dy] = [normals(18, 1), normals(4, 2), normals(6, 3)];
    const { dExpertOut, dWeights } = moeCombineBackward(dy, expertOut, rows, weights, topK, width);
    expectGradient(dExpertOut, (v) => weighted(moeCombine(v, rows, weights, topK, width), dy), expertOut);
    expectGradient(dWeights, (v) => weighted(moeCombine(expertOut, rows, v, topK, width), dy), weights);
    expect([...dExpertOut.subarray(3, 6), ...dExpertOut.subarray(15)]).toEqual(new Array(6).fill(0));
  });
});
