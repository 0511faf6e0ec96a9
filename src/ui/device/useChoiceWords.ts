// The engine's choices in the interface's language: what there was to choose, what was taken, and why.
import { useTranslation } from 'react-i18next';
import type { EngineChoice } from '../../protocol/protocol';
import { useFormat } from '../format';

const PRODUCT = /^(a[ᵀ]?·b[ᵀ]?)( by expert)?, (small|medium|large)$/;
const TILE = /^tile (\d+×\d+)$/;
const FEATURE = /^(\S+) in (.+)$/;
const VARIANT = /^(.+) for (.+)$/;

export function useChoiceWords() {
  const { t } = useTranslation();
  const format = useFormat();

  const chosen = (name: string): string => {
    const tile = TILE.exec(name)?.[1];
    if (tile !== undefined) return t('device.chosen.tile', { size: tile });
    if (name === 'rows' || name === 'portable' || name === 'none' || name === 'half precision')
      return t(`device.chosen.${name}`);
    return name;
  };

  const subject = (text: string): string => {
    const product = PRODUCT.exec(text);
    if (product) {
      const [, maths = '', byExpert, size] = product;
      const name = byExpert === undefined ? maths : t('device.subject.byExpert', { maths });
      return t(`device.subject.${size as 'small' | 'medium' | 'large'}`, { name });
    }
    const variant = VARIANT.exec(text);
    if (variant)
      return t('device.subject.variant', { name: chosen(variant[1] ?? ''), what: subject(variant[2] ?? '') });
    const feature = FEATURE.exec(text);
    if (feature) return t('device.subject.feature', { name: feature[1], shader: feature[2] });
    return text;
  };

  const why = (reason: EngineChoice['why']): string => {
    switch (reason.kind) {
      case 'software':
      case 'notMeasured':
      case 'passed':
        return t(`device.why.${reason.kind}`);
      case 'failed':
        return t('device.why.failed', { fault: reason.fault });
      case 'notCompiled':
        return t('device.why.notCompiled', { name: chosen(reason.name ?? ''), fault: reason.fault });
      case 'fastest': {
        const [first, ...others] = reason.times.map(([name, ms], place) => {
          const time = format.milliseconds(ms);
          return place === 0 ? time : `${chosen(name)}: ${time}`;
        });
        const figures = t('device.why.fastest', { time: first, others: others.join(' · ') });
        return reason.as === undefined ? figures : t('device.why.as', { subject: subject(reason.as), figures });
      }
      default:
        return reason satisfies never;
    }
  };

  return { chosen, subject, why };
}
