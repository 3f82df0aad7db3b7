import { askAzure, runEveryCommand } from './everyCommand.ts';
import { test } from './workbench.ts';

/** They are of no use to a service principal. */
const forVsCode = ['signIn', 'signInAnother', 'selectTenants'];

/** A client tries a few times before it says that there is no network, so a few commands have to do. */
const withoutNetwork = ['exec', 'viewLogs', 'refresh', 'start', 'upload'];

test('without a network, a command says what helps', async ({ workbench, azure }) => {
  azure.addFault({ operation: 'subscriptions', kind: 'reset', times: 'always' });
  await runEveryCommand(workbench, /^Error: Cannot reach 127\.0\.0\.1:\d+ \(\w+\)\. Check the network/, [
    ...forVsCode,
    ...askAzure.filter((name) => !withoutNetwork.includes(name)),
  ]);
});

test('with an Azure that fails, every command says what helps', async ({ workbench, azure }) => {
  // A status that a client does not try again, so that each command says it soon.
  const failure = { kind: 'status', status: 501, code: 'InternalError', message: 'Not today.' } as const;
  azure.addFault({ operation: 'subscriptions', ...failure, times: 'always' });
  await runEveryCommand(workbench, /^Error: Azure answered InternalError: Not today\./, forVsCode);
});
