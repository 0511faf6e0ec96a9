// What rewards are called, in the interface's language. Apart from the other names, since it brings the rewards with it.
import { useTranslation } from 'react-i18next';
import { rewardTexts } from '../rewards/about';
import { CUSTOM } from '../rewards/custom';

interface RewardName {
  readonly label: string;
  readonly help?: string;
}

/** One that the page does not know is shown as it is. */
export function useRewardNames(): (name: string) => RewardName {
  const { t, i18n } = useTranslation();
  const texts: Readonly<Record<string, RewardName>> = {
    ...rewardTexts(i18n.language === 'zh' ? 'zh' : 'en'),
    [CUSTOM]: { label: t('reward.custom.label'), help: t('reward.custom.help') },
  };
  return (name) => texts[name] ?? { label: name.replaceAll('_', ' ') };
}
