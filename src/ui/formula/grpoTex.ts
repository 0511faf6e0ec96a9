// GRPO's formulas with one answer's numbers: TeX from `answerFormula`, which has computed them. Nothing is computed here.
import type { AnswerFormula, Decoupled, TokenLoss } from '../../protocol/answerFormula';
import type { GrpoConfig } from '../../protocol/protocol';
import { plainNumber, texNumber } from './numbers';
import { type LiveSymbol, type LiveTex, mark, rows, type SymbolName } from './symbols';

const value = (name: SymbolName, number: number): LiveSymbol => ({ name, value: plainNumber(number) });
const number = (name: SymbolName, of: number, isInside = true) => mark(name, texNumber(of, isInside));

export function rewardTex({ parts, reward }: AnswerFormula): LiveTex {
  const given = parts.filter(({ score }) => score !== null);
  const terms = given.map(
    ({ score, weight }) => `${number('scoreWeight', weight)}\\cdot ${number('score', score ?? 0)}`,
  );
  return {
    tex: rows(
      mark('reward'),
      `\\textstyle\\sum_k ${mark('scoreWeight')}\\,${mark('score')}`,
      terms.length > 0 ? terms.join('+') : '0',
      number('reward', reward, false),
    ),
    symbols: [value('reward', reward), { name: 'scoreWeight' }, { name: 'score' }],
  };
}

export function advantageTex(formula: AnswerFormula): LiveTex {
  return formula.decoupled ? decoupledTex(formula, formula.decoupled) : groupTex(formula);
}

/** Each reward is compared by itself; their weighted sum is compared with those of the whole step. */
function decoupledTex({ parts, advantage }: AnswerFormula, { sum, mean, std, groups }: Decoupled): LiveTex {
  const term = `\\dfrac{${mark('score')}-${mark('ownMean')}}{${mark('ownStd')}+10^{-4}}`;
  const terms = parts.flatMap(({ score, weight }, k) => {
    const group = groups[k];
    if (score === null || group === undefined) return [];
    const difference = `${number('score', score)}-${number('ownMean', group.mean)}`;
    return [`${number('scoreWeight', weight)}\\cdot\\dfrac{${difference}}{${number('ownStd', group.std)}+10^{-4}}`];
  });
  const whole = (r: string, m: string, s: string) => `\\dfrac{${r}-${m}}{${s}+10^{-4}}`;
  return {
    tex: [
      `\\begin{aligned}${mark('normalized')}&=\\textstyle\\sum_k ${mark('scoreWeight')}\\,${term}\\\\[5pt]`,
      `&=${terms.length > 0 ? terms.join('+') : '0'}=${number('normalized', sum, false)}\\\\[8pt]`,
      `${mark('advantage')}&=${whole(mark('normalized'), mark('mean'), mark('std'))}\\\\[5pt]`,
      `&=${whole(number('normalized', sum), number('mean', mean), number('std', std))}\\\\[5pt]`,
      `&=${number('advantage', advantage, false)}\\end{aligned}`,
    ].join(''),
    symbols: [
      value('advantage', advantage),
      value('normalized', sum),
      { name: 'ownMean' },
      { name: 'ownStd' },
      { name: 'score' },
      { name: 'scoreWeight' },
    ],
  };
}

function groupTex({ reward, mean, std, advantage }: AnswerFormula): LiveTex {
  const difference = `${mark('reward')}-${mark('mean')}`;
  const numbers = `${number('reward', reward)}-${number('mean', mean)}`;
  const isScaled = std !== undefined;
  return {
    tex: rows(
      mark('advantage'),
      isScaled ? `\\dfrac{${difference}}{${mark('std')}+10^{-4}}` : difference,
      isScaled ? `\\dfrac{${numbers}}{${number('std', std)}+10^{-4}}` : numbers,
      number('advantage', advantage, false),
    ),
    symbols: [
      value('advantage', advantage),
      value('reward', reward),
      value('mean', mean),
      ...(isScaled ? [value('std', std)] : []),
    ],
  };
}

