/** The values of the setting `containerInstances.credential`. */
export type CredentialKind = 'vscode' | 'azureCli' | 'environment' | 'default';
