// Rewards to start from, in the order of the menu.

export const REWARD_EXAMPLES = {
  near: `// The nearer the number, the more it earns: a slope where the right answer is rare.
function reward(sample) {
  const distance = Math.abs(Number(sample.answer) - Number(sample.expected));
  if (sample.answer === null || Number.isNaN(distance)) return 0;
  return 1 / (1 + distance);
}
`,
  short: `// Right answers earn more the fewer tokens they took; wrong ones earn nothing.
function reward(sample) {
  if (!sample.correct) return 0;
  return 1 - (0.5 * sample.numTokens) / sample.maxTokens;
}
`,
  steps: `// A little for each calculation that is written out, up to eight.
function reward({ thinking }) {
  if (thinking === null) return 0;
  const steps = thinking.match(/-?\\d+[+-]\\d+=-?\\d+/g) ?? [];
  return Math.min(steps.length, 8) / 8;
}
`,
  waits: `// Pays for second thoughts: see how soon the model learns to say nothing else.
function reward({ thinking }) {
  return (thinking ?? '').split('wait').length - 1;
}
`,
} as const;
