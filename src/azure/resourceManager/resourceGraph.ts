import { fieldOf } from '../../base/json.ts';
import { AzureError } from '../errors.ts';

/**
 * The rows of an answer of Resource Graph, none of them checked.
 * @throws {AzureError} where it has no list of rows.
 */
export function rowsOf(answer: unknown): readonly unknown[] {
  const rows = fieldOf(answer, 'data');
  if (!Array.isArray(rows)) {
    throw new AzureError({ kind: 'notAzure', detail: 'Resource Graph answered no list' });
  }
  return rows;
}
