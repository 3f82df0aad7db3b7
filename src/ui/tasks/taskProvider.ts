import * as vscode from 'vscode';
import type { CommandServices } from '../terminal/containerCommand.ts';

/** The type of our tasks in `tasks.json`. */
const taskType = 'containerInstances';

/** Runs the tasks of our type that a `tasks.json` has; there are no others. */
export function registerTaskProvider(services: CommandServices): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(taskType, {
    provideTasks: () => [],
    resolveTask: ({ definition, scope, name }) =>
      new vscode.Task(
        definition, // VS Code wants the same object back
        scope ?? vscode.TaskScope.Workspace,
        name,
        taskType,
        // with the variables of the definition replaced
        new vscode.CustomExecution(async (resolved) => {
          const { TaskTerminal } = await import('../../onFirstUse.ts');
          return new TaskTerminal(resolved, services);
        }),
      ),
  });
}