/** @param answer for a ratio of the whole answer. */
export function ratioTex({ logp, oldLogp, ratio }: TokenLoss, { tokens }: AnswerFormula, config: GrpoConfig): LiveTex {
  const difference = `${mark('logp')}-${mark('oldLogp')}`;
  const isWhole = config.importance_sampling_level === 'sequence';
  const mean = tokens.reduce((sum, one) => sum + one.logp - one.oldLogp, 0) / tokens.length;
  return {
    tex: rows(
      mark('ratio'),
      isWhole
        ? `\\exp\\Bigl(\\tfrac{1}{${mark('length')}}\\textstyle\\sum_t(${difference})\\Bigr)`
        : `\\exp\\bigl(${difference}\\bigr)`,
      isWhole
        ? `\\exp(${texNumber(mean)})`
        : `\\exp\\bigl(${number('logp', logp)}-${number('oldLogp', oldLogp)}\\bigr)`,
      number('ratio', ratio, false),
    ),
    symbols: [
      value('ratio', ratio),
      ...(isWhole ? [value('length', tokens.length)] : []),
      value('logp', logp),
      value('oldLogp', oldLogp),
    ],
  };
}

export function policyTex(token: TokenLoss, formula: AnswerFormula, config: GrpoConfig): LiveTex {
  return { clipped: clippedTex, capped: cappedTex, gated: gatedTex, weighed: weighedTex }[formula.term](
    token,
    formula,
    config,
  );
}

const LOSS = `${mark('policy')}`;

function clippedTex(token: TokenLoss, { advantage }: AnswerFormula, config: GrpoConfig): LiveTex {
  const { epsilon, epsilon_high, delta } = config;
  const isEven = epsilon_high === null || epsilon_high === epsilon;
  const high = isEven ? ('epsilon' as const) : ('epsilonHigh' as const);
  const isBounded = delta !== null;
  const ratio = isBounded ? `\\min(${mark('ratio')},${mark('delta')})` : mark('ratio');
  const bounded = isBounded
    ? `\\min(${number('ratio', token.ratio)},${number('delta', delta)})`
    : number('ratio', token.ratio);
  const clip = `\\operatorname{clip}(${mark('ratio')},\\,1-${mark('epsilon')},\\,1+${mark(high)})`;
  const A = mark('advantage');
  const a = number('advantage', advantage);
  return {
    tex: [
      `\\begin{aligned}${mark('clipped')}&=${clip}=${number('clipped', token.clipped)}\\\\[4pt]`,
      `${LOSS}&=-\\min\\bigl(${ratio}\\,${A},\\;${mark('clipped')}\\,${A}\\bigr)\\\\[5pt]`,
      `&=-\\min\\bigl(${bounded}\\cdot ${a},\\;${number('clipped', token.clipped)}\\cdot ${a}\\bigr)\\\\[5pt]`,
      `&=${number('policy', token.policy, false)}\\end{aligned}`,
    ].join(''),
    symbols: [
      value('policy', token.policy),
      value('ratio', token.ratio),
      value('advantage', advantage),
      value('clipped', token.clipped),
      value('epsilon', epsilon),
      ...(isEven ? [] : [value('epsilonHigh', epsilon_high)]),
      ...(isBounded ? [value('delta', delta)] : []),
    ],
  };
}

function cappedTex(token: TokenLoss, { advantage }: AnswerFormula, { epsilon, epsilon_high }: GrpoConfig): LiveTex {
  const high = epsilon_high ?? epsilon;
  return {
    tex: [
      `\\begin{aligned}${mark('clipped')}&=\\min(${mark('ratio')},\\,${mark('epsilonHigh')})`,
      `=${number('clipped', token.clipped)}\\\\[4pt]`,
      `${LOSS}&=-${mark('clipped')}\\,${mark('advantage')}\\,${mark('logp')}\\\\[5pt]`,
      `&=-${number('clipped', token.clipped)}\\cdot ${number('advantage', advantage)}`,
      `\\cdot ${number('logp', token.logp)}\\\\[5pt]&=${number('policy', token.policy, false)}\\end{aligned}`,
    ].join(''),
    symbols: [
      value('policy', token.policy),
      value('clipped', token.clipped),
      value('ratio', token.ratio),
      value('epsilonHigh', high),
      value('advantage', advantage),
      value('logp', token.logp),
    ],
  };
}

