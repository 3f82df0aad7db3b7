import { expect, test, type Workbench } from './workbench.ts';

async function askCommandLine(workbench: Workbench, container: string) {
  await workbench.contextMenu(
    workbench.row(new RegExp(`^Container ${container}, Running`)),
    'Exec with Command…',
  );
  const picker = workbench.page.locator('.quick-input-widget');
  await expect(picker.getByText('Exec with Command')).toBeVisible();
  return { picker, input: picker.locator('input:visible').first() };
}

test('Exec with Command… offers what was used in the container, keeps no secret, and forgets', async ({
  workbench,
}) => {
  const secret = 'hunter2%+secret';
  const shown = '/usr/bin/test {secret}';
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  const first = await askCommandLine(workbench, 'api');
  await first.input.fill(shown);
  await expect(first.picker.getByRole('option')).toHaveText(shown);
  await first.input.press('Enter');
  await expect(first.picker).toContainText(`The value of {secret} in "${shown}". It is not stored.`);
  await expect(first.input).toHaveAttribute('type', 'password');
  await first.input.fill('two words');
  await expect(first.picker).toContainText('a value cannot have any');
  await first.input.fill(secret);
  await first.input.press('Enter');
  await expect(workbench.terminal).toContainText('Session ended.');
  await expect.poll(() => workbench.stored()).toContain(shown);
  expect(await workbench.stored()).not.toContain('hunter2');
  expect(await workbench.page.content()).not.toContain('hunter2');

  const other = await askCommandLine(workbench, 'envoy');
  await expect(other.picker.getByRole('option')).toHaveCount(0);
  await workbench.page.keyboard.press('Escape');

  const again = await askCommandLine(workbench, 'api');
  const entry = again.picker.getByRole('option', { name: shown });
  await expect(entry).toBeVisible();
  await again.input.press('Enter');
  await expect(again.picker).toContainText('It is not stored.');
  await expect(again.input).toHaveValue('');
  await workbench.page.keyboard.press('Escape');

  const last = await askCommandLine(workbench, 'api');
  await last.picker.getByRole('option', { name: shown }).hover();
  await last.picker.getByRole('button', { name: 'Forget' }).click();
  await expect(last.picker.getByRole('option')).toHaveCount(0);
  await workbench.page.keyboard.press('Escape');
  await expect.poll(() => workbench.stored()).not.toContain(shown);
});
