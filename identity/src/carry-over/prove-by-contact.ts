import { isRefused, type Locale, type Refused, refuse } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Controls } from '@7pay/controls';
import { isLocked } from '../account/member.ts';
import type { MemberStore } from '../account/member.store.ts';
import { canonicalAddress, type Channel } from '../contact/contact.ts';
import type { ContactStore } from '../contact/contact.store.ts';
import type { ProvenMail } from '../contact/verified-mail.ts';
import type { ExternalIdStore } from '../external-id/external-id.store.ts';
import { isProviderOpen } from '../external-id/ways-in.ts';
import { askingBudget } from '../one-time-code/asking-budget.ts';
import type { OneTimeCodes } from '../one-time-code/one-time-codes.ts';
import type { WindowCounts } from '../one-time-code/window-count.store.ts';
import { CARRY_OVER_LIMITS, CARRY_OVER_MINUTES, type CarryOverRefusal } from './carry-over.ts';
import type { CarryOver, CarryOverStore } from './carry-over.store.ts';
import type { Deliver } from '../recovery/recover-access.ts';
import type { LeaverOf } from './set-own-way.ts';

/**
 * Proving oneself by a contact: for members whose only way in is a provider that is stopped, by one that was verified; and for
 * the owner of an address that somebody registered and nobody proved, by that address.
 */
export interface ProveByContact {
  /**
   * Begins: the same reads and writes for whatever was typed. What it returns looks up whose it is, and sends a code to the address if
   * it is the verified contact of exactly one such member; without a provider, if it is a login ID that nobody proved.
   */
  begin(
    id: string,
    typed: { address: string; provider: string | null },
    from: { network: string | null; locale: Locale },
  ): Promise<Deliver | Refused<'MAIL_INVALID' | 'PHONE_INVALID' | 'LOGIN_BUSY'>>;
  find(id: string): Promise<CarryOver | null>;
  /** The code has come back. */
  finish(
    id: string,
    code: string,
  ): Promise<true | Refused<CarryOverRefusal | 'ONE_TIME_CODE_FAILED'>>;
  /** It is done: what was proven here is used up. */
  end(id: string): Promise<void>;
}

const HOUR = 60 * 60_000;
const NOBODY = 'nobody';

type Sent = Pick<CarryOver, 'channel' | 'address'>;

export function proveByContact(deps: {
  carryOvers: CarryOverStore;
  contacts: Pick<ContactStore, 'holdersOf' | 'verifiedOf'>;
  members: Pick<MemberStore, 'findCredentials'>;
  proven: ProvenMail;
  externalIds: Pick<ExternalIdStore, 'ofMembers'>;
  leaverOf: LeaverOf;
  codes: OneTimeCodes;
  counts: WindowCounts;
  controls: Controls;
  clock: Clock;
  log: Log;
}): ProveByContact {
  const { carryOvers, contacts, members, externalIds, leaverOf, codes, counts } = deps;
  const { controls, clock, log } = deps;
  const admits = askingBudget(counts, 'carry-over', CARRY_OVER_LIMITS);
  const isOpen = isProviderOpen(controls);

  // Whoever still gets in by their provider does: mail is no proof beside a better one.
  const whose = async (channel: Channel, address: string, provider: string) => {
    if (isOpen(provider)) return null;
    const holders = await contacts.holdersOf(channel, address);
    const links = await externalIds.ofMembers(holders);
    const found: string[] = [];
    for (const memberId of holders) {
      const own = links.filter((link) => link.memberId === memberId).map((link) => link.provider);
      const { hasPassword, passkeys, isLocked: isOut } = await leaverOf(memberId);
      // Who said that something was not them comes back by what they had before, or by support.
      if (!isOut && own.includes(provider) && !own.some(isOpen) && !hasPassword && passkeys === 0) {
        found.push(memberId);
      }
    }
    return found.length === 1 ? (found[0] ?? null) : null;
  };
  // Who runs the platform named operators, and vouches for their addresses.
  const ownerless = async (channel: Channel, address: string) => {
    const member =
      channel === 'mail' ? (await members.findCredentials(address))?.member : undefined;
    if (!member || member.roles.length > 0 || isLocked(member)) return null;
    if (member.loginIdProvenAt) return null; // by somebody who took that contact away since
    const verified = await contacts.verifiedOf(member.id);
    return verified.some((one) => one.address === address) ? null : member.id;
  };
  // An account with six contacts is worth no more guesses than one with one. Quiet: the answer is out already.
  const sendWithin = async (carryOver: Sent, memberId: string, locale: Locale) => {
    const now = clock.now();
    const { perAccountHour, perAccountDay } = CARRY_OVER_LIMITS;
    const take = (name: string, lengthMs: number, limit: number) =>
      counts.take(counts.idOf(`carry-over|${name}|${memberId}`, now, lengthMs), now, {
        sent: { $lt: limit },
      });
    const isWithin =
      (await take('hour', HOUR, perAccountHour)) && (await take('day', 24 * HOUR, perAccountDay));
    if (!isWithin) return log.warn('carry_over.limit_reached', { memberId });
    await codes.send(sentTo(carryOver, memberId), locale);
  };
  const sentTo = ({ channel, address }: Sent, memberId: string) =>
    ({ memberId, purpose: 'CARRY_OVER', channel, address }) as const;

  return {
    begin: async (id, typed, { network, locale }) => {
      const channel: Channel = typed.address.includes('@') ? 'mail' : 'sms';
      const address = canonicalAddress(channel, typed.address);
      if (isRefused(address)) return address;
      const at = clock.now();
      if (!(await admits(network, at))) return refuse('LOGIN_BUSY');
      const { provider } = typed;
      const begun = { id, channel, address, reclaims: provider === null };
      await carryOvers.begin(begun, new Date(at.getTime() + CARRY_OVER_MINUTES * 60_000));
      log.info('carry_over.begun', { channel, provider });
      return async () => {
        const memberId = await (provider === null
          ? ownerless(channel, address)
          : whose(channel, address, provider));
        if (memberId === null) return log.info('carry_over.nobody', { channel });
        if (!(await carryOvers.address(begun, memberId))) {
          return log.info('carry_over.begun_anew', { memberId });
        }
        await sendWithin(begun, memberId, locale);
      };
    },
    find: (id) => carryOvers.find(id, clock.now()),
    end: carryOvers.end,
    finish: async (id, code) => {
      const carryOver = await carryOvers.find(id, clock.now());
      if (!carryOver) return refuse('CARRY_OVER_OVER');
      const { memberId } = carryOver;
      // For nobody the same is done: a try at a code that does not exist.
      const proven = await codes.prove(sentTo(carryOver, memberId ?? NOBODY), code);
      if (isRefused(proven)) return proven;
      if (memberId === null) return refuse('ONE_TIME_CODE_FAILED');
      const at = clock.now();
      const isTheirs =
        !carryOver.reclaims || (await deps.proven({ memberId, address: carryOver.address }, at));
      // The same browser may have begun anew meanwhile, with the contact of somebody else.
      const isDone = isTheirs && (await carryOvers.prove(carryOver, at));
      return isDone || refuse('CARRY_OVER_OVER');
    },
  };
}
