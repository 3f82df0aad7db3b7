import type { LogDocuments } from '../documents/logDocuments.ts';
import { logDocumentOf } from './logDocument.ts';

/** "Toggle Timestamps": reads the log of a document again, with the times of its lines or without them. */
export async function toggleLogTimestamps(args: readonly unknown[], documents: LogDocuments): Promise<void> {
  const uri = logDocumentOf(args);
  if (uri !== undefined) {
    await documents.toggleTimestamps(uri);
  }
}
