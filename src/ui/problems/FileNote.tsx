// Why nothing of a file of problems could be read.
import { useTranslation } from 'react-i18next';
import { type FileFault, MAX_FILE_BYTES } from '../../tasks/own/problemFile';
import { MAX_PROBLEMS } from '../../tasks/own/problemSet';
import { Note } from '../components/ProblemNote';
import { useFormat } from '../format';

export function FileNote({ fault }: { readonly fault: FileFault | { readonly kind: 'unreadable' } }) {
  const { t } = useTranslation();
  const format = useFormat();
  const about = {
    bytes: fault.kind === 'tooLarge' ? format.bytes(fault.bytes) : '',
    lines: fault.kind === 'tooMany' ? format.number(fault.lines) : '',
    found: fault.kind === 'noColumns' ? fault.found : '',
    limit: format.bytes(MAX_FILE_BYTES),
    most: format.number(MAX_PROBLEMS),
  };
  return (
    <Note what={t(`problems.file.${fault.kind}.what`, about)} remedy={t(`problems.file.${fault.kind}.remedy`, about)} />
  );
}
