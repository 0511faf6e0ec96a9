// The whole of GRPO on one page. A small language model learns to add from nothing but
// rewards: no right answers to copy, only a rule that says which of its own attempts were
// right. Read it from top to bottom; it imports nothing.
// Each `yield` in `train` hands out what was just computed, so that it can be watched.
// Nothing else depends on it.

// ── The task ──
// A token is a number: its place in this string. The last one ends an answer.
const TOKENS = '0123456789+.';
const END = TOKENS.indexOf('.');
export const encode = (text: string) => [...text].map((token) => TOKENS.indexOf(token));
export const decode = (tokens: readonly number[]) => tokens.map((token) => TOKENS[token]).join('');

/** The rule: half a point for the right digit, the other half for stopping after it. */
function reward(question: string, answer: string): number {
  const [a = 0, b = 0] = question.split('+').map(Number);
  if (!answer.startsWith(String(a + b))) return 0;
  return answer === `${a + b}.` ? 1 : 0.5;
}

/** Random numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

// ── The tape: what was computed, so that it can be gone through backwards ──
/** Numbers, and how each moves the loss: its slope, once `backward` has been here. */
export interface Vector {
  readonly data: Float64Array;
  readonly grad: Float64Array;
}
const tape: (() => void)[] = [];
const vector = (data: Float64Array): Vector => ({ data, grad: new Float64Array(data.length) });

/** A vector that was made of others. @param back adds to their slopes what its own give */
function made(data: Float64Array, back: (grad: Float64Array) => void): Vector {
  const out = vector(data);
  tape.push(() => back(out.grad));
  return out;
}
function backward(): void {
  for (const back of tape.reverse()) back();
  tape.length = 0;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
function addScaled(to: Float64Array, by: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += by * from[i]!;
}

function add(a: Vector, b: Vector): Vector {
  const data = a.data.map((x, i) => x + b.data[i]!);
  return made(data, (grad) => {
    addScaled(a.grad, 1, grad);
    addScaled(b.grad, 1, grad);
  });
}

function linear(rows: readonly Vector[], x: Vector): Vector {
  const data = Float64Array.from(rows, (row) => dot(row.data, x.data));
  return made(data, (grad) => {
    rows.forEach((row, i) => {
      addScaled(row.grad, grad[i]!, x.data);
      addScaled(x.grad, grad[i]!, row.data);
    });
  });
}

/** gate · sigmoid(gate) · x (SwiGLU) */
function gated(gate: Vector, x: Vector): Vector {
  const sigmoid = gate.data.map((g) => 1 / (1 + Math.exp(-g)));
  const open = gate.data.map((g, i) => g * sigmoid[i]!);
  const data = x.data.map((value, i) => value * open[i]!);
  return made(data, (grad) => {
    grad.forEach((g, i) => {
      x.grad[i]! += g * open[i]!;
      gate.grad[i]! += g * x.data[i]! * (sigmoid[i]! + open[i]! * (1 - sigmoid[i]!));
    });
  });
}

/** x with a mean square of one, times a gain (RMSNorm). */
function normalize(x: Vector, gain: Vector): Vector {
  const factor = 1 / Math.sqrt(dot(x.data, x.data) / x.data.length + 1e-6);
  const data = x.data.map((value, i) => value * factor * gain.data[i]!);
  return made(data, (grad) => {
    const slopes = grad.map((g, i) => g * gain.data[i]!);
    const along = (dot(slopes, x.data) * factor ** 3) / x.data.length;
    grad.forEach((g, i) => {
      gain.grad[i]! += g * x.data[i]! * factor;
      x.grad[i]! += slopes[i]! * factor - along * x.data[i]!;
    });
  });
}

// Rotary embedding: attention then sees distances.
/** Pairs of numbers turned by angles that grow with the position. */
function rotate(x: Vector, position: number): Vector {
  const half = x.data.length / 2;
  const turn = (data: Float64Array, direction: number) =>
    data.map((value, i) => {
      const angle = (direction * position) / 10_000 ** ((i % half) / half);
      return value * Math.cos(angle) + (i < half ? -data[i + half]! : data[i - half]!) * Math.sin(angle);
    });
  return made(turn(x.data, 1), (grad) => addScaled(x.grad, 1, turn(grad, -1)));
}

function softmax(scores: Float64Array): Float64Array {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power);
  return powers.map((power) => power / total);
}

