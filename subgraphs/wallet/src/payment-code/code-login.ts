import type { Controls, LoginFacts } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';

/** The login in which a code or a handle was given out: what cut-offs and the switches of providers judge it by. */
export type CodeLogin = Pick<
  LoginFacts,
  'amr' | 'atSeconds' | 'generation' | 'clientId' | 'network' | 'country'
>;

/** What is kept of the login of whoever asks for codes. What their token does not tell is left out. */
export function codeLoginOf(viewer: MemberViewer): CodeLogin {
  const { amr, authTime: atSeconds, generation, clientId, network, country } = viewer;
  return {
    atSeconds,
    ...(amr && { amr }),
    ...(generation !== undefined && { generation }),
    ...(clientId !== null && { clientId }),
    ...(network !== undefined && { network }),
    ...(country !== undefined && { country }),
  };
}

/**
 * Whether codes that were given out in a login still work: as long as it holds and has the wallet. Asks nobody.
 * Those of an older version tell of no login; epoch and generation alone end them.
 */
export function stillHasWallet(
  login: CodeLogin | null,
  controls: Pick<Controls, 'judge'>,
): boolean {
  if (!login) return true;
  const verdict = controls.judge(login);
  return verdict.holds && !verdict.withoutScopes.includes('wallet');
}
