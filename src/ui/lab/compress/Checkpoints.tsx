// Bits a byte of held-out texts by the checkpoints of one pretraining, as the command line measured them.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format';
import { LogChart } from '../LogChart';
import recorded from './checkpoints.json';

const steps = recorded.models.map(({ model, bitsPerByte }) => ({
  step: Number(/\d+$/.exec(model)?.[0]),
  bits: bitsPerByte,
}));

export function Checkpoints() {
  const { t } = useTranslation();
  const format = useFormat();
  const [first = 1, last = 2] = [steps[0]?.step, steps.at(-1)?.step];
  const level = (name: string, color: string, y: number, dash: string) => ({
    label: `${name}: ${format.number(y, 2)}`,
    color,
    dash,
    line: [
      { x: first, y },
      { x: last, y },
    ],
  });
  const dots = steps.map(({ step, bits }) => ({
    x: step,
    y: bits,
    label: t('packing.point', { step: format.number(step), bits: format.number(bits, 2) }),
  }));
  return (
    <section className="min-w-0">
      <h2 className="caps mb-2">{t('packing.learned')}</h2>
      <LogChart
        title={t('packing.figure', { texts: recorded.texts })}
        xLabel={t('packing.steps')}
        yLabel={t('packing.perByte')}
        series={[
          { label: t('packing.byModel'), color: 'accent', dots, line: dots },
          level(t('packing.gzipAll'), 'run-2', recorded.together.gzip, '6 4'),
          level(t('packing.brotliAll'), 'run-3', recorded.together.brotli, '2 4'),
          level(t('packing.warm'), 'run-4', recorded.alone.warmDeflate, '8 3 2 3'),
        ]}
      />
      <ul className="sr-only">
        {dots.map(({ x, label }) => (
          <li key={x}>{label}</li>
        ))}
      </ul>
      <p className="mt-3 text-soft">{t('packing.fair')}</p>
    </section>
  );
}
