/** One Azure cloud: where its endpoints are and what its tokens are for. URLs carry no trailing slash. */
export interface Cloud {
  readonly resourceManagerEndpoint: string;
  readonly activeDirectoryEndpoint: string;
  /** The OAuth scope of Azure Resource Manager's tokens. */
  readonly scope: string;
  /** Undefined where the cloud's settings name none. */
  readonly portalUrl: string | undefined;
}

/** The value of VS Code's setting `microsoft-sovereign-cloud.customEnvironment`, as far as it is used here. */
export interface CustomEnvironment {
  readonly resourceManagerEndpointUrl?: unknown;
  readonly activeDirectoryEndpointUrl?: unknown;
  readonly activeDirectoryResourceId?: unknown;
  readonly portalUrl?: unknown;
}

/** A cloud setting that cannot be used. `setting` names the one to mend. */
export class CloudSettingError extends Error {
  override readonly name = 'CloudSettingError';
  readonly setting: string;

  constructor(setting: string, problem: string) {
    super(`${setting}: ${problem}`);
    this.setting = setting;
  }
}

// Endpoints and audiences as in @azure/ms-rest-azure-env, which VS Code's Azure extensions share.
const publicCloud: Cloud = {
  resourceManagerEndpoint: 'https://management.azure.com',
  activeDirectoryEndpoint: 'https://login.microsoftonline.com',
  scope: 'https://management.core.windows.net/.default',
  portalUrl: 'https://portal.azure.com',
};

const usGovernment: Cloud = {
  resourceManagerEndpoint: 'https://management.usgovcloudapi.net',
  activeDirectoryEndpoint: 'https://login.microsoftonline.us',
  scope: 'https://management.core.usgovcloudapi.net/.default',
  portalUrl: 'https://portal.azure.us',
};

const china: Cloud = {
  resourceManagerEndpoint: 'https://management.chinacloudapi.cn',
  activeDirectoryEndpoint: 'https://login.chinacloudapi.cn',
  scope: 'https://management.core.chinacloudapi.cn/.default',
  portalUrl: 'https://portal.azure.cn',
};

/**
 * The cloud that VS Code's settings `microsoft-sovereign-cloud.environment` and `.customEnvironment` name.
 * @throws {CloudSettingError} when they name none.
 */
export function cloudFromSettings(
  environment: string | undefined,
  custom: CustomEnvironment | undefined,
): Cloud {
  switch (environment) {
    case undefined:
    case '':
    case 'Azure':
    case 'AzureCloud':
      return publicCloud;
    case 'USGovernment':
      return usGovernment;
    case 'ChinaCloud':
      return china;
    case 'custom':
      return customCloud(custom ?? {});
    default:
      throw new CloudSettingError(
        'microsoft-sovereign-cloud.environment',
        `"${environment}" is not a cloud: use ChinaCloud, USGovernment or custom`,
      );
  }
}

function customCloud(custom: CustomEnvironment): Cloud {
  return {
    resourceManagerEndpoint: httpsUrl('resourceManagerEndpointUrl', custom.resourceManagerEndpointUrl),
    activeDirectoryEndpoint: httpsUrl('activeDirectoryEndpointUrl', custom.activeDirectoryEndpointUrl),
    scope: `${httpsUrl('activeDirectoryResourceId', custom.activeDirectoryResourceId)}/.default`,
    portalUrl: toHttpsUrl(custom.portalUrl), // all else works without
  };
}

/**
 * The page of a resource in a cloud's portal, whose tenant is the one that lists it; undefined where there is no portal.
 * `users` is its page for role assignments.
 */
export function portalLink(
  { portalUrl }: Pick<Cloud, 'portalUrl'>,
  tenantId: string | undefined,
  resourceId: string,
  page?: 'users',
): string | undefined {
  const tenant = tenantId === undefined ? '' : `@${encodeURIComponent(tenantId)}/`;
  const path = resourceId.split('/').map(encodeURIComponent).join('/');
  return portalUrl === undefined
    ? undefined
    : `${portalUrl}/#${tenant}resource${path}${page === undefined ? '' : `/${page}`}`;
}

function httpsUrl(field: string, value: unknown): string {
  const url = toHttpsUrl(value);
  if (url === undefined) {
    throw new CloudSettingError(
      'microsoft-sovereign-cloud.customEnvironment',
      `${field} needs an https:// address`,
    );
  }
  return url;
}

/** An https address without slashes at its end; undefined where it is none. */
function toHttpsUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value) || new URL(value).protocol !== 'https:') {
    return undefined;
  }
  let end = value.length;
  while (value[end - 1] === '/') {
    end--;
  }
  return value.slice(0, end);
}
