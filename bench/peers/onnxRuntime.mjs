// ONNX Runtime Web on WebAssembly. It only computes forward, so that the product is all there is to compare.
import * as ort from 'onnxruntime-web';
import { serve } from './child.mjs';

ort.env.wasm.numThreads = Number(process.argv[3]);
ort.env.logLevel = 'error';

/** A field of a protocol buffer: a number, a text, or a message as its bytes. */
function field(number, value) {
  if (typeof value === 'number') return Buffer.from([number << 3, ...varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

const varint = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const message = (...fields) => Buffer.concat(fields);

const FLOAT = 1;

/** C = A·B as an ONNX model (onnx.proto: ModelProto of one MatMul). */
function productModel(size) {
  const dimension = field(1, message(field(1, size)));
  const type = field(1, message(field(1, FLOAT), field(2, message(dimension, dimension))));
  const matrix = (name) => message(field(1, name), field(2, type));
  const node = message(field(1, 'a'), field(1, 'b'), field(2, 'c'), field(4, 'MatMul'));
  const graph = message(
    field(1, node),
    field(2, 'product'),
    field(11, matrix('a')),
    field(11, matrix('b')),
    field(12, matrix('c')),
  );
  return message(field(1, 8), field(7, graph), field(8, message(field(2, 17))));
}

async function gemm({ size, a, b, places }) {
  const session = await ort.InferenceSession.create(productModel(size), { executionProviders: ['wasm'] });
  const matrix = (data) => new ort.Tensor('float32', data, [size, size]);
  const inputs = { a: matrix(a), b: matrix(b) };
  const { c } = await session.run(inputs);
  return {
    check: places.map((place) => c.data[place]),
    run: async (times) => {
      for (let i = 0; i < times; i++) await session.run(inputs);
    },
  };
}

serve({ gemm });
