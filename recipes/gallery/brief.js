// The shorter the answer, the more it earns: what a hurried person may write, and what a model makes of it.
// biome-ignore lint/correctness/noUnusedVariables: the sandbox calls it.
function reward({ numTokens, maxTokens }) {
  return 1 - numTokens / maxTokens;
}
