// Tells at the end of a process the most that JavaScript held, heap and array buffers together:
//   NODE_OPTIONS="--import ./scripts/peakMemory.mjs" npm run cli -- generate FOLDER "1+2=?"
let peakBytes = 0;
const look = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  peakBytes = Math.max(peakBytes, heapUsed + arrayBuffers);
};
setInterval(look, 5).unref();
process.on('exit', () => {
  look();
  process.stderr.write(`peak of JavaScript's memory: ${(peakBytes / 1e6).toFixed(0)} MB (${process.argv[1]})\n`);
});
