// Parquet files of rows with nested columns, by hyparquet-writer: every value is there (REQUIRED), texts are strings.
import { ByteWriter, parquetWrite, type SchemaElement } from 'hyparquet-writer';

/** What a column holds. */
export type Shape = 'string' | 'int32' | { readonly list: Shape } | { readonly fields: Shapes };
export type Shapes = Readonly<Record<string, Shape>>;

const REQUIRED = { repetition_type: 'REQUIRED' } as const;

/** The elements of a column in the order in which Parquet lists a tree: a node, then all below it. */
function elementsOf(name: string, shape: Shape): SchemaElement[] {
  if (shape === 'int32') return [{ name, type: 'INT32', ...REQUIRED }];
  if (shape === 'string')
    return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' }, ...REQUIRED }];
  if ('list' in shape) {
    return [
      { name, converted_type: 'LIST', logical_type: { type: 'LIST' }, num_children: 1, ...REQUIRED },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elementsOf('element', shape.list),
    ];
  }
  const fields = Object.entries(shape.fields);
  return [
    { name, num_children: fields.length, ...REQUIRED },
    ...fields.flatMap(([field, inner]) => elementsOf(field, inner)),
  ];
}

/** @param rows each with every column. */
export function parquetFile(columns: Shapes, rows: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  const writer = new ByteWriter();
  const [, ...schema] = elementsOf('root', { fields: columns });
  parquetWrite({
    writer,
    schema: [{ name: 'root', num_children: Object.keys(columns).length }, ...schema],
    columnData: Object.keys(columns).map((name) => ({ name, data: rows.map((row) => row[name]) })),
    createdBy: 'Soliloquy',
  });
  return new Uint8Array(writer.getBuffer());
}
