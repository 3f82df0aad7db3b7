import * as vscode from 'vscode';
import { AzureError } from '../../azure/errors.ts';
import type { LogNotice } from '../../logs/followLog.ts';
import { explain } from './problems.ts';

/** What a log that is being followed says between its lines. */
export function explainLogNotice(notice: LogNotice): string {
  switch (notice.kind) {
    case 'earlier':
      return vscode.l10n.t('Earlier lines are not shown here: "View Logs" has them.');
    case 'restarted':
      return vscode.l10n.t(
        'The container was restarted, and its log began anew. The last lines before may be missing.',
      );
    case 'ended':
      return notice.exitCode === undefined
        ? vscode.l10n.t('The container has ended. What it writes after a new start is shown here.')
        : vscode.l10n.t(
            'The container has ended with exit code {0}. What it writes after a new start is shown here.',
            notice.exitCode,
          );
    case 'gap':
      return vscode.l10n.t('Lines may be missing here: more was written than Azure keeps.');
    case 'waiting':
      return vscode.l10n.t('There is no log at the moment. Waiting for it…');
    case 'throttled':
      return vscode.l10n.t('Azure limits your requests. Going on in {0} seconds…', notice.seconds);
    case 'interrupted':
      return vscode.l10n.t('Trying again, at once with Enter… {0}', explain(new AzureError(notice.problem)));
    case 'resumed':
      return vscode.l10n.t('Azure answers again.');
    case 'slept':
      return vscode.l10n.t('Nothing was asked for {0} minutes.', Math.round(notice.ms / 60_000));
  }
}
