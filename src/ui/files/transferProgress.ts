import * as vscode from 'vscode';
import { withSignal } from '../cancellation.ts';
import { plainText } from '../messages/plainText.ts';

/** What a transfer tells of itself. */
export interface TransferReport {
  /** How much has been transferred, in bytes. */
  readonly onProgress: (bytes: number) => void;
  /** How much there is in all, once that is known. */
  readonly onSize: (bytes: number) => void;
}

/** How often the notification changes, in milliseconds. */
const everyMs = 500;

/** Does a transfer beside a notification with its rate and the time that is left, and with Cancel. */
export function withTransferProgress<T>(
  title: string,
  transfer: (report: TransferReport, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: plainText(title),
    cancellable: true,
  };
  return Promise.resolve(
    vscode.window.withProgress(options, (progress, token) =>
      withSignal(token, async (signal) => {
        const startedAt = performance.now();
        let total = 0;
        let done = 0;
        let shown = 0;
        const timer = setInterval(() => {
          const seconds = (performance.now() - startedAt) / 1000;
          const percent = total === 0 ? 0 : Math.min(100, (100 * done) / total);
          progress.report({
            message: transferText(done, total, seconds),
            ...(total === 0 ? {} : { increment: percent - shown }),
          });
          shown = percent;
        }, everyMs);
        try {
          const onProgress = (bytes: number) => (done = bytes);
          return await transfer({ onProgress, onSize: (bytes) => (total = bytes) }, signal);
        } finally {
          clearInterval(timer);
        }
      }),
    ),
  );
}

/** How far a transfer is: `total` is 0 where it is not known. */
function transferText(done: number, total: number, seconds: number): string {
  const rate = done / Math.max(seconds, 0.001);
  const perSecond = vscode.l10n.t('{0}/s', sizeText(rate));
  if (total === 0 || done === 0) {
    return `${sizeText(done)}, ${perSecond}`;
  }
  const left = Math.max(0, Math.ceil((total - done) / rate));
  return vscode.l10n.t(
    '{0} of {1}, {2}, {3} left',
    sizeText(done),
    sizeText(total),
    perSecond,
    left < 90 ? vscode.l10n.t('{0} s', left) : vscode.l10n.t('{0} min', Math.round(left / 60)),
  );
}

/** A number of bytes in the unit that fits. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const at = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** at;
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at] ?? ''}`;
}
