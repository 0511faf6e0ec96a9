export const packing = {
  title: 'The model as a compressor',
  intro:
    'A model that expects what comes needs few bits to be told it. An arithmetic coder takes that at its word: it ' +
    'packs a text by the model’s probabilities, token by token, and unpacks the very same bytes.',
  bench: 'Pack a text',
  text: 'A text, at most {{most}} bytes',
  take: 'Take a held-out text',
  pack: 'Pack it by {{model}}',
  unpack: 'Unpack it and compare',
  stop: 'Stop',
  packing: 'Packing, {{done}} of {{total}} pieces',
  unpacking: 'Unpacking, {{done}} of {{total}} pieces',
  same: 'What came out is what went in, byte for byte.',
  different: 'What came out differs from what went in.',
  pieces_one: '{{count}} piece, {{bits}} bits',
  pieces_other: '{{count}} pieces, {{bits}} bits',
  strip: 'Pieces with their bits',
  cost: '{{text}}: {{bits}} bits',
  sizes: 'Sizes',
  what: 'Form',
  bytes: 'bytes',
  perByte: 'bits a byte',
  row: {
    original: 'the text',
    payload: 'packed by the model',
    file: 'with its head: model, device, checksum',
    gzip: 'gzip of your browser',
  },
  learned: 'As a model learns',
  figure: 'Recorded: {{texts}} held-out texts, each packed alone by checkpoints of one pretraining',
  steps: 'steps of pretraining',
  byModel: 'the model, each text alone',
  gzipAll: 'gzip, all texts in one file',
  brotliAll: 'brotli, all texts in one file',
  warm: 'DEFLATE, each text, after 32 KiB of training texts',
  point: 'after {{step}} steps {{bits}} bits a byte',
  fair:
    'What is not counted: the model itself, which is larger than all these texts. gzip knows nothing beforehand and ' +
    'gets nothing out of a short text; having read other texts first, it does much better. On a text of another kind ' +
    'the model loses.',
};
