// Paragraphs of the story. Their texts may set words in bold, in italics and as code, and link to other screens.
import { Trans } from 'react-i18next';

const link = (screen: string) => (
  <a href={`#${screen}`} className="link">
    {/* The text comes from the catalogue. */}
    {screen}
  </a>
);

const components = {
  b: <b className="font-semibold" />,
  i: <i />,
  code: <code className="font-mono text-[0.9em]" />,
  ask: link('ask'),
  train: link('train'),
  stages: link('stages'),
  compare: link('compare'),
  compress: link('lab/compress'),
  scaling: link('lab/scaling'),
  chats: link('lab/chats'),
  preference: link('lab/preference'),
  nim: link('lab/nim'),
};

export function Prose({ texts }: { readonly texts: readonly string[] }) {
  return (
    <div className="mt-4 max-w-[42rem] space-y-4 text-[1.0625rem] leading-[1.7]">
      {texts.map((text) => (
        <p key={text}>
          <Inline text={text} />
        </p>
      ))}
    </div>
  );
}

/** One sentence with the same marks. */
export function Inline({ text }: { readonly text: string }) {
  return <Trans defaults={text} components={components} />;
}
