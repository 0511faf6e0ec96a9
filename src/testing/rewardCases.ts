// Completions to judge, honest, mistaken, malformed and hostile ones, of every task and of a reader's own problems, with
// every reward that they get: what another program that gives the same rewards is held against.
import fc from 'fast-check';
import { rng } from '../lib/rng';
import { allRewards } from '../rewards/registry';
import type { Sandbox } from '../sandbox/sandbox';
import { formatCompletion, parseCompletion } from '../tasks/completion';
import { taskOfSet } from '../tasks/own/problemSet';
import { RULES, type Rule } from '../tasks/own/rules';
import { addOwnTask, allTasks, getTask, removeOwnTask } from '../tasks/registry';
import type { Difficulty, Problem, Task, ThinkingStyle } from '../tasks/task';
import { mutated, respelled } from './spellings';

/** One completion as a program outside gets it. */
export interface RewardCase {
  /** Of a reader's own problems `own`. */
  readonly task: string;
  readonly question: string;
  readonly answer: string;
  /** How answers to a reader's own problem are compared; empty for the tasks that come with the program. */
  readonly rule: Rule | '';
  readonly completion: string;
  readonly num_tokens: number;
  readonly max_tokens: number;
}

export type Rewards = Readonly<Record<string, number | null>>;

/** An interpreter runs programs: what is to be judged without one is told apart. */
const OWN = 'own';
const TAGS = ['<think>', '</think>', '<answer>', '</answer>', '<THINK>', '< think>', '<|end|>', '\n', ' '];
const WORDS = [
  ' then ',
  '然后',
  ' wait ',
  '等等',
  ' back ',
  '回去',
  ' try ',
  '\n',
  '; ',
  '。',
  ' so ',
  'Let me',
  '\\sqrt',
];
/** White space, controls, halves of pairs, letters whose case or script is a matter of opinion, and numbers too long. */
const ODD = [
  ...['', ' ', '\u00a0', '\ufeff', '\u0085', '\u001c', '\u2028', '\u200b', '\u3000', '\n', '\r\n', '\0'],
  ...['\ud800', '\udc00', '9'.repeat(501), `1${'0'.repeat(60)}`, `-${'1'.repeat(5000)}`, '中'.repeat(40), '1 4'],
  ...['('.repeat(60), `${'-'.repeat(300)}1`, ...'😀İßΣǅ﷽𝟙々〇𠀀ﬁ²½٣３'],
  ...'NaN Infinity -0 +7 --7 007 1e3 0x10 1,000 null ∅ x = == ((((( 1.5 .5 5. 1/2 1/0 0^0 9^8^7 x^9 x^(2)'.split(' '),
  ...String.raw`\varnothing \emptyset x=1,x=2,x=3,x=4 x=1/0 x=-6/4 \sqrt{-4} \sqrt{4} 2(x+1) x(x) x+-1`.split(' '),
];
const PROGRAM_ALPHABET = '0123456789x+-*/%^&|~!<>=?:(),. ef\n';
/** JavaScript, or what looks like it. */
const PROGRAMS = [
  ...'x ; 2*x+3 ; -x**2 ; (-x)**2 ; x^2 ; x**2 ; 2**-x ; x/0 ; 0/0 ; x%2 ; -x%3 ; 2x ; 2(x+1) ; (x)(2) ; f(x)'.split(
    ' ; ',
  ),
  ...'x==0?3:5 ; (x>1)*4 ; 1,2 ; (1,2) ; x, ; x//y ; x/*y*/ ; /* ; ~x ; ~~x ; !x ; !!x+1 ; 1/x ; 1e400 ; x<<1'.split(
    ' ; ',
  ),
  ...'-x>>>1 ; x>>1 ; 0x10 ; 010 ; 08 ; 1_0 ; 5n ; .5+.5 ; 5. ; 5..x ; x--1 ; x- -1 ; x=3 ; x++ ; Math.abs(x)'.split(
    ' ; ',
  ),
  ...'"3" ; [3] ; x?.5:1 ; x&&3 ; x||3 ; 0||x ; f||3 ; 3||f ; true ; NaN ; undefined ; arguments[0] ; 1)+(2'.split(
    ' ; ',
  ),
  ...')x( ; x===x ; true==1 ; (x=>x)(x) ; ３*x ; x×2 ; x−1 ; for(;;); ; ~/1/ ; x/1/2 ; 1<x<3 ; x!=1'.split(' ; '),
  ...['x\n//', `${'('.repeat(80)}x${')'.repeat(80)}`, `x${'+1'.repeat(99)}`, `${'-'.repeat(99)}x`, '- '.repeat(60)],
];

