import { isIP } from 'node:net';
import { z } from 'zod';
import { addressSchema } from './address.ts';
import { basePathSchema } from './base-path.ts';
import { readRules } from './rules.ts';

const text = z.string().min(1);

const isNetwork = (value: string): boolean => {
  const [address = '', bits, ...rest] = value.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  return (
    isIP(address) !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  );
};
const network = z
  .string()
  .refine(isNetwork, 'is no address or network; write it as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32');

/** As a browser sends it, so that no path and no last slash makes it another. */
const origin = z
  .string()
  .refine(
    (value) => /^https?:/.test(value) && URL.parse(value)?.origin === value,
    'is no origin; write it as https://portal.example, with a port where it is not the usual one and nothing behind it',
  );

/** The web service of tenants, and the listener of health and metrics, which is another. */
export const httpSchema = z
  .strictObject({
    /** null: no web service. */
    listen: addressSchema.nullable().default(null),
    ops_listen: addressSchema.prefault('127.0.0.1:8781'),
    admin_roles: z.array(text).min(1).default(['admin']),
    /** Ids, name@domain, or names in the domain of the service's own project. */
    admin_projects: z.array(text).default(['service', 'admin']),
    base_path: basePathSchema.default('/'),
    policy_file: text.nullable().default(null),
    /** Addresses and networks whose X-Forwarded-For is believed. */
    trusted_proxies: z.array(network).default([]),
    cors_origins: z.array(origin).default([]),
    connections: z.int().min(1).max(100_000).default(1_000),
    rates: z
      .strictObject({
        project_per_minute: z.int().min(1).max(1_000_000).default(600),
        project_at_once: z.int().min(1).max(10_000).default(50),
        /** Tokens that are none. */
        guesses_per_minute: z.int().min(1).max(1_000_000).default(30),
      })
      .prefault({}),
  })
  .transform(({ policy_file: file, ...rest }, context) => ({ ...rest, rules: readRules(file, context) }));
