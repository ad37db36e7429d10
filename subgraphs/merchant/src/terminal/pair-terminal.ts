import { type MemberViewer, notFound } from '@7pay/graphql';
import { derivedId, digest, type IdSource } from '@7pay/ids';
import { type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { MerchantUnitOfWork } from '../unit-of-work.ts';
import {
  makePairingCode,
  normalizePairingCode,
  PAIRING_MINUTES,
  type Terminal,
} from './terminal.ts';

/** Issues a code for one terminal of a store. Shown once; kept as a digest, with who had it made. */
export const issuePairingCode =
  (unitOfWork: MerchantUnitOfWork, clock: Clock, ids: IdSource) =>
  async (
    { memberId: issuedBy }: MemberViewer,
    request: { storeId: string; label: string },
  ): Promise<{ pairingCode: string; expiresAt: Date }> => {
    const pairingCode = makePairingCode((count) => ids.digits(count));
    const expiresAt = new Date(clock.now().getTime() + PAIRING_MINUTES * 60_000);
    return unitOfWork(async ({ merchants, terminals }) => {
      const store = await merchants.findStore(request.storeId);
      if (!store) throw notFound();
      await terminals.insertCode({
        digest: digest(pairingCode),
        storeId: store.id,
        merchantId: store.merchantId,
        label: request.label,
        expiresAt,
        usedBy: null,
        issuedBy,
      });
      return { pairingCode, expiresAt };
    });
  };

/** A public key of the terminal, P-256, coordinates as base64url. */
export interface TerminalKey {
  readonly x: string;
  readonly y: string;
}

/**
 * Pairs a terminal: whoever holds the code may bring one public key. The same key with the same code gets the
 * same terminal again, so a lost answer does no harm; another key with a used code is refused.
 */
export const pairTerminal =
  (unitOfWork: MerchantUnitOfWork, clock: Clock) =>
  (request: {
    pairingCode: string;
    key: TerminalKey;
  }): Promise<Terminal | Refused<'PAIRING_CODE_WRONG'>> => {
    const codeDigest = digest(normalizePairingCode(request.pairingCode));
    const keyDigest = digest(request.key);
    const id = derivedId('ter', codeDigest, keyDigest);
    return unitOfWork(async ({ session, terminals, outbox }) => {
      const earlier = await terminals.find(id);
      if (earlier) return earlier;
      const code = await terminals.findCode(codeDigest);
      const at = clock.now();
      if (!code || code.usedBy !== null || at >= code.expiresAt)
        return refuse('PAIRING_CODE_WRONG');

      const { storeId, merchantId, label, issuedBy } = code;
      const where = { storeId, merchantId, label };
      const terminal: Terminal = { id, ...where, pairedAt: at, keyDigest, issuedBy };
      await terminals.useCode(codeDigest, id);
      await terminals.insert(terminal);
      await outbox.append(session, {
        id: `evt_terminal_paired_${id}`,
        name: 'merchant.terminal.paired.v1',
        at: at.toISOString(),
        body: {
          terminalId: id,
          ...where,
          publicKeyX: request.key.x,
          publicKeyY: request.key.y,
        },
      });
      return terminal;
    });
  };
