import { basicCases } from './basic-cases.ts';
import { configCases } from './config-cases.ts';
import { type DynamicWorld, dynamicCases } from './dynamic-cases.ts';
import { fapiCases } from './fapi-cases.ts';
import { backChannelCases, rpLogoutCases } from './logout-cases.ts';

/** A plan of the suite: what is played here, and what is not, with the reason. */
export interface Plan {
  readonly name: string;
  readonly file: string;
  readonly clients: string;
  /** Modules that a case here plays. */
  readonly played: readonly string[];
  /** Modules that none plays. */
  readonly open: Readonly<Record<string, string>>;
}

const NO_ADDRESS = 'a member has no address here; the scope is refused as unknown';
const BASIC_OPEN = {
  'oidcc-scope-address': NO_ADDRESS,
  'oidcc-scope-all': 'needs an address',
  'oidcc-ensure-request-object-with-redirect-uri':
    'unsigned request objects are refused, so the suite skips it; the signed one is played under Dynamic',
};
const BOTH = 'openid-client and oauth4webapi';
const NO_WORLD = {} as DynamicWorld; // for the names alone

export const PLANS: readonly Plan[] = [
  {
    name: 'oidcc-config-certification-test-plan',
    file: 'oidc.test.ts',
    clients: BOTH,
    played: Object.keys(configCases),
    open: {},
  },
  {
    name: 'oidcc-basic-certification-test-plan',
    file: 'oidc.test.ts',
    clients: BOTH,
    played: Object.keys(basicCases),
    open: BASIC_OPEN,
  },
  {
    name: 'oidcc-formpost-basic-certification-test-plan',
    file: 'oidc.test.ts',
    clients: BOTH,
    played: Object.keys(basicCases),
    open: BASIC_OPEN,
  },
  {
    name: 'oidcc-dynamic-certification-test-plan',
    file: 'dynamic.test.ts',
    clients: 'openid-client and, where tokens are read, oauth4webapi',
    played: Object.keys(dynamicCases(NO_WORLD)),
    open: {
      'oidcc-registration-logo-uri':
        'taken and not shown: a picture from the server of an app would tell it who is about to log in',
      'oidcc-request-uri-unsigned': 'requests by reference to other servers are not taken',
      'oidcc-request-uri-signed-rs256': 'requests by reference to other servers are not taken',
    },
  },
  {
    name: 'oidcc-rp-initiated-logout-certification-test-plan',
    file: 'oidc.test.ts',
    clients: BOTH,
    played: Object.keys(rpLogoutCases),
    open: {},
  },
  {
    name: 'oidcc-backchannel-rp-initiated-logout-certification-test-plan',
    file: 'oidc.test.ts',
    clients: BOTH,
    played: Object.keys(backChannelCases([])),
    open: {},
  },
  {
    name: 'fapi2-security-profile-final-test-plan',
    file: 'fapi.test.ts',
    clients:
      'raw requests forged with jose (the happy flow also by openid-client and oauth4webapi, in fapi-drivers.test.ts)',
    played: Object.keys(fapiCases),
    open: {},
  },
];

/** docs/identity-conformance.md: every module with its state. */
export function conformanceText(plans: readonly Plan[] = PLANS): string {
  const played = plans.reduce((sum, plan) => sum + plan.played.length, 0);
  const open = plans.reduce((sum, plan) => sum + Object.keys(plan.open).length, 0);
  const tables = plans.map(({ name, file, clients, played: modules, open: missing }) => {
    const rows = [
      ...modules.map((module) => `| \`${module}\` | played |`),
      ...Object.entries(missing).map(([module, why]) => `| \`${module}\` | open: ${why} |`),
    ];
    const source = `[${file}](../identity/src/conformance/${file})`;
    return [
      `## ${name}`,
      '',
      `By ${clients}: ${source}.`,
      '',
      '| module | state |',
      '| --- | --- |',
      ...rows,
    ].join('\n');
  });
  return `${[
    '# 7iD and the modules of the OpenID conformance suite',
    [
      `${played} rows are played by tests here, ${open} are open. The names are those of the suite of the OpenID`,
      'Foundation (for FAPI 2.0: of its classes, without the rows of national profiles and of signed requests). **played** means that a',
      'test of this name passes here, written by us after what the module asks for. It is no certification, and no result',
      'of the suite itself, which has not been run; how to point it here is told in [running.md](running.md#an-outside-conformance-suite).',
      'Written by `npm run conformance --workspace @7pay/identity -- -u`; without `-u` the command plays every row and prints it.',
    ].join('\n'),
    ...tables,
  ].join('\n\n')}\n`;
}
