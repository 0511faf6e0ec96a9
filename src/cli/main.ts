// The headless program: the page's engine in Node.
import { create, globals } from 'webgpu';
import { openRuntime } from '../engine/runtime';
import { runPretrain } from './commands/pretrain';
import { checkParity } from './parity';

Object.assign(globalThis, globals);
const runtime = await openRuntime(create([]));
console.log(runtime.device.name);
let failed = 0;
if (process.argv[2] === 'pretrain') {
  await runPretrain(runtime, process.argv[3] as string, process.argv[4] as string);
} else
  await checkParity(runtime, process.argv[3] as string, (c) => {
    if (!c.isPassed) failed++;
    console.log(`${c.isPassed ? 'pass' : 'FAIL'} ${c.name} ${c.error.toExponential(2)} (≤ ${c.allowed.toExponential(0)})`);
  });
process.exit(failed ? 1 : 0);
