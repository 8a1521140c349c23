import { z } from 'zod';
import { idSchema, instantSchema, linkSchema, pageQuery, reasonSchema, scopeQuery } from './common.ts';
import { kindSchema } from './run.ts';

export const holdSchema = z
  .object({ owner: z.string(), note: z.string(), until_at: instantSchema.nullable() })
  .meta({ id: 'Hold' });
export type HoldView = z.output<typeof holdSchema>;
export const holdBody = z
  .strictObject({
    note: z.string().min(1).max(255),
    until_at: instantSchema.nullable().default(null).meta({ description: 'null: until it is taken away' }),
  })
  .meta({ id: 'HoldBody' });
export const holdAnswer = z.object({ hold: holdSchema }).meta({ id: 'HoldAnswer' });

export const markSchema = z
  .object({
    marked_at: instantSchema,
    goes_at: instantSchema.meta({ description: 'At the earliest: later where something blocks it then' }),
    because: reasonSchema,
  })
  .meta({ id: 'Mark' });

/** A backup as Trove shows it to the caller, and what is known of it here. */
export const backupSchema = z
  .object({
    id: idSchema,
    instance_id: idSchema.nullable(),
    name: z.string(),
    description: z.string().nullable(),
    status: z.string(),
    kind: kindSchema,
    parent_id: idSchema.nullable(),
    created_at: instantSchema,
    updated_at: instantSchema,
    size_gb: z.number().nullable(),
    as_of_at: instantSchema.meta({ description: 'The slot it stands for; of others when it was made' }),
    origin: z.enum(['scheduled', 'on_demand', 'foreign', 'conflict']),
    run_id: idSchema.nullable(),
    is_recovery_point: z.boolean(),
    fate: z
      .enum(['kept', 'removable', 'blocked'])
      .nullable()
      .meta({ description: 'null where it is not ours to judge' }),
    because: z.array(reasonSchema).meta({ description: 'The rules that keep it, or why it may go or must not' }),
    hold: holdSchema.nullable(),
    mark: markSchema.nullable(),
  })
  .meta({ id: 'Backup' });
export type BackupView = z.output<typeof backupSchema>;

export const chainSchema = z
  .object({
    full_backup_id: idSchema,
    managed: z.boolean(),
    backup_ids: z.array(idSchema).meta({ description: 'The full first, then what stands on it, oldest first' }),
  })
  .meta({ id: 'Chain' });
export type ChainView = z.output<typeof chainSchema>;
export const backupsSchema = z
  .object({
    backups: z.array(backupSchema),
    chains: z.array(chainSchema),
    untended: reasonSchema
      .nullable()
      .meta({ description: 'Why nothing of the instance is pruned now, as while it is paused' }),
    unreadable: z.int().meta({ description: "Backups of the project that Trove shows in a form that can't be read" }),
  })
  .meta({ id: 'Backups', description: 'Oldest first' });

export const deletionQuery = z.strictObject({
  cascade: z.stringbool().default(false).meta({ description: 'Whatever stands on it goes as well' }),
  confirm: z
    .enum(['newest-recovery-point'])
    .optional()
    .meta({ description: 'Needed where the newest recovery point of an instance that exists would go' }),
});
export const deletionAnswer = z
  .object({
    deleting: z
      .array(z.object({ id: idSchema, name: z.string(), instance_id: idSchema.nullable() }))
      .meta({ description: 'What goes, the one that was named first; Trove deletes it in a moment' }),
  })
  .meta({ id: 'DeletionAnswer' });

export const restoreBody = z
  .strictObject({
    name: z.string().min(1).max(255),
    flavor_id: idSchema,
    volume_size_gb: z.int().min(1).max(65_536).nullable().default(null),
    network_id: idSchema.nullable().default(null),
  })
  .meta({ id: 'RestoreBody' });
export const restoreAnswer = z
  .object({ instance: z.object({ id: idSchema, name: z.string(), status: z.string() }) })
  .meta({ id: 'RestoreAnswer' });
export type RestoreAnswer = z.output<typeof restoreAnswer>;
/** What a restore may choose from, by the caller's own token. */
export const restoreChoicesAnswer = z
  .object({
    flavors: z.array(z.object({ id: idSchema, name: z.string(), ram_mb: z.int() })),
    networks: z
      .array(z.object({ id: idSchema, name: z.string() }))
      .nullable()
      .meta({ description: 'null where the catalogue has no Neutron: give an id' }),
    flavor_id: idSchema
      .nullable()
      .meta({ description: 'Of the instance that the backup is of, where it is there still' }),
    volume_size_gb: z.int().nullable().meta({ description: 'Likewise' }),
    volume_least_gb: z
      .int()
      .nullable()
      .meta({ description: 'What the backup needs; null where Trove does not tell it' }),
  })
  .meta({ id: 'RestoreChoices' });
export type RestoreChoices = z.output<typeof restoreChoicesAnswer>;

export const prunesQuery = z.strictObject({ ...pageQuery, ...scopeQuery });

export const prunesSchema = z
  .object({
    prunes: z.array(
      z.object({
        backup_id: idSchema,
        instance_id: idSchema,
        project_id: idSchema,
        marked_at: instantSchema,
        goes_at: instantSchema,
        because: reasonSchema,
      }),
    ),
    prunes_links: z.array(linkSchema),
  })
  .meta({ id: 'Prunes', description: 'What goes when its grace has ended' });
export const undoAnswer = z
  .object({ hold: holdSchema })
  .meta({ id: 'UndoAnswer', description: 'Held for 7 days, so that it is not marked again at once' });
