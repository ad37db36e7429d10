/** What a face learns at its start from `/config.json` of its own origin. */
export interface RuntimeConfig {
  /** The issuer of 7iD, an origin. */
  readonly issuer: string;
  /** The audience (resource) of the tokens for the graph. */
  readonly graphAudience: string;
  /** The client id of each face that signs people in. */
  readonly clients: { readonly wallet: string; readonly console: string };
}

/** The settings could not be read: nothing on the page can work. */
export class ConfigUnreadable extends Error {
  constructor(cause: string) {
    super(`the settings of this page cannot be read: ${cause}`);
    this.name = 'ConfigUnreadable';
  }
}

/** Checks what `/config.json` says. @throws ConfigUnreadable naming the field that is wrong. */
export function readRuntimeConfig(value: unknown): RuntimeConfig {
  const root = record(value, 'config.json');
  const clients = record(root['clients'], 'clients');
  return {
    issuer: address(root['issuer'], 'issuer'),
    graphAudience: address(root['graphAudience'], 'graphAudience'),
    clients: {
      wallet: text(clients['wallet'], 'clients.wallet'),
      console: text(clients['console'], 'clients.console'),
    },
  };
}

/** Reads the settings. @throws ConfigUnreadable when they cannot be had within 10 s or are wrong. */
export async function loadRuntimeConfig(): Promise<RuntimeConfig> {
  try {
    const response = await fetch('/config.json', { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new ConfigUnreadable(`status ${response.status}`);
    return readRuntimeConfig(await response.json());
  } catch (cause) {
    throw cause instanceof ConfigUnreadable ? cause : new ConfigUnreadable(String(cause));
  }
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new ConfigUnreadable(`${name} is not an object`);
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= 200) return value;
  throw new ConfigUnreadable(`${name} is not a text`);
}

function address(value: unknown, name: string): string {
  const given = text(value, name);
  if (!URL.canParse(given)) throw new ConfigUnreadable(`${name} is not an address`);
  return given;
}
