// The model card that lies in the model's folder, as text of the page.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type CardBlock, parseCard } from './card';

export function ModelCard({ markdown }: { readonly markdown: string }) {
  const { t } = useTranslation();
  const blocks = useMemo(() => parseCard(markdown), [markdown]);
  return (
    <section aria-labelledby="card-title" className="mt-10 border-t hairline pt-5">
      <h2 id="card-title" className="caps">
        {t('models.card')}
      </h2>
      <div className="max-w-prose text-think">
        {[...blocks.entries()].map(([index, block]) => (
          <Block key={index} block={block} />
        ))}
      </div>
    </section>
  );
}

function Block({ block }: { readonly block: CardBlock }) {
  switch (block.kind) {
    case 'heading':
      return <h3 className="mt-5 font-voice text-lg text-ink">{block.text}</h3>;
    case 'paragraph':
      return (
        <p className="mt-2">
          <WithCode text={block.text} />
        </p>
      );
    case 'list':
      return (
        <ul className="mt-2 list-disc pl-5">
          {[...block.items.entries()].map(([index, item]) => (
            <li key={index}>
              <WithCode text={item} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return (
        <table className="mt-2">
          <tbody>
            {[...block.rows.entries()].map(([index, cells]) => (
              <tr key={index} className="border-b border-dotted border-line">
                {[...cells.entries()].map(([column, cell]) => (
                  <td key={column} className="py-1 pr-8">
                    <WithCode text={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
  }
}

/** Text with what stands between backticks as code. */
function WithCode({ text }: { readonly text: string }) {
  const parts = text.split('`');
  return [...parts.entries()].map(([index, part]) =>
    index % 2 === 1 ? (
      <code key={index} className="font-mono text-[0.9em] break-words">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
