// Draws the next token of each row and moves its rollout on: shaders/sampling/sample.wgsl.
import { Candidates, draw, findBest, massFrom, threshold } from '../lib/candidates';
import { vexp, exp } from '../lib/exp';
import { openUniform, pcg4dFirst } from '../lib/rng';
import { Rollout, rolloutAt } from '../lib/rollout';
import { scratch } from '../lib/scratch';
import { Address, Condition, Constant, INVALID } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';
import {
  add,
  LANES,
  laneMax,
  laneSum,
  madd,
  mul,
  splat,
  sub,
  Vec,
  vabs,
  vload,
  vmax,
  vstore,
  whereLess,
} from '../lib/vector';

/** In the place of a log-probability, which none can be: the logits of this token were not all finite. */
const NOT_FINITE: f32 = 3.0e38;

/**
 * Places in scratch memory, in bytes: the candidates, two sums, the members' masses, the best tokens, the mass of every
 * token.
 */
const SUMS: usize = 64;
const MEMBERS: usize = 1024;
const BEST: usize = 8192;
const MASSES: usize = 16384;
const MOST_MASSES: u32 = 61440;

@unmanaged
class Sample {
  settings: Address;
  live: Address;
  logits: Address;
  rollouts: Address;
  tokens: Address;
  log_probs: Address;
  entropies: Address;
  alternatives: Address;
  drafts: Address;
  rows: u32;
  vocabulary: u32;
  max_new_tokens: u32;
  stride: u32;
  first: u32;
  ALTERNATIVES: Constant;
  ROW_THREADS: Constant;
}

@unmanaged
class Settings {
  temperature: f32;
  top_p: f32;
  top_k: u32;
  max_new_tokens: u32;
  num_tokens: u32;
  num_end_tokens: u32;
  min_p: f32;
}

/** Whether a rollout ends with this token. */
function isEnd(settings: Settings, token: u32): bool {
  const endTokens = changetype<usize>(settings) + offsetof<Settings>();
  for (let i: u32 = 0; i < settings.num_end_tokens; i++) {
    if (token == load<u32>(endTokens + (<usize>i << 2))) return true;
  }
  return false;
}

export function sample_units(args: Sample): u32 {
  return unitsOfRows(args.rows, args.vocabulary, COSTLY);
}

export function sample(args: Sample, unit: u32): void {
  const some = rowsOfUnit(args.vocabulary, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const read = row * args.stride + args.first;
    const index = load<u32>(args.live + (<usize>read << 2));
    if (index == INVALID) continue;
    const rollout = rolloutAt(args.rollouts, index);
    if (args.drafts && load<u32>(args.drafts + (<usize>index << 2)) != rollout.token) continue;
    if (rollout.done != 1) drawNext(args, args.logits + (<usize>(read * args.vocabulary) << 2), index, rollout);
  }
}

function drawNext(args: Sample, logits: usize, index: u32, rollout: Rollout): void {
  const settings = changetype<Settings>(args.settings);
  const isGreedy = settings.temperature == 0;
  const vocabulary = args.vocabulary;
  const scale: f32 = isGreedy ? 1 : 1 / settings.temperature;
  const largest = largestScaled(logits, vocabulary, scale);
  const masses = vocabulary <= MOST_MASSES ? scratch() + MASSES : 0;
  sumUp(logits, vocabulary, scale, largest, masses);
  const sum = load<f32>(scratch() + SUMS);
  const logTotal = NativeMathf.log(sum);

  const c = changetype<Candidates>(scratch());
  c.logits = logits;
  c.end = min(settings.num_tokens, vocabulary);
  c.scale = scale;
  c.largest = largest;
  c.masses = masses;
  const best = scratch() + BEST;
  const numBest = args.alternatives ? args.ALTERNATIVES : 1;
  const bestTokens = best + (<usize>numBest << 2);
  findBest(logits, c.end, numBest, best);
  const token = isGreedy ? load<u32>(bestTokens) : drawToken(args, c, rollout, load<f32>(best), load<u32>(bestTokens));

  const at = index * args.max_new_tokens + rollout.length;
  const whole = largest + logTotal;
  for (let a: u32 = 0; args.alternatives && a < numBest; a++) {
    const to = args.alternatives + (<usize>(at * numBest + a) << 3);
    store<u32>(to, load<u32>(bestTokens + (<usize>a << 2)));
    store<f32>(to + 4, load<f32>(best + (<usize>a << 2)) * scale - whole);
  }
  const isFinite = largest < NOT_FINITE;
  const scaled = load<f32>(logits + (<usize>token << 2)) * scale;
  // The likeliest token is certain.
  const drawn: f32 = isGreedy ? 0 : scaled - (largest + NativeMathf.log(c.drawn_from));
  const length = rollout.length + 1;
  store<u32>(args.tokens + (<usize>at << 2), token);
  store<f32>(args.log_probs + (<usize>at << 3), isFinite ? scaled - whole : NOT_FINITE);
  store<f32>(args.log_probs + (<usize>at << 3) + 4, isFinite ? drawn : NOT_FINITE);
  store<f32>(args.entropies + (<usize>at << 2), isFinite ? logTotal - load<f32>(scratch() + SUMS + 4) / sum : 0);
  rollout.length = length;
  // After what is not finite nothing that it would go on with is worth anything.
  if (isFinite) rollout.token = token;
  if (!isFinite || isEnd(settings, token) || length >= settings.max_new_tokens) rollout.done = 1;
}

