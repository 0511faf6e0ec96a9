// How the reader's own browser comes to give the page a graphics processor.
import { useTranslation } from 'react-i18next';
import { adviceFor } from './browserAdvice';

export function GpuAdvice() {
  const { t } = useTranslation();
  return (
    <ul className="mt-3 list-disc space-y-1 pl-5">
      {adviceFor(navigator.userAgent, isSecureContext).map((name) => (
        <li key={name}>{t(`gpuAdvice.${name}`)}</li>
      ))}
    </ul>
  );
}
