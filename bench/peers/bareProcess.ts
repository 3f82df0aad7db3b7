// The bare client in a Node process of its own, asked by its parent over IPC.
import { BareClient, type BareTarget } from './bareClient.ts';

/** What the bare client is asked for. */
export type BareCall =
  | { readonly method: 'firstPrompt'; readonly command: string }
  | { readonly method: 'echoes'; readonly count: number }
  | { readonly method: 'firehose'; readonly size: number; readonly decodes: boolean };

const client = new BareClient(JSON.parse(process.argv[2] ?? '') as BareTarget); // the parent's own type

process.on('message', (call: BareCall) => {
  void answer(call).then((result) => process.send?.(result));
});

function answer(call: BareCall): Promise<unknown> {
  switch (call.method) {
    case 'firstPrompt':
      return client.firstPrompt(call.command);
    case 'echoes':
      return client.echoes(call.count);
    case 'firehose':
      return client.firehose(call.size, call.decodes);
  }
}
