import { listBackups, listBackupsOfInstance, orderBackup, removeBackup, showBackup } from './backup-api.ts';
import { type Action, adminsOnly } from './call.ts';
import { listInstances, orderInstance, removeInstance, showInstance } from './instance-api.ts';
import { listManaged, setQuotas, showLimits, showManaged, showQuotas } from './mgmt-api.ts';
import type { Routes } from './routes.ts';

/** Method and path below the project. Trove: trove/common/api.py, trove/extensions/routes/mgmt.py */
export const TROVE_ROUTES: Routes<Action> = {
  'GET instances': listInstances,
  'POST instances': orderInstance,
  'GET instances/*': showInstance,
  'DELETE instances/*': removeInstance,
  'GET instances/*/backups': listBackupsOfInstance,
  'GET backups': listBackups,
  'POST backups': orderBackup,
  'GET backups/*': showBackup,
  'DELETE backups/*': removeBackup,
  'GET limits': showLimits,
  'GET mgmt/instances': adminsOnly(listManaged),
  'GET mgmt/instances/*': adminsOnly(showManaged),
  'GET mgmt/quotas/*': showQuotas,
  'PUT mgmt/quotas/*': adminsOnly(setQuotas),
};