const style: fc.Arbitrary<ThinkingStyle> = fc.record({
  language: fc.constantFrom('en', 'zh', 'mixed'),
  selfCheck: fc.boolean(),
});
const odd = fc.constantFrom(...ODD);
const anyText = fc.oneof(
  odd,
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...'0123456789+-*/=x(){},.^\\ <>'), maxLength: 40 }),
  fc
    .array(fc.oneof(odd, fc.constantFrom(...WORDS), fc.constantFrom(...TAGS)), { maxLength: 12 })
    .map((all) => all.join('')),
);

const hardest = (task: Task): Difficulty =>
  Object.fromEntries(task.dials.map(({ name, max }) => [name, name === 'radicals' ? 50 : max]));
const problems = (task: Task) =>
  fc
    .tuple(fc.nat(), fc.boolean())
    .map(([seed, isHard]) => task.generate(rng(seed, 'problem'), isHard ? hardest(task) : {}));

/** A text, most often with a little changed in it. */
const touched = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: respelled(text.slice(0, 400)) },
    { weight: 3, arbitrary: mutated(text.slice(0, 400), '0123456789+-*/=x, \n;然a') },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(text.length), anyText).map(([at, put]) => text.slice(0, at) + put + text.slice(at)),
    },
  );

/** Steps as they are, some left out, one written twice, one slipped, or those of another problem among them. */
const thoughts = (task: Task, problem: Problem) =>
  fc.tuple(style, fc.nat(), problems(task)).chain(([how, seed, other]) => {
    const steps = (of: Problem) =>
      task.think(of, how, rng(seed, 'corpus')).split(/(?= (?:then|wait|back|try) |然后|等等|回去|试试)/);
    const own = steps(problem);
    const slip = (text: string, by: number) => text.replace(/\d+(?=\D*$)/, (number) => `${Number(number) + by}`);
    const all = own.join('');
    return fc.oneof(
      { weight: 3, arbitrary: touched(all) },
      { weight: 2, arbitrary: fc.subarray(own).map((some) => some.join('')) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.nat(own.length), fc.integer({ min: -3, max: 3 }))
          .map(([at, by]) => own.map((text, i) => (i >= at ? slip(text, by) : text)).join('')),
      },
      { weight: 1, arbitrary: fc.shuffledSubarray([...own, ...own], { minLength: 0 }).map((some) => some.join('')) },
      { weight: 1, arbitrary: fc.constant([...own.slice(0, 1), ...steps(other)].join(' then ')) },
      { weight: 1, arbitrary: anyText },
    );
  });

const program = fc.oneof(
  fc.constantFrom(...PROGRAMS),
  fc.string({ unit: fc.constantFrom(...PROGRAM_ALPHABET), maxLength: 14 }),
  fc
    .array(
      fc.constantFrom(
        'x',
        '2',
        '(',
        ')',
        '+',
        '-',
        '*',
        '**',
        '/',
        '%',
        '^',
        ',',
        '?',
        ':',
        '==',
        '<',
        '!',
        '~',
        '.5',
        ' ',
      ),
      { maxLength: 12 },
    )
    .map((all) => all.join('')),
);

const answers = (task: Task, problem: Problem, seed: number) =>
  fc.oneof(
    { weight: 4, arbitrary: touched(problem.answer) },
    { weight: 2, arbitrary: touched(task.blunder(problem, rng(seed, 'reject'))) },
    { weight: 2, arbitrary: anyText },
    ...(task.name === 'programs' ? [{ weight: 4, arbitrary: program }] : []),
    ...(task.name === 'small_talk' ? [{ weight: 1, arbitrary: fc.constantFrom(...task.words) }] : []),
  );

