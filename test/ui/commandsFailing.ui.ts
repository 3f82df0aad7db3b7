import { runEveryCommand } from './everyCommand.ts';
import { test } from './workbench.ts';

/** They are of no use to a service principal. */
const forVsCode = ['signIn', 'signInAnother', 'selectTenants'];

test('without a network, every command says what helps', async ({ workbench, azure }) => {
  azure.addFault({ operation: 'subscriptions', kind: 'reset', times: 'always' });
  const sentence = /^Error: Cannot reach 127\.0\.0\.1:\d+ \(\w+\)\. Check the network/;
  await runEveryCommand(workbench, sentence, forVsCode);
});

test('with an Azure that fails, every command says what helps', async ({ workbench, azure }) => {
  // A status that a client does not try again, so that each command says it soon.
  const failure = { kind: 'status', status: 501, code: 'InternalError', message: 'Not today.' } as const;
  azure.addFault({ operation: 'subscriptions', ...failure, times: 'always' });
  await runEveryCommand(workbench, /^Error: Azure answered InternalError: Not today\./, forVsCode);
});
