// PyTorch held to registers of 128 bits, the widest that WebAssembly has: what wider ones bring is the difference to
// torch.
import { servePython } from './python.mjs';

servePython('bench_torch.py', {
  ATEN_CPU_CAPABILITY: 'default',
  MKL_ENABLE_INSTRUCTIONS: 'SSE4_2',
  ONEDNN_MAX_CPU_ISA: 'SSE41',
});
