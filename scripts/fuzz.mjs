// `npm run fuzz [COUNT] [SEED]`: mutations of the files that strangers bring, 100,000 of each format unless told, with
// what was measured.
import { spawnSync } from 'node:child_process';
import { root } from './stale.mjs';

const [count = '100000', seed = '0'] = process.argv.slice(2);
const env = { ...process.env, FUZZ_MUTATIONS: count, FUZZ_SEED: seed };
const command = ['vitest', 'run', '--project', 'unit', 'src/testing/fuzz', '--disable-console-intercept'];
process.exit(spawnSync('npx', command, { cwd: root, stdio: 'inherit', env }).status ?? 1);
