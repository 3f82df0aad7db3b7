import type { LogDocuments } from '../documents/logDocuments.ts';
import { logDocumentOf } from './logDocument.ts';

/** "Reload Log": reads the log of a document again, in place. */
export async function reloadLog(args: readonly unknown[], documents: LogDocuments): Promise<void> {
  const uri = logDocumentOf(args);
  if (uri !== undefined) {
    await documents.reload(uri);
  }
}
