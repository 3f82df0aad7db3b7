import * as vscode from 'vscode';
import { parseLog } from '../../logs/logLine.ts';
import { plainLine } from '../../terminal/lineText.ts';

/** What the service keeps, less than one long line: a log that is no shorter may have been cut at its start. */
const nearlyAll = { running: 4_000_000 - 16_384, endedBytes: 16_384 - 1_024, endedLines: 1_000 };

/** How a log was read. */
interface LogReading {
  readonly withTimestamps: boolean;
  /** Whether the container runs: the service keeps less of an ended one. */
  readonly isRunning: boolean;
}

/** A log as a document: without what only a terminal reads, and with a word where the service may have cut it. */
export function logText(content: string, { withTimestamps, isRunning }: LogReading): string {
  if (content === '') {
    return vscode.l10n.t('The log is empty.');
  }
  const lines = content.replace(/\r?\n$/, '').split('\n');
  // The service puts timestamps before what it keeps.
  const bytes = Buffer.byteLength(content) - (withTimestamps ? timestampBytes(content) : 0);
  const isCut = isRunning
    ? bytes >= nearlyAll.running
    : bytes >= nearlyAll.endedBytes || lines.length >= nearlyAll.endedLines;
  const note = isRunning
    ? vscode.l10n.t(
        '--- Earlier lines may be missing: Azure keeps 4 MB of the log of a running container. ---',
      )
    : vscode.l10n.t(
        '--- Earlier lines may be missing: Azure keeps 16 KB or 1,000 lines of the log of a container that has ended. ---',
      );
  return [...(isCut ? [note] : []), ...lines.map(plainLine)].join('\n');
}

function timestampBytes(content: string): number {
  return parseLog(content).lines.reduce(
    (sum, { raw, text }) => sum + raw.length - text.length - (raw.endsWith('\r') ? 1 : 0),
    0,
  );
}
