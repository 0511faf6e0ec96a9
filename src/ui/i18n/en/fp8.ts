export const fp8 = {
  title: 'Eight bits are enough',
  intro:
    'DeepSeek-V3 was trained in FP8: the inputs of its matrix products have eight bits each, a quarter of float32. Sums, ' +
    'the weights that the optimizer moves, and all that is delicate stay as they are. Here the same is done exactly, also ' +
    'where the device has no FP8 of its own.',
  number: 'A number in E4M3',
  numberAbout:
    'One bit for the sign, four for the exponent, three for the fraction: 253 numbers, up to 448. What lies between two is ' +
    'rounded, by 6% at most. So that no number is too large or too small, 128 activations in a row, or 128 × 128 weights, ' +
    'share a scale that takes the largest of them to 448.',
  type: 'A number',
  part: { sign: 'sign', exponent: 'exponent', fraction: 'fraction' },
  kept: 'It is kept as {{kept}}: {{error}} off.',
  clipped: 'It is beyond the largest and is kept as {{kept}}: {{error}} off. A scale would have made room for it.',
  noNumber: 'That is no number. Write one such as 3.3.',
  line: 'The numbers that there are from 1/16 to 448, each octave with eight: yours (dot), and what is kept of it (bar).',
  two: 'One training, twice',
  twoAbout:
    'The same model, the same random weights, the same 200 steps of texts: once in float32, once with the products in FP8. ' +
    'It takes half a minute.',
  train: 'Train both',
  begun: 'It begins…',
  training: 'Training: step {{done}} of {{total}}',
  measuring: 'Measuring: {{done}} of {{total}}',
  figure: 'Loss by step, on this device',
  step: 'step',
  loss: 'loss, nats a token',
  ends: 'At the end {{f32}} nats in float32 and {{fp8}} in FP8, {{apart}} {{which}}.',
  above: 'above',
  below: 'below',
  recorded: 'Recorded: the whole schedule in {{steps}} steps, bits a byte of 2,000 held-out texts',
  seed: 'Seed',
  control: 'float32, its learning rate changed by a millionth',
  seen:
    'DeepSeek reports that FP8 stays within 0.25% of the loss. What is to be held against it here is the last column: two ' +
    'trainings in float32 that differ by a millionth in their rate. A small model on a steep curve parts from itself.',
};
