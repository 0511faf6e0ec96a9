// What was packed: the bytes of the text, of its packed form and of gzip's.
import { useTranslation } from 'react-i18next';
import { usePacking } from '../../../state/page/packing';
import { useFormat } from '../../format';

export function PackedSizes() {
  const { t } = useTranslation();
  const format = useFormat();
  const packed = usePacking((packing) => packing.packed);
  if (!packed) return null;
  const { originalBytes, payloadBytes, file, gzipBytes } = packed;
  const rows = [
    ['original', originalBytes],
    ['payload', payloadBytes],
    ['file', file.length],
    ['gzip', gzipBytes],
  ] as const;
  return (
    <table className="mt-5 w-full max-w-md text-left" data-testid="sizes">
      <caption className="sr-only">{t('packing.sizes')}</caption>
      <thead className="text-fine text-soft">
        <tr>
          <th scope="col" className="font-normal">
            {t('packing.what')}
          </th>
          <th scope="col" className="text-right font-normal">
            {t('packing.bytes')}
          </th>
          <th scope="col" className="text-right font-normal">
            {t('packing.perByte')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, bytes]) => (
          <tr key={name} className="border-t border-dotted border-line">
            <th scope="row" className="py-1 font-normal">
              {t(`packing.row.${name}`)}
            </th>
            <td className="text-right">{format.number(bytes)}</td>
            <td className="text-right">{format.number((8 * bytes) / Math.max(1, originalBytes), 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
