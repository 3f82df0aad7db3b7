import { expect, test } from './workbench.ts';

test('a failed command is decorated, recent commands are listed, and the shell holds nothing of ours; off, it is a plain one', async ({
  workbench,
  vscode,
}) => {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await workbench.contextMenu(workbench.row(/^Container api, Running/), 'Exec');
  await expect(workbench.terminal).toContainText('SandboxHost');

  const { page } = workbench;
  await workbench.type('echo "a;b" | tr ab xy');
  await expect(workbench.terminal).toContainText('x;y');
  await workbench.type('(exit 3)');
  await expect(page.locator('.terminal-command-decoration.error')).toHaveCount(1);

  await workbench.runCommand('Terminal: Run Recent Command...');
  await expect(page.getByRole('option', { name: /^echo "a;b" \| tr ab xy/ })).toBeVisible();
  await page.getByRole('option', { name: /^\(exit 3\)/ }).click();
  await expect(page.locator('.terminal-command-decoration.error')).toHaveCount(2);
  await expect(page.locator('.quick-input-widget')).toBeHidden();

  await page.keyboard.press('Shift'); // xterm.js missed the end of the key that chose the command
  await workbench.type('clear; history; echo done');
  await expect(workbench.terminal).toContainText(/\(exit 3\)[^]*done\s*root@/);
  const ours = /__aci|633|VSCODE|nonce/i;
  expect(await workbench.terminal.innerText()).not.toMatch(ours);
  await workbench.type('clear; env; echo over');
  await expect(workbench.terminal).toContainText(/HOME=[^]*over\s*root@/);
  expect(await workbench.terminal.innerText()).not.toMatch(ours);

  // With the setting off the next shell is a plain one.
  await vscode.configure({ 'containerInstances.exec.shellIntegration': false });
  await workbench.contextMenu(workbench.row(/^Container envoy, Running/), 'Exec');
  await expect(workbench.terminal).not.toContainText('HOME=');
  await expect(workbench.terminal).toContainText('SandboxHost');
  await workbench.type('clear; (exit 3); declare -p PS0 __aci_ran; echo done');
  await expect(workbench.terminal).toContainText(/PS0: not found[^]*__aci_ran: not found[^]*done/);
  await expect(page.locator('.terminal-wrapper.active .terminal-command-decoration.error')).toHaveCount(0);
});
