// What tasks, their dials and rewards are called, in the interface's language: each says it in its own file. Apart from the
// other names, since it brings tasks and rewards with it.
import { useTranslation } from 'react-i18next';
import { rewardTexts } from '../rewards/about';
import { CUSTOM } from '../rewards/custom';
import { useSession } from '../state/page/session';
import { allTasks, findTask } from '../tasks/registry';

interface RewardName {
  readonly label: string;
  readonly help?: string;
}

const plain = (name: string) => name.replaceAll('_', ' ');

/** One that the page does not know is shown as it is. */
export function useTaskNames() {
  const { t, i18n } = useTranslation();
  const tasks = useSession((session) => session.catalogue?.tasks);
  const language = i18n.language === 'zh' ? 'zh' : 'en';
  const rewards: Readonly<Record<string, RewardName>> = {
    ...rewardTexts(language),
    [CUSTOM]: { label: t('reward.custom.label'), help: t('reward.custom.help') },
  };
  const dials = allTasks().flatMap((task) => task.dials);
  return {
    task: (name: string): string => {
      const own = tasks?.find((task) => task.name === name)?.ownName;
      return own ?? findTask(name)?.about[language].label ?? plain(name);
    },
    dial: (name: string): string => dials.find((dial) => dial.name === name)?.label[language] ?? plain(name),
    reward: (name: string): RewardName => rewards[name] ?? { label: plain(name) },
  };
}