function gatedTex(token: TokenLoss, { advantage, gateTemperature: temperature }: AnswerFormula): LiveTex {
  const [tau, gate, A] = [mark('temperature'), mark('gate'), mark('advantage')];
  return {
    tex: [
      `\\begin{aligned}${gate}&=\\frac{1}{1+e^{-${tau}(${mark('ratio')}-1)}}=${number('gate', token.clipped)}\\\\[4pt]`,
      `${LOSS}&=-\\tfrac{4}{${tau}}\\,${gate}\\,${A}=-\\tfrac{4}{${number('temperature', temperature)}}`,
      `\\cdot ${number('gate', token.clipped)}\\cdot ${number('advantage', advantage)}\\\\[5pt]`,
      `&=${number('policy', token.policy, false)}\\end{aligned}`,
    ].join(''),
    symbols: [
      value('policy', token.policy),
      value('gate', token.clipped),
      value('temperature', temperature),
      value('ratio', token.ratio),
      value('advantage', advantage),
    ],
  };
}

function weighedTex(token: TokenLoss, { advantage, whole }: AnswerFormula): LiveTex {
  const [phi, W, k, lambda] = [mark('gamma'), mark('whole'), mark('gammaPower'), mark('gammaDecay')];
  const [w, power, decay] = [
    number('whole', whole.ratio),
    number('gammaPower', whole.k),
    number('gammaDecay', whole.lambda),
  ];
  return {
    tex: [
      `\\begin{aligned}${phi}&=e^{${lambda}}\\,${W}^{${k}}\\,e^{-${lambda}${W}}`,
      `=e^{${decay}}\\cdot ${w}^{${power}}\\cdot e^{-${decay}\\cdot ${w}}=${number('gamma', token.clipped)}\\\\[4pt]`,
      `${LOSS}&=-${phi}\\,${mark('advantage')}\\,${mark('logp')}\\\\[5pt]`,
      `&=-${number('gamma', token.clipped)}\\cdot ${number('advantage', advantage)}`,
      `\\cdot ${number('logp', token.logp)}\\\\[5pt]&=${number('policy', token.policy, false)}\\end{aligned}`,
    ].join(''),
    symbols: [
      value('policy', token.policy),
      value('gamma', token.clipped),
      value('whole', whole.ratio),
      value('gammaPower', whole.k),
      value('gammaDecay', whole.lambda),
      value('advantage', advantage),
      value('logp', token.logp),
    ],
  };
}

/** Only of a token whose reference is known. */
export function klTex({ kl, logp, refLogp, ratio }: TokenLoss, config: GrpoConfig): LiveTex | undefined {
  if (kl === undefined || refLogp === undefined) return undefined;
  const isCorrected = config.use_bias_correction_kl;
  const x = `(${mark('refLogp')}-${mark('logp')})`;
  const d = texNumber(refLogp - logp, true);
  const factor = isCorrected ? mark('ratio') : '';
  const factorNumber = isCorrected ? `${number('ratio', ratio)}\\,` : '';
  return {
    tex: rows(
      mark('kl'),
      `${factor}\\bigl(e^{${mark('refLogp')}-${mark('logp')}}-${x}-1\\bigr)`,
      `${factorNumber}\\bigl(e^{${d}}-${d}-1\\bigr)`,
      number('kl', kl.factor * kl.k3, false),
    ),
    symbols: [value('kl', kl.factor * kl.k3), value('refLogp', refLogp), value('logp', logp)],
  };
}

