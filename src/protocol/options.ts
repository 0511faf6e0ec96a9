// The options of a run as the page shows and checks them: the trainer's own, which are plain data.
export { type GrpoConfig, grpoConfig, grpoConfigSchema, numSteps } from '../trainer/grpo/grpoConfig';
export { grpoWarnings } from '../trainer/grpo/grpoConfigChecks';
