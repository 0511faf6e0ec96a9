// Names that come from the engine, in the interface's language; one that it has no word for is shown as it is.
import { useTranslation } from 'react-i18next';
import type { DescribedError, PipelineInfo, PresetInfo, StageInfo, StageKind } from '../protocol/protocol';

const withoutForm = (pipeline: string) => pipeline.replace(/-mini$/, '');

export function useNames() {
  const { t, i18n } = useTranslation();
  const find = (
    key:
      | 'train.presetSummaries'
      | 'metric'
      | 'compare.grade'
      | 'models.about'
      | 'device.phase'
      | 'device.feature'
      | 'device.limit'
      | 'stages.name'
      | 'stages.summary'
      | 'stages.kind'
      | 'stages.rejection',
    name: string,
  ): string | undefined => {
    const texts: Readonly<Record<string, unknown>> = i18n.getResource(i18n.language, 'translation', key) ?? {};
    const text = texts[name];
    return typeof text === 'string' ? text : undefined;
  };
  /** What went wrong, what the engine says of it, and what to do. */
  const problem = ({ code, userMessage, remedy }: DescribedError) => {
    const what = t(`problem.what.${code}`);
    const remedies: Readonly<Record<string, string>> | undefined = i18n.getResource(
      i18n.language,
      'translation',
      'problem.remedy',
    );
    const isSaid = userMessage === '' || userMessage === what;
    const detail = isSaid ? undefined : t('problem.detail', { message: userMessage });
    return { what, detail, remedy: remedies?.[code] ?? remedy };
  };
  return {
    problem,
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
    /** A sentence about a shipped model, if the page knows it. */
    about: (id: string) => find('models.about', id),
    phase: (name: string) => find('device.phase', name) ?? name,
    /** What a feature or a limit of WebGPU is good for, if the page knows. */
    feature: (name: string) => find('device.feature', name),
    limit: (name: string) => find('device.limit', name),
  };
}
