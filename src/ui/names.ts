// Names that come from the engine, in the interface's language; one that it has no word for is shown as it is.
import type { PipelineInfo, PresetInfo, StageInfo, StageKind } from '../protocol/protocol';
import { useFindText } from './findText';

const withoutForm = (pipeline: string) => pipeline.replace(/-mini$/, '');

export function useNames() {
  const findText = useFindText();
  const find = (
    key:
      | 'train.presetSummaries'
      | 'metric'
      | 'compare.grade'
      | 'device.phase'
      | 'device.feature'
      | 'device.limit'
      | 'stages.name'
      | 'stages.summary'
      | 'stages.kind'
      | 'stages.rejection',
    name: string,
  ): string | undefined => findText(key, name);
  return {
    presetSummary: ({ name, summary }: PresetInfo) => find('train.presetSummaries', name) ?? summary,
    /** A metric without a word keeps TRL's name as it is. */
    metric: (name: string) => find('metric', name) ?? name,
    /** What a task grades its problems by. */
    grade: (name: string) => find('compare.grade', name) ?? name,
    /** A pipeline’s name; its mini form has the same. */
    pipeline: (name: string) => find('stages.name', withoutForm(name)) ?? name,
    pipelineSummary: ({ name, summary }: PipelineInfo) => find('stages.summary', withoutForm(name)) ?? summary,
    stageSummary: (pipeline: string, { name, summary }: StageInfo) =>
      find('stages.summary', `${withoutForm(pipeline)}/${name}`) ?? summary,
    stageKind: (kind: StageKind) => find('stages.kind', kind) ?? kind,
    /** Why an answer was left out of a set. */
    rejection: (reason: string) => find('stages.rejection', reason) ?? reason,
    phase: (name: string) => find('device.phase', name) ?? name,
    /** What a feature or a limit of WebGPU is good for, if the page knows. */
    feature: (name: string) => find('device.feature', name),
    limit: (name: string) => find('device.limit', name),
  };
}
