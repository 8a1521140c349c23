import { actOnInstance, changeInstance } from './action-api.ts';
import { listBackups, listBackupsOfInstance, orderBackup, removeBackup, showBackup } from './backup-api.ts';
import { type Action, adminsOnly } from './call.ts';
import {
  listDatastores,
  listFlavorsOfVersion,
  listVersions,
  showDatastore,
  showVersion,
  showVersionById,
} from './datastore-api.ts';
import { listFlavors, showFlavor } from './flavors.ts';
import { listInstances, orderInstance, removeInstance, showInstance } from './instance-api.ts';
import { listManaged, setQuotas, showLimits, showManaged, showQuotas } from './mgmt-api.ts';
import type { Routes } from './routes.ts';

/** Method and path below the project. Trove: trove/common/api.py, trove/extensions/routes/mgmt.py */
export const TROVE_ROUTES: Routes<Action> = {
  'GET instances': listInstances,
  'POST instances': orderInstance,
  'GET instances/*': showInstance,
  'DELETE instances/*': removeInstance,
  'PATCH instances/*': changeInstance,
  'PUT instances/*': changeInstance,
  'POST instances/*/action': actOnInstance,
  'GET instances/*/backups': listBackupsOfInstance,
  'GET backups': listBackups,
  'POST backups': orderBackup,
  'GET backups/*': showBackup,
  'DELETE backups/*': removeBackup,
  'GET datastores': listDatastores,
  'GET datastores/*': showDatastore,
  'GET datastores/*/versions': listVersions,
  'GET datastores/versions/*': showVersionById,
  'GET datastores/*/versions/*': showVersion,
  'GET datastores/*/versions/*/flavors': listFlavorsOfVersion,
  'GET flavors': listFlavors,
  'GET flavors/*': showFlavor,
  'GET limits': showLimits,
  'GET mgmt/instances': adminsOnly(listManaged),
  'GET mgmt/instances/*': adminsOnly(showManaged),
  'GET mgmt/quotas/*': showQuotas,
  'PUT mgmt/quotas/*': adminsOnly(setQuotas),
};
