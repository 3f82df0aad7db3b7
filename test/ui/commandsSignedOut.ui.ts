import { runEveryCommand } from './everyCommand.ts';
import { test } from './workbench.ts';

test.use({ credential: 'vscode' });

test('signed out, every command says what helps', async ({ workbench }) => {
  const signIn = ['signIn', 'signInAnother']; // they ask for it
  await runEveryCommand(
    workbench,
    /^Error: You are not signed in to Azure\. Run the command "Container Instances: Sign In to Azure"\.$/,
    signIn,
  );
});
