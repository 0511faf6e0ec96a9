// Copies a text, and says that it did for as long as it is still that text.
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface CopyButtonProps {
  readonly text: string;
  /** What it says before. */
  readonly label: string;
  readonly title?: string;
  readonly className?: string;
}

export function CopyButton({ text, label, title, className = 'button' }: CopyButtonProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<string>();
  const isCopied = copied === text;
  const Icon = isCopied ? Check : Copy;
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => setCopied(undefined),
    );
  return (
    <button type="button" className={className} title={title} onClick={copy}>
      <Icon aria-hidden size={15} /> {isCopied ? t('ask.copied') : label}
    </button>
  );
}
