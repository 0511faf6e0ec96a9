// What a person should know of options that are allowed together and seldom meant.
import { useTranslation } from 'react-i18next';
import { grpoWarnings } from '../../protocol/options';
import type { GrpoConfig } from '../../protocol/protocol';

export function ConfigNotes({ config }: { readonly config: GrpoConfig }) {
  const { t } = useTranslation();
  return (
    // There before it has anything to tell, so that what appears in it is read out.
    <div role="status">
      {grpoWarnings(config).map((warning) => (
        <p key={warning} className="mt-3 max-w-prose border-l-3 border-edge bg-wash px-3 py-2 text-fine wrap-anywhere">
          {t(`train.warning.${warning}`, { loss: config.loss_type })}
        </p>
      ))}
    </div>
  );
}
