// PyTorch on the processor: reference/python/bench_torch.py.
import { servePython } from './python.mjs';

servePython('bench_torch.py');