export function weightTex({ weight, numAnswers, numTokens, isEstimated }: AnswerFormula, config: GrpoConfig): LiveTex {
  const symbol = weightSymbols(config);
  const equals = isEstimated ? '\\approx ' : '=';
  const counts: Partial<Record<SymbolName, number>> = {
    answers: numAnswers,
    length: numTokens,
    tokens: numTokens,
    longest: config.max_completion_length,
    parts: config.steps_per_generation,
  };
  const product = (names: readonly SymbolName[], isNumber: boolean) =>
    names.length === 0
      ? '1'
      : names
          .map((name) => (isNumber ? number(name, counts[name] ?? 0) : mark(name)))
          .join(isNumber ? '\\cdot ' : '\\,');
  return {
    tex: [
      `\\begin{aligned}${mark('weight')}&=\\dfrac{${product(symbol.over, false)}}{${product(symbol.under, false)}}`,
      `\\\\[5pt]&${equals}\\dfrac{${product(symbol.over, true)}}{${product(symbol.under, true)}}`,
      `\\\\[5pt]&${equals}${number('weight', weight, false)}\\end{aligned}`,
    ].join(''),
    symbols: [
      value('weight', weight),
      ...[...symbol.over, ...symbol.under].map((name) => value(name, counts[name] ?? 0)),
    ],
  };
}

/** How a loss type shares out: what stands over the line and under it. */
function weightSymbols({ loss_type }: GrpoConfig): { over: readonly SymbolName[]; under: readonly SymbolName[] } {
  switch (loss_type) {
    case 'grpo':
    case 'sapo':
      return { over: [], under: ['answers', 'length'] };
    case 'dr_grpo':
      return { over: [], under: ['answers', 'longest'] };
    case 'luspo':
      return { over: [], under: ['answers'] };
    case 'bnpo':
      return { over: [], under: ['tokens'] };
    case 'dapo':
    case 'cispo':
    case 'vespo':
      return { over: ['parts'], under: ['tokens'] };
  }
}

/** The entropy bonus is part of it where the entropy is known. */
export function shareTex(token: TokenLoss, { weight, entropyWeight }: AnswerFormula, { beta }: GrpoConfig): LiveTex {
  const { kl, policy, loss, push, entropy } = token;
  const hasKl = beta > 0;
  const hasBonus = entropyWeight > 0 && entropy !== undefined;
  const bonus = hasBonus ? `-${mark('entropyWeight')}\\,${mark('entropy')}` : '';
  const bonusNumbers = hasBonus ? `-${number('entropyWeight', entropyWeight)}\\cdot ${number('entropy', entropy)}` : '';
  const inner = hasKl ? `\\bigl(${mark('policy')}+${mark('beta')}\\,${mark('kl')}\\bigr)` : mark('policy');
  const policyNumber = number('policy', policy);
  const klNumber = kl ? number('kl', kl.factor * kl.k3) : mark('kl', '\\text{?}');
  const numbers = hasKl ? `\\bigl(${policyNumber}+${number('beta', beta)}\\cdot ${klNumber}\\bigr)` : policyNumber;
  const equals = hasKl && !kl ? '\\approx ' : '=';
  return {
    tex: [
      `\\begin{aligned}${mark('share')}&=${mark('weight')}\\,${inner}${bonus}\\\\[5pt]`,
      `&=${number('weight', weight)}\\cdot ${numbers}${bonusNumbers}\\\\[5pt]&${equals}${number('share', loss, false)}\\\\[6pt]`,
      `${mark('push')}&=-\\dfrac{\\partial ${mark('share')}}{\\partial ${mark('logp')}}`,
      `${equals}${number('push', push, false)}\\end{aligned}`,
    ].join(''),
    symbols: [
      value('share', loss),
      value('push', push),
      value('weight', weight),
      value('policy', policy),
      ...(hasBonus ? [value('entropy', entropy), value('entropyWeight', entropyWeight)] : []),
      ...(hasKl ? [value('beta', beta), ...(kl ? [value('kl', kl.factor * kl.k3)] : [])] : []),
    ],
  };
}