function drawToken(args: Sample, c: Candidates, rollout: Rollout, likeliest: f32, best: u32): u32 {
  const settings = changetype<Settings>(args.settings);
  let lowest: f32 = f32.NEGATIVE_INFINITY;
  if (settings.top_k > 0 && settings.top_k < c.end) lowest = threshold(c, lowest, likeliest, <f32>settings.top_k, 0);
  if (settings.top_p < 1) lowest = threshold(c, lowest, likeliest, 0, settings.top_p * massFrom(c, lowest));
  if (settings.min_p > 0) {
    lowest = max<f32>(lowest, likeliest + NativeMathf.log(settings.min_p) * settings.temperature);
  }
  const uniform = openUniform(pcg4dFirst(rollout.key0, rollout.key1, rollout.key2, rollout.length));
  const drawn = draw(c, lowest, uniform, args.ROW_THREADS, scratch() + MEMBERS);
  return drawn < 0 ? best : drawn;
}

/** The largest logit · scale; NOT_FINITE where one is not finite. */
function largestScaled(logits: usize, count: u32, scale: f32): f32 {
  const scales = splat(scale);
  let largest = splat(-NOT_FINITE);
  let v: u32 = 0;
  for (; v + LANES <= count; v += LANES) {
    const scaled = mul(vload(logits + (<usize>v << 2)), scales);
    largest = vmax(largest, whereLess(vabs(scaled), splat(f32.POSITIVE_INFINITY), scaled, splat(NOT_FINITE)));
  }
  let most = laneMax(largest);
  for (; v < count; v++) {
    const scaled = load<f32>(logits + (<usize>v << 2)) * scale;
    most = max(most, abs(scaled) < f32.POSITIVE_INFINITY ? scaled : NOT_FINITE);
  }
  return most;
}

/** Σ e and Σ e·x of e = eˣ, x = logit · scale − largest, into SUMS; each e into masses, if that is not 0. */
function sumUp(logits: usize, count: u32, scale: f32, largest: f32, masses: usize): void {
  let sums: Vec = splat(0);
  let products: Vec = splat(0);
  let v: u32 = 0;
  for (; v + LANES <= count; v += LANES) {
    const at = <usize>v << 2;
    const x = sub(mul(vload(logits + at), splat(scale)), splat(largest));
    const e = vexp(x);
    if (masses) vstore(masses + at, e);
    sums = add(sums, e);
    products = madd(e, x, products);
  }
  let sum = laneSum(sums);
  let product = laneSum(products);
  for (; v < count; v++) {
    const at = <usize>v << 2;
    const x = load<f32>(logits + at) * scale - largest;
    const e = exp(x);
    if (masses) store<f32>(masses + at, e);
    sum += e;
    product += e * x;
  }
  store<f32>(scratch() + SUMS, sum);
  store<f32>(scratch() + SUMS + 4, product);
}