/** A mean of the values, each weighed by how well its key fits the query. */
function attend(query: Vector, keys: readonly Vector[], values: readonly Vector[]): Vector {
  const root = Math.sqrt(query.data.length);
  const weights = softmax(Float64Array.from(keys, (key) => dot(query.data, key.data) / root));
  const data = new Float64Array(query.data.length);
  weights.forEach((weight, t) => {
    addScaled(data, weight, values[t]!.data);
  });
  return made(data, (grad) => {
    const fits = weights.map((_, t) => dot(grad, values[t]!.data));
    const mean = dot(fits, weights);
    weights.forEach((weight, t) => {
      const slope = (weight * (fits[t]! - mean)) / root;
      addScaled(values[t]!.grad, weight, grad);
      addScaled(keys[t]!.grad, slope, query.data);
      addScaled(query.grad, slope, keys[t]!.data);
    });
  });
}

function logProbability(scores: Vector, token: number): Vector {
  const probabilities = softmax(scores.data);
  return made(Float64Array.of(Math.log(probabilities[token]!)), ([grad = 0]) => {
    probabilities.forEach((probability, i) => {
      scores.grad[i]! += grad * ((i === token ? 1 : 0) - probability);
    });
  });
}

// ── The model: one layer, as in Llama ──
const [WIDTH, HIDDEN] = [16, 32];

export function createModel(random: () => number) {
  // Two evenly spread numbers make a normal one (Box–Muller).
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const matrix = (rows: number, columns: number) =>
    Array.from({ length: rows }, () => vector(new Float64Array(columns).map(() => normal() / Math.sqrt(columns))));
  const gain = () => [vector(new Float64Array(WIDTH).fill(1))];
  return {
    embedding: matrix(TOKENS.length, WIDTH),
    attentionGain: gain(),
    query: matrix(WIDTH, WIDTH),
    key: matrix(WIDTH, WIDTH),
    value: matrix(WIDTH, WIDTH),
    output: matrix(WIDTH, WIDTH),
    networkGain: gain(),
    gate: matrix(HIDDEN, WIDTH),
    up: matrix(HIDDEN, WIDTH),
    down: matrix(WIDTH, HIDDEN),
    lastGain: gain(),
    head: matrix(TOKENS.length, WIDTH),
  };
}
export type Model = ReturnType<typeof createModel>;

/** Keys and values of the tokens read so far. */
type Past = { readonly keys: readonly Vector[]; readonly values: readonly Vector[] };
const NOTHING: Past = { keys: [], values: [] };

// What it returns: a score of each token that might follow, and what to go on from.
/** Reads some tokens after what was read before. */
function read(model: Model, { keys, values }: Past, tokens: readonly number[]): { scores: Vector; past: Past } {
  let x = model.embedding[0]!;
  for (const token of tokens) {
    x = model.embedding[token]!;
    const seen = normalize(x, model.attentionGain[0]!);
    const position = keys.length;
    keys = [...keys, rotate(linear(model.key, seen), position)];
    values = [...values, linear(model.value, seen)];
    const found = attend(rotate(linear(model.query, seen), position), keys, values);
    x = add(x, linear(model.output, found));
    const inside = normalize(x, model.networkGain[0]!);
    x = add(x, linear(model.down, gated(linear(model.gate, inside), linear(model.up, inside))));
  }
  return { scores: linear(model.head, normalize(x, model.lastGain[0]!)), past: { keys, values } };
}

// ── Answering ──
export interface Answer {
  readonly question: string;
  readonly tokens: number[];
  /** Log-probability of each token when it was drawn. */
  readonly logps: number[];
}

/** Each place as often as its probability says. */
function draw(probabilities: Float64Array, random: () => number): number {
  let left = random();
  const place = probabilities.findIndex((probability) => {
    left -= probability;
    return left < 0;
  });
  return Math.max(0, place);
}

/** Answers to a question, which is read once; each token is drawn by its probability. */
function answer(model: Model, question: string, random: () => number): Answer[] {
  const start = read(model, NOTHING, encode(question));
  const answers = Array.from({ length: SETTINGS.answers }, (): Answer => {
    const tokens: number[] = [];
    const logps: number[] = [];
    for (let { scores, past } = start; ; { scores, past } = read(model, past, tokens.slice(-1))) {
      const probabilities = softmax(scores.data);
      const token = draw(probabilities, random);
      tokens.push(token);
      logps.push(Math.log(probabilities[token]!));
      if (token === END || tokens.length === SETTINGS.longest) return { question, tokens, logps };
    }
  });
  tape.length = 0; // there is nothing to learn from yet
  return answers;
}

