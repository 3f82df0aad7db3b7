import * as vscode from 'vscode';
import { CloudSettingError } from '../../azure/clouds.ts';
import { toAzureError, type AzureProblem, type Failure } from '../../azure/errors.ts';
import { roleWith } from '../../azure/roles.ts';
import { explainFileError } from './files.ts';
import { explainLocalDisk } from './localDisk.ts';
import { explainRemoteShell } from './remoteShells.ts';

/** One message for the user: what is wrong and what to do. */
export function explain(error: unknown): string {
  const known = explainRemoteShell(error) ?? explainFileError(error) ?? explainLocalDisk(error);
  if (known !== undefined) {
    return known;
  }
  return error instanceof CloudSettingError
    ? vscode.l10n.t('Correct a setting that cannot be used. {0}.', error.message)
    : explainProblem(toAzureError(error).problem);
}

function explainProblem(problem: AzureProblem): string {
  switch (problem.kind) {
    case 'notSignedIn':
      return vscode.l10n.t('You are not signed in to Azure. Run the command "{0}".', signInTitle());
    case 'credential':
      return explainCredential(problem);
    case 'forbidden':
      return explainForbidden(problem);
    case 'disallowed':
      return vscode.l10n.t(
        'A rule of the subscription does not allow it, which no role changes. Ask who manages the subscription: {0}',
        problem.detail,
      );
    case 'notFound':
      return vscode.l10n.t('Refresh the view, as Azure no longer has it: {0}', problem.detail);
    case 'logNotAvailable':
      return vscode.l10n.t('Try again later, as there is no log yet: {0}', problem.detail);
    case 'transitioning':
      return vscode.l10n.t('The container group is being changed. Try again in about ten seconds.');
    case 'stopped':
      return vscode.l10n.t('The container group is stopped. Start it, then try again.');
    case 'throttled':
      return problem.retryAfterSeconds === undefined
        ? vscode.l10n.t('Azure limits your requests. Try again in a minute.')
        : vscode.l10n.t('Azure limits your requests. Try again in {0} seconds.', problem.retryAfterSeconds);
    case 'unreachable':
      return vscode.l10n.t(
        'Cannot reach {0} ({1}). {2}',
        problem.host === '' ? 'Azure' : problem.host,
        problem.code,
        explainUnreachable(problem),
      );
    case 'brokenOff':
      return vscode.l10n.t("Azure's answer broke off. Refresh to try again.");
    case 'notAzure':
      return vscode.l10n.t(
        "This is not Azure's answer: a proxy or a sign-in page of the network may have replaced it. Sign in to the network in a browser, then refresh.",
      );
    case 'endlessList':
      return vscode.l10n.t("Azure's list has no end: the same page came again. Refresh to try again.");
    case 'timedOut':
      return vscode.l10n.t(
        'Azure did not answer within {0} seconds. Check the network and try again.',
        problem.seconds,
      );
    case 'service':
      return problem.correlationId === undefined
        ? vscode.l10n.t('Azure answered {0}: {1}', problem.code, problem.detail)
        : vscode.l10n.t(
            'Azure answered {0}: {1} (correlation id {2})',
            problem.code,
            problem.detail,
            problem.correlationId,
          );
    case 'unexpected':
      return problem.detail;
  }
}

/** Azure names the action that is missing, or gives a reason of its own. */
function explainForbidden({ action, detail }: Extract<AzureProblem, { kind: 'forbidden' }>): string {
  if (action === undefined) {
    return vscode.l10n.t('Ask who manages the subscription, as Azure does not allow it: {0}', detail);
  }
  return detail.includes(action)
    ? vscode.l10n.t(
        'Your account may not do "{0}" here. The role "{1}" includes it.',
        action,
        roleWith(action),
      )
    : vscode.l10n.t(
        'Azure does not allow it: {0} It needs "{1}", which the role "{2}" includes.',
        detail,
        action,
        roleWith(action),
      );
}

function explainCredential({
  credential,
  detail,
  tenantId,
}: Extract<AzureProblem, { kind: 'credential' }>): string {
  switch (credential) {
    case 'azureCli':
      return vscode.l10n.t(
        'The Azure CLI gave no token: {0}. Run "{1}" in a terminal, then refresh.',
        detail.replace(/\.$/, ''),
        tenantId === undefined ? 'az login' : `az login --tenant ${tenantId}`,
      );
    case 'environment':
      return vscode.l10n.t(
        'The environment variables gave no token: {0}. Set them where VS Code is started, then refresh.',
        detail.replace(/\.$/, ''),
      );
    case 'default':
      return vscode.l10n.t(
        'DefaultAzureCredential found no identity that gives a token: {0}. Run "az login" in a terminal, then refresh.',
        detail.replace(/\.$/, ''),
      );
    case 'vscode':
      return vscode.l10n.t(
        'The Microsoft account gave no token: {0}. Run the command "{1}".',
        detail.replace(/\.$/, ''),
        signInTitle(),
      );
    default:
      return vscode.l10n.t('Sign in again, as Azure gave no token: {0}', detail);
  }
}

/** What went wrong at some time, for a row: a throttled service names until when. */
export function explainFailure({ problem, at }: Failure): string {
  if (problem.kind === 'throttled' && problem.retryAfterSeconds !== undefined) {
    const until = new Date(at + problem.retryAfterSeconds * 1000);
    return vscode.l10n.t('throttled until {0}', until.toLocaleTimeString(vscode.env.language));
  }
  return explainProblem(problem);
}

/** The likely cause of a failed connection, and what to do. */
function explainUnreachable({ host, code, isExec }: Extract<AzureProblem, { kind: 'unreachable' }>): string {
  if (/CERT|SIGNATURE|ISSUER|CRL_|INVALID_|HOSTNAME|ERR_TLS|ERR_SSL|EPROTO/.test(code)) {
    return vscode.l10n.t(
      "Its certificate is not trusted. If a proxy inspects TLS, add that proxy's certificate to the system's own.",
    );
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return vscode.l10n.t('Its name was not found. Check the network, DNS and the proxy, then try again.');
    case 'HTTP 407':
      return vscode.l10n.t(
        'The proxy asks for a user name and password. Check the ones in the setting "http.proxy" or the variable HTTPS_PROXY.',
      );
    case 'HTTP 401':
    case 'HTTP 403':
      return vscode.l10n.t(
        'The service, or a proxy in between, does not allow the connection. Check the proxy, then try again.',
      );
  }
  const { port } = new URL(`wss://${host === '' ? 'azure' : host}`);
  return isExec !== true || port === ''
    ? vscode.l10n.t('Check the network, the proxy and DNS, then try again.')
    : vscode.l10n.t(
        'Exec needs port {0} besides 443. A firewall or a proxy may block it: ask to have it opened.',
        port,
      );
}

/** The sign-in command as the command palette shows it. */
function signInTitle(): string {
  return vscode.l10n.t('Container Instances: Sign In to Azure');
}
