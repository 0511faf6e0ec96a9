// Runs in memory, for a browser without IndexedDB: the same behaviour, gone with the page.
import type { RolloutGroup, RunRecord, StepMetrics } from '../runs/run';
import type { RunStore } from '../runs/store';

interface StoredStep {
  readonly metrics: StepMetrics;
  readonly groups: readonly RolloutGroup[];
}

export function memoryRunStore(): RunStore {
  const runs = new Map<string, RunRecord>();
  const steps = new Map<string, Map<number, StoredStep>>();

  return {
    isDurable: false,

    async listRuns() {
      return [...runs.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    },

    async findRun(runId) {
      return runs.get(runId);
    },

    async hasRun(runId) {
      return runs.has(runId);
    },

    async putRun(run) {
      runs.set(run.id, run);
    },

    async addRun(run, added) {
      runs.set(run.id, run);
      steps.set(run.id, new Map(added.map(({ metrics, groups }) => [metrics.step, { metrics, groups }])));
    },

    async appendStep(run, metrics, groups) {
      runs.set(run.id, run);
      const ofRun = steps.get(run.id) ?? new Map<number, StoredStep>();
      steps.set(run.id, ofRun.set(metrics.step, { metrics, groups: [...groups].sort((a, b) => a.index - b.index) }));
    },

    async listSteps(runId) {
      const stored = [...(steps.get(runId)?.values() ?? [])];
      return stored.map((step) => step.metrics).sort((a, b) => a.step - b.step);
    },

    async listRollouts(runId, step) {
      return steps.get(runId)?.get(step)?.groups ?? [];
    },

    async dropStepsAfter(runId, last) {
      const ofRun = steps.get(runId);
      for (const step of [...(ofRun?.keys() ?? [])]) if (step > last) ofRun?.delete(step);
    },

    async deleteRun(runId) {
      runs.delete(runId);
      steps.delete(runId);
    },

    close() {},
  };
}
