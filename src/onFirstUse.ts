// What is loaded when the first of it is used: nearly all commands, and all that works inside of containers. It is one file, as
// the build makes a chunk of each file that is loaded with `await import()`, and one more of what several of them share.
export { RemoteShell } from './exec/remoteShell/remoteShell.ts';
export { RemoteFiles } from './files/remoteFiles.ts';
export { PortForward } from './ports/portForward.ts';
export { browseFiles } from './ui/commands/browseFiles.ts';
export { collectDiagnostics, reportIssue } from './ui/commands/collectDiagnostics.ts';
export { copyAzureCliCommand } from './ui/commands/copyAzureCliCommand.ts';
export { copyExecLink } from './ui/commands/copyExecLink.ts';
export { download } from './ui/commands/download.ts';
export { exec } from './ui/commands/exec.ts';
export { execWithCommand } from './ui/commands/execWithCommand.ts';
export { explainState } from './ui/commands/explainState.ts';
export { forwardPort } from './ui/commands/forwardPort.ts';
export { openExecLink } from './ui/commands/openExecLink.ts';
export { openFile } from './ui/commands/openFile.ts';
export { openInBrowser } from './ui/commands/openInBrowser.ts';
export { openInPortal } from './ui/commands/openInPortal.ts';
export { openRoleAssignments } from './ui/commands/openRoleAssignments.ts';
export { runCommand } from './ui/commands/runCommand.ts';
export { selectSubscriptions } from './ui/commands/selectSubscriptions.ts';
export { selectTenants } from './ui/commands/selectTenants.ts';
export { upload } from './ui/commands/upload.ts';
export { viewLogs } from './ui/commands/viewLogs.ts';
export { execProfile } from './ui/terminalProfile.ts';
export { TaskTerminal } from './ui/tasks/taskTerminal.ts';
export { ExecTerminal } from './ui/terminal/execTerminal.ts';
export { LogTerminal } from './ui/terminal/logTerminal.ts';
