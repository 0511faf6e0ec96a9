// The model card that lies in the model's folder, as text of the page.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../components/CopyButton';
import { SCROLLABLE } from '../components/scrollable';
import { parseCard } from './card';
import { type Block, parseSpans } from './markdown';

/** The page's own headings are above those of a card. */
const HEADINGS = { 1: 'h3', 2: 'h3', 3: 'h4' } as const;

export function ModelCard({ markdown }: { readonly markdown: string }) {
  const { t } = useTranslation();
  const blocks = useMemo(() => parseCard(markdown), [markdown]);
  return (
    <section aria-labelledby="card-title" data-testid="card" className="min-w-0">
      <h2 id="card-title" className="caps">
        {t('models.card')}
      </h2>
      {blocks.length === 0 && <p className="mt-1 text-fine text-soft">{t('models.noCard')}</p>}
      <div className="max-w-prose text-think">
        {[...blocks.entries()].map(([index, block]) => (
          <CardBlock key={index} block={block} />
        ))}
      </div>
    </section>
  );
}

function CardBlock({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading': {
      const Heading = HEADINGS[Math.min(block.level, 3) as keyof typeof HEADINGS];
      return (
        <Heading className="mt-5 font-voice text-lg text-ink">
          <Spans text={block.text} />
        </Heading>
      );
    }
    case 'paragraph':
      return (
        <p className="mt-2 break-words">
          <Spans text={block.text} />
        </p>
      );
    case 'quote':
      return (
        <blockquote className="mt-2 border-l-2 border-edge pl-3 break-words">
          <Spans text={block.text} />
        </blockquote>
      );
    case 'rule':
      return <hr className="my-4 hairline" />;
    case 'list': {
      const List = block.isOrdered ? 'ol' : 'ul';
      return (
        <List className={`mt-2 pl-5 ${block.isOrdered ? 'list-decimal' : 'list-disc'}`}>
          {[...block.items.entries()].map(([index, item]) => (
            <li key={index} className="break-words">
              <Spans text={item} />
            </li>
          ))}
        </List>
      );
    }
    case 'table':
      return <Table head={block.head} rows={block.rows} />;
    case 'code':
      return <Code language={block.language} text={block.text} />;
    default:
      return block satisfies never;
  }
}

interface TableProps {
  readonly head: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
}

function Table({ head, rows }: TableProps) {
  return (
    <div className="mt-2 scroll-x">
      <table>
        {head && (
          <thead>
            <tr className="border-b hairline">
              {[...head.entries()].map(([column, cell]) => (
                <th key={column} scope="col" className="py-1 pr-8 text-left font-normal text-soft">
                  <Spans text={cell} />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {[...rows.entries()].map(([index, cells]) => (
            <tr key={index} className="border-b border-dotted border-line">
              {[...cells.entries()].map(([column, cell]) => (
                <td key={column} className="py-1 pr-8">
                  <Spans text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Code({ language, text }: { readonly language: string; readonly text: string }) {
  const { t } = useTranslation();
  return (
    <figure className="mt-2 rounded-md border hairline bg-raised">
      <figcaption className="flex items-center justify-between border-b hairline pl-3 text-xs text-soft">
        {language || t('models.code')}
        <CopyButton text={text} label={t('ask.copy')} className="button-plain text-xs" />
      </figcaption>
      <pre {...SCROLLABLE} className="max-h-72 overflow-auto p-3 font-mono text-xs leading-5 text-ink">
        <code>{text}</code>
      </pre>
    </figure>
  );
}

/** A line of text with its code, its links and what is stressed. */
function Spans({ text }: { readonly text: string }) {
  return [...parseSpans(text).entries()].map(([index, span]) => {
    switch (span.kind) {
      case 'code':
        return (
          <code key={index} className="font-mono text-[0.9em] break-words">
            {span.text}
          </code>
        );
      case 'strong':
        return <strong key={index}>{span.text}</strong>;
      case 'emphasis':
        return <em key={index}>{span.text}</em>;
      case 'link':
        return (
          <a key={index} href={span.url} target="_blank" rel="noopener noreferrer" className="underline">
            {span.text}
          </a>
        );
      case 'text':
        return span.text;
      default:
        return span satisfies never;
    }
  });
}