// ── GRPO ──
export const SETTINGS = {
  questions: 8,
  answers: 32, // to each question
  passes: 2, // optimizer steps on the same answers
  longest: 2, // tokens of an answer
  largest: [4, 4], // numbers of a question
  epsilon: 0.2, // how far a token may move before it is pushed no further
  learningRate: 3e-3,
  beta1: 0.9,
  beta2: 0.999,
  weightDecay: 0.01,
  maxNorm: 1,
};

/** How much better each answer of a group is than the group. */
function advantagesOf(rewards: readonly number[]): number[] {
  const mean = rewards.reduce((sum, r) => sum + r) / rewards.length;
  const variance = rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (rewards.length - 1);
  return rewards.map((r) => (r - mean) / (Math.sqrt(variance) + 1e-4));
}

// From the slope of each token's log-probability `backward` goes on.
/** The loss of some groups of answers. */
function lossOf(model: Model, groups: readonly Answer[][], advantages: readonly number[][]): number {
  let loss = 0;
  for (const [g, group] of groups.entries()) {
    const start = read(model, NOTHING, encode(group[0]!.question));
    for (const [i, { tokens, logps }] of group.entries()) {
      const advantage = advantages[g]![i]!;
      const weight = 1 / (groups.length * group.length * tokens.length);
      let { scores, past } = start;
      for (const [t, token] of tokens.entries()) {
        if (t > 0) ({ scores, past } = read(model, past, [tokens[t - 1]!]));
        const logp = logProbability(scores, token);
        // How much likelier the token is than when it was drawn.
        const ratio = Math.exp(logp.data[0]! - logps[t]!);
        const clipped = Math.min(Math.max(ratio, 1 - SETTINGS.epsilon), 1 + SETTINGS.epsilon);
        loss -= weight * Math.min(ratio * advantage, clipped * advantage);
        if (ratio * advantage <= clipped * advantage) logp.grad[0] = -weight * ratio * advantage;
      }
    }
  }
  return loss;
}

// ── AdamW ──
interface Parameter extends Vector {
  readonly decay: number;
  /** Running means of the slope and of its square. */
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

const parametersOf = (model: Model): Parameter[] =>
  Object.entries(model).flatMap(([name, rows]) =>
    rows.map(({ data, grad }) => {
      const decay = name.endsWith('Gain') ? 0 : SETTINGS.weightDecay;
      return { data, grad, decay, mean: new Float64Array(data.length), square: new Float64Array(data.length) };
    }),
  );

/** Moves every parameter against its slope, then forgets it. @param update from 1 on */
function adamw(parameters: readonly Parameter[], norm: number, update: number): void {
  const { learningRate, beta1, beta2, maxNorm } = SETTINGS;
  const shrink = Math.min(1, maxNorm / (norm + 1e-6));
  for (const { data, grad, decay, mean, square } of parameters) {
    grad.forEach((slope, i) => {
      mean[i] = beta1 * mean[i]! + (1 - beta1) * slope * shrink;
      square[i] = beta2 * square[i]! + (1 - beta2) * (slope * shrink) ** 2;
      const step = mean[i] / (1 - beta1 ** update) / (Math.sqrt(square[i] / (1 - beta2 ** update)) + 1e-8);
      data[i]! -= learningRate * (decay * data[i]! + step);
    });
    grad.fill(0);
  }
}

// ── Training ──
export function* train(random: () => number, model = createModel(random)) {
  const parameters = parametersOf(model);
  const number = (largest: number) => Math.floor(random() * (largest + 1));
  for (let update = 0; ; ) {
    const questions = Array.from({ length: SETTINGS.questions }, () => SETTINGS.largest.map(number).join('+'));
    yield { questions };
    const groups = questions.map((question) => answer(model, question, random));
    yield { groups };
    const rewards = groups.map((group) => group.map(({ question, tokens }) => reward(question, decode(tokens))));
    yield { rewards };
    const advantages = rewards.map(advantagesOf);
    yield { advantages };
    for (let pass = 0; pass < SETTINGS.passes; pass++) {
      const loss = lossOf(model, groups, advantages);
      yield { loss };
      backward();
      const norm = Math.sqrt(parameters.reduce((sum, { grad }) => sum + dot(grad, grad), 0));
      yield { norm };
      adamw(parameters, norm, ++update);
      yield { update };
    }
  }
}