/** Around the two parts: the form as it should be, or its tags in any other way. */
const written = (thinking: string, answer: string): fc.Arbitrary<string> => {
  const whole = formatCompletion(thinking, answer);
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(whole) },
    { weight: 1, arbitrary: fc.tuple(odd, odd).map(([before, after]) => before + whole + after) },
    { weight: 1, arbitrary: fc.nat(whole.length).map((length) => whole.slice(0, length)) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.oneof(fc.constantFrom(...TAGS), fc.constantFrom(thinking, answer)), { maxLength: 9 })
        .map((all) => all.join('')),
    },
    { weight: 1, arbitrary: mutated(whole.slice(0, 400), '<>/ think') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        answer,
        `${whole}${whole}`,
        `<think>${whole}</think>${whole}`,
        whole.toUpperCase(),
        '',
      ),
    },
  );
};

const lengths = fc.record({
  num_tokens: fc.integer({ min: 1, max: 300 }),
  max_tokens: fc.integer({ min: 1, max: 256 }),
});

const ofTask = (task: Task): fc.Arbitrary<RewardCase> =>
  problems(task).chain((problem) =>
    fc
      .tuple(
        fc.nat().chain((seed) => answers(task, problem, seed)),
        thoughts(task, problem),
        lengths,
      )
      .chain(([answer, thinking, told]) =>
        written(thinking, answer).map((completion) => {
          const { question, answer: right } = problem;
          return { task: problem.task, question, answer: right, rule: '' as const, completion, ...told };
        }),
      ),
  );

/** Of a rule, right answers; each is asked for. */
const OWN_PROBLEMS = Object.entries({
  number: '0.5 1/2 -12 1e3 12 3.0',
  expression: String.raw`2x+2 x^2-1 \sqrt{x^2} (x+1)(x-1) 1/x`,
  exact: 'Paris 巴黎 café 9-8 İ x=7',
}).flatMap(([rule, all]) => all.split(' ').map((answer) => [rule as Rule, `What is ${answer}?`, answer] as const));
const OWN_KNOWN = [
  ['number', '9-8+3-7=?', '-3'],
  ['exact', '3x+1=22', 'x=7'],
] as const;
const OWN_ANSWERS =
  '2(x+1) 2*x+2 x+x+2 (x-1)(x+1) x .50 50/100 +0.5 -12.0 －１２ 3 cafe\u0301 PARIS sqrt{x^2} 1000 7 x=7'.split(' ');

const own: fc.Arbitrary<RewardCase> = fc
  .tuple(fc.constantFrom(...OWN_PROBLEMS, ...OWN_KNOWN), fc.constantFrom(...RULES), fc.boolean(), lengths)
  .chain(([[rule, question, answer], otherRule, isOther, told]) =>
    fc
      .tuple(
        fc.oneof(touched(answer), fc.constantFrom(...OWN_ANSWERS), anyText),
        fc.oneof(fc.constantFrom('', '9-8=1 then 1+3=4 then 4-7=-3', '3x=22-1=21然后x=21/3=7'), anyText),
      )
      .chain(([found, thinking]) => written(thinking, found))
      .map((completion) => ({ task: OWN, question, answer, rule: isOther ? otherRule : rule, completion, ...told })),
  );

/** So many cases, of all tasks alike; always the same for a seed. */
export function rewardCases(count: number, seed: number): RewardCase[] {
  const tasks = allTasks().filter(({ name }) => name !== 'mixture');
  const kinds = [...tasks.map(ofTask), own];
  const each = kinds.map((kind, i) => fc.sample(kind, { numRuns: Math.ceil(count / kinds.length), seed: seed + i }));
  return Array.from({ length: count }, (_, i) => each[i % kinds.length]?.[Math.floor(i / kinds.length)] as RewardCase);
}

/** Every built-in reward of a completion. */
export async function rewardsOf(one: RewardCase, sandbox: Sandbox): Promise<Rewards> {
  const { question, answer, rule, completion: text } = one;
  const set = rule === '' ? undefined : { id: OWN, name: OWN, problems: [{ question, answer, rule }] };
  if (set) addOwnTask(taskOfSet(set));
  try {
    const problem = { task: one.task, question, answer };
    const completion = parseCompletion(text);
    const verdict = await getTask(one.task).verify(problem, completion.answer, sandbox);
    const told = { numTokens: one.num_tokens, maxTokens: one.max_tokens, truncated: false };
    const sample = { problem, completion, verdict, ...told };
    const scored = allRewards().filter(({ needs }) => !needs);
    return Object.fromEntries(scored.map((reward) => [reward.name, reward.score(sample)]));
  } finally {
    if (set) removeOwnTask(OWN);
  }
}
