// The link to the question that is shown.
import { useTranslation } from 'react-i18next';
import { linkOfRequest, writeAskLink } from '../../state/links/askLink';
import { useAsk } from '../../state/page/ask';
import { CopyLink } from './CopyLink';

export default function CopyAskLink() {
  const { t } = useTranslation();
  const request = useAsk((state) => state.request);
  const model = useAsk((state) => state.answeredBy?.name);
  if (request === undefined) return null;
  return <CopyLink hash={writeAskLink(linkOfRequest(request, model))} title={t('links.copyAskHelp')} />;
}
