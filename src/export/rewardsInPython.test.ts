// rewards.py gives the rewards that TypeScript gives. Python is not asked here: reference/python/check_rewards.py holds it
// against the cases that this writes, `REWARD_CASES=20000 REWARD_CASES_OUT=FILE`, and against the kept ones.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { CUSTOM } from '../rewards/custom';
import { allRewards } from '../rewards/registry';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { allTasks } from '../tasks/registry';
import { CHATS, OUTSIDE } from '../tasks/talk/topics';
import { type RewardCase, type Rewards, rewardCases, rewardsOf } from '../testing/rewardCases';

const KEPT = new URL('../testing/fixtures/rewards.jsonl.gz', import.meta.url);
const sandbox = createNodeSandbox();
afterAll(() => sandbox.close());

const source = (name: string) => readFileSync(new URL(`python/${name}`, import.meta.url), 'utf8');
const { REWARD_CASES: count, REWARD_CASES_OUT: out, REWARD_CASES_SEED: seed = '0' } = process.env;

test.runIf(out !== undefined)('cases are written', { timeout: 3_600_000 }, async () => {
  const lines: string[] = [];
  for (const one of rewardCases(Number(count), Number(seed))) {
    lines.push(JSON.stringify({ ...one, rewards: await rewardsOf(one, sandbox) }));
  }
  writeFileSync(out as string, `${lines.join('\n')}\n`);
});

test('the kept cases have the rewards that Python was held against', { timeout: 120_000 }, async () => {
  const lines = gunzipSync(readFileSync(KEPT)).toString('utf8').trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(1000);
  for (const line of lines) {
    const { rewards, ...one } = JSON.parse(line) as RewardCase & { readonly rewards: Rewards };
    expect([one, await rewardsOf(one, sandbox)]).toEqual([one, rewards]);
  }
});

test('every reward and every verifier has its like in Python', () => {
  const named = [...source('rewards.py').matchAll(/^def (\w+)\(sample\):/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual([...allRewards().flatMap(({ name, needs }) => (needs ? [] : name)), CUSTOM].sort());
  const verifiers = /^VERIFIERS = \{(.*?)^\}/ms.exec(source('judging/verifiers.py'))?.[1] ?? '';
  const tasks = [...verifiers.matchAll(/"(\w+)":/g)].map(([, name]) => name);
  const own = allTasks()
    .map(({ name }) => name)
    .filter((name) => name !== 'mixture');
  expect([...tasks, 'programs'].sort()).toEqual(own.sort());
  for (const { reply } of [...CHATS, ...OUTSIDE]) expect(source('judging/verifiers.py')).toContain(`"${reply}"`);
});
