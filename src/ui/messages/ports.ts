import * as vscode from 'vscode';
import { LocalPortTaken, NoRelayTool } from '../../ports/errors.ts';
import type { PortTraffic, PortTrouble } from '../../ports/portForward.ts';
import { explain } from './problems.ts';

/** Why a port is not forwarded. */
export function explainForward(error: unknown): string {
  if (error instanceof NoRelayTool) {
    return vscode.l10n.t(
      'The image has none of perl, python3, busybox nc, bash and socat. Use an image that has one of them.',
    );
  }
  return error instanceof LocalPortTaken
    ? vscode.l10n.t('Port {0} of this computer is taken. Choose another one.', String(error.port))
    : explain(error);
}

/** What a forward's user should know of trouble; undefined where the client's own error tells enough. */
export function explainTrouble(trouble: PortTrouble, port: number, container: string): string | undefined {
  if (trouble.kind === 'session') {
    return vscode.l10n.t(
      'Port {0} of container "{1}" cannot be reached now. {2}',
      String(port),
      container,
      explain(trouble.error),
    );
  }
  switch (trouble.end) {
    case 'refused':
      return vscode.l10n.t(
        'Nothing takes connections on port {0} of container "{1}", or it has reset one. Check that its program listens on 127.0.0.1 or on all addresses.',
        String(port),
        container,
      );
    case 'damaged':
      return vscode.l10n.t(
        'A connection to port {0} of container "{1}" was reset: something was lost or changed on its way. Try again.',
        String(port),
        container,
      );
    case 'lost':
    case 'silent':
      return undefined;
  }
}

export function forwardStarted(port: number, container: string, localPort: number): string {
  return vscode.l10n.t(
    'Port {0} of container "{1}" is now localhost:{2}.',
    String(port),
    container,
    String(localPort),
  );
}

export function forwardEnded(port: number, container: string): string {
  return vscode.l10n.t(
    'Port {0} of container "{1}" is forwarded no more: the container is not running.',
    String(port),
    container,
  );
}

/** What has gone through a forward, for a row. */
export function trafficText({ up, down, connections }: PortTraffic): string {
  const open =
    connections === 0
      ? ''
      : connections === 1
        ? vscode.l10n.t('1 connection')
        : vscode.l10n.t('{0} connections', connections);
  const amounts = up === 0 && down === 0 ? '' : `↑ ${bytesText(up)} ↓ ${bytesText(down)}`;
  return [amounts, open].filter(Boolean).join(' · ');
}

function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[power] ?? ''}`;
}
