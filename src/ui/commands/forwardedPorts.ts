import * as vscode from 'vscode';
import type { ForwardedPort, PortForwards } from '../ports/portForwards.ts';
import { ForwardedPortNode } from '../tree/forwardedPortNode.ts';
import { openExternal } from './openExternal.ts';
import { selectedRows } from './target.ts';

/** Stops the forwards of the selected rows. */
export function stopForwardedPort(args: readonly unknown[], forwards: PortForwards): void {
  forwardsIn(args, forwards).forEach((forwarded) => forwards.stop(forwarded));
}

/** Opens the local ports in the browser, by the address that reaches them from where VS Code is shown. */
export async function openForwardedPort(args: readonly unknown[], forwards: PortForwards): Promise<void> {
  for (const forwarded of forwardsIn(args, forwards)) {
    await openExternal((await externalAddress(forwarded)).toString(true));
  }
}

/** Copies the local addresses, one a line: `localhost:8080`, or what stands for it where VS Code is shown elsewhere. */
export async function copyForwardedAddress(args: readonly unknown[], forwards: PortForwards): Promise<void> {
  const addresses = await Promise.all(forwardsIn(args, forwards).map(externalAddress));
  const texts = addresses.map((uri) =>
    /^localhost:\d+$/.test(uri.authority) ? uri.authority : uri.toString(true),
  );
  if (texts.length > 0) {
    await vscode.env.clipboard.writeText(texts.join('\n'));
  }
}

/** The ports that are likely to speak TLS. */
const tlsPorts: readonly number[] = [443, 8443];

async function externalAddress({ port, localPort }: ForwardedPort): Promise<vscode.Uri> {
  const scheme = tlsPorts.includes(port) ? 'https' : 'http';
  return vscode.env.asExternalUri(vscode.Uri.parse(`${scheme}://localhost:${localPort}/`));
}

/** Those of the rows, or the one that a notification is about, as far as they are still there. */
function forwardsIn(args: readonly unknown[], forwards: PortForwards): readonly ForwardedPort[] {
  const named = selectedRows(args).map((row) => (row instanceof ForwardedPortNode ? row.forwarded : row));
  return forwards.all.filter((forwarded) => named.includes(forwarded));
}
