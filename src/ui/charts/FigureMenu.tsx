// Takes a chart away as a file, with its caption: an SVG or a PNG.
import { Download } from 'lucide-react';
import { type FocusEvent, type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../saveFile';
import type { Figure } from './figure';
import type { GridFigure } from './gridFigure';
import { resolveColor } from './resolveColor';

interface FigureMenuProps {
  /** What the file shows; its title names the file. */
  readonly figure: () => Figure | GridFigure;
}

export function FigureMenu({ figure }: FigureMenuProps) {
  const { t, i18n } = useTranslation();
  const details = useRef<HTMLDetailsElement>(null);
  const close = () => details.current?.removeAttribute('open');
  const save = async (form: 'svg' | 'png') => {
    close();
    const shown = figure();
    const [svg, { pngOf }] = await Promise.all([svgOf(shown, i18n.language), import('./figurePng')]);
    const name = shown.title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
    saveFile(form === 'svg' ? svg : await pngOf(svg), `${name}.${form}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    close();
    details.current?.querySelector('summary')?.focus();
  };
  const onBlur = (event: FocusEvent) => {
    if (!details.current?.contains(event.relatedTarget)) close();
  };
  return (
    <details ref={details} className="relative" onKeyDown={onKeyDown} onBlur={onBlur}>
      <summary
        aria-label={t('chart.save', { name: figure().title })}
        title={t('chart.saveHelp')}
        className="button-plain size-6 min-h-6 min-w-6 list-none justify-center p-0 [&::-webkit-details-marker]:hidden"
      >
        <Download aria-hidden size={13} />
      </summary>
      <div className="absolute right-0 z-10 flex rounded-lg border hairline bg-raised p-1 shadow-lg shadow-ink/10">
        {(['svg', 'png'] as const).map((form) => (
          <button key={form} type="button" className="button-plain min-h-7 text-fine" onClick={() => void save(form)}>
            {form.toUpperCase()}
          </button>
        ))}
      </div>
    </details>
  );
}

async function svgOf(figure: Figure | GridFigure, language: string): Promise<string> {
  if ('rows' in figure) return (await import('./gridFigure')).gridSvg(figure, resolveColor);
  return (await import('./figure')).figureSvg(figure, resolveColor, language);
}
