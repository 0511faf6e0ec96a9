// A share that was measured on so many problems: never without their number and the interval in which the true one lies.
import { useTranslation } from 'react-i18next';
import { wilsonInterval } from '../../lib/wilson';
import { useFormat } from '../format';

/**
 * Writes a share of trials, e.g. `37% (33% – 41%) of 512`, without the count where that is said beside it; where nobody said of
 * how many, the share alone.
 */
export function useShareText() {
  const { t } = useTranslation();
  const format = useFormat();
  return (share: number, trials: number | undefined, isCountSaid = false): string => {
    if (trials === undefined) return format.percent(share);
    const { low, high } = wilsonInterval(share * trials, trials);
    const range = format.percentRange(low, high);
    if (isCountSaid) return t('measured.shareAlone', { share: format.percent(share), range });
    return t('measured.share', { share: format.percent(share), range, count: trials, trials: format.number(trials) });
  };
}

interface MeasuredShareProps {
  readonly share: number;
  readonly trials: number | undefined;
  /** What it was measured on, where that is not said beside it. */
  readonly about?: string;
  /** Whether the number of trials stands beside it already, such as over its column. */
  readonly isCountSaid?: boolean;
  /** What is said with it. */
  readonly sentence?: (share: string) => string;
}

export function MeasuredShare(props: MeasuredShareProps) {
  const { share, trials, about, isCountSaid, sentence = (text) => text } = props;
  const { t } = useTranslation();
  const write = useShareText();
  const help = t(trials === undefined ? 'measured.unknown' : 'measured.help');
  return <span title={about ? `${about} ${help}` : help}>{sentence(write(share, trials, isCountSaid))}</span>;
}
