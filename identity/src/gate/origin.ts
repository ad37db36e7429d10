import { randomBytes } from 'node:crypto';
import { networkClasses } from '@7pay/controls';
import { digest } from '@7pay/ids';
import type { Context } from 'koa';
import { z } from 'zod';
import { agentFamily } from '../new-device/agent-family.ts';
import { DEVICE_SECONDS } from '../new-device/known-device.ts';
import type { Origin } from './login-record.ts';

const prefix = z.union([z.cidrv4(), z.cidrv6()]);

/** What whoever runs 7iD may tell about where requests come from. */
export const originSetting = z.strictObject({
  /** A header in which the edge says the country (two letters). Only name one that the edge overwrites. */
  countryHeader: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/)
    .optional(),
  /** Which prefixes belong to which system (ASN); without it, networks are known by their /24 or /48. */
  networks: z
    .array(z.strictObject({ prefix, asn: z.number().int().positive().max(4_294_967_295) }))
    .max(10_000)
    .default([]),
});

const DEVICE_COOKIE = '7id_device';

/** From where on the internet a request comes: nothing is asked of the browser, and nothing given to it. */
export function whereFrom(
  setting: z.infer<typeof originSetting>,
): (ctx: Context) => Pick<Origin, 'network' | 'country'> {
  const networkOf = networkClasses(setting.networks);
  return (ctx) => {
    const said = setting.countryHeader ? ctx.get(setting.countryHeader).toUpperCase() : '';
    return {
      network: networkOf(ctx.ip) ?? null,
      country: /^[A-Z]{2}$/.test(said) ? said : null,
    };
  };
}

/** Where a request comes from. The browser is given a number of its own the first time it logs in. */
export function originOf(where: ReturnType<typeof whereFrom>): (ctx: Context) => Origin {
  const seen = new WeakMap<Context, Origin>();
  const read = (ctx: Context): Origin => {
    const known = ctx.cookies.get(DEVICE_COOKIE, { signed: true });
    const device = known ?? randomBytes(16).toString('base64url');
    if (known === undefined) {
      ctx.cookies.set(DEVICE_COOKIE, device, {
        signed: true,
        httpOnly: true,
        sameSite: 'lax',
        maxAge: DEVICE_SECONDS * 1_000,
        secure: ctx.secure,
      });
    }
    return {
      ...where(ctx),
      device: digest(`device|${device}`),
      agent: agentFamily(ctx.get('user-agent')),
    };
  };
  return (ctx) => {
    const origin = seen.get(ctx) ?? read(ctx); // one number for each browser, however often it is asked for
    seen.set(ctx, origin);
    return origin;
  };
}
