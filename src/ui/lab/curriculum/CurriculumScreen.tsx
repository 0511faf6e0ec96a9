// A model that makes its own problems: live on this device.
import { useTranslation } from 'react-i18next';
import { LiveCurriculum } from './LiveCurriculum';

export default function CurriculumScreen() {
  const { t } = useTranslation();
  return (
    <>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('curriculum.title')}</h1>
      <p className="mt-1 max-w-prose text-soft">{t('curriculum.intro')}</p>
      <div className="mt-7">
        <LiveCurriculum />
        <p className="mt-6 max-w-prose text-soft">{t('curriculum.seen')}</p>
      </div>
    </>
  );
}
