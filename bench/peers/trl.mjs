// TRL on the processor: reference/python/bench_trl.py.
import { servePython } from './python.mjs';

servePython('bench_trl.py');
