import { type Controls, externalLoginSwitches } from '@7pay/controls';

/** The ways in that a member would have without one external ID. */
export interface OtherWays {
  readonly hasPassword: boolean;
  readonly passkeys: number;
  /** The providers of the other external IDs. */
  readonly providers: readonly string[];
}

/**
 * Whether there is another way to log in. An external ID is one for as long as its provider is open: whoever gives one up for another
 * that is stopped stands before a closed door.
 */
export const hasOtherWay = (
  { hasPassword, passkeys, providers }: OtherWays,
  isOpen: (provider: string) => boolean,
): boolean => hasPassword || passkeys > 0 || providers.some(isOpen);

/** Whether logins by this provider are open, by its own switch and by that of all. */
export const isProviderOpen =
  (controls: Pick<Controls, 'look'>) =>
  (provider: string): boolean =>
    externalLoginSwitches(provider).every((key) => controls.look(key).state === 'OPEN');
