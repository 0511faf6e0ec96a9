// Problems as squares: how many of so many were right. While they are asked, how far that is.
import { useTranslation } from 'react-i18next';

interface FortyProps {
  readonly label: string;
  readonly total: number;
  /** Asked so far. */
  readonly done: number;
  /** undefined until all were asked. */
  readonly right: number | undefined;
}

export function Forty({ label, total, done, right }: FortyProps) {
  const { t } = useTranslation();
  const text = right === undefined ? `${done} / ${total}` : t('story.frame.right', { count: right });
  return (
    <div className="mt-3">
      <p className="flex items-baseline justify-between gap-4 text-fine">
        <span>{label}</span>
        <b className="font-semibold">{text}</b>
      </p>
      <div aria-hidden className="mt-1 grid grid-cols-20 gap-0.5">
        {[...Array(total).keys()].map((place) => {
          const isRight = right !== undefined && place < right;
          const isAsked = right === undefined && place < done;
          const colour = isRight ? 'bg-good' : isAsked ? 'bg-faint' : 'bg-line';
          return <span key={place} className={`h-4 rounded-xs ${colour}`} />;
        })}
      </div>
    </div>
  );
}
