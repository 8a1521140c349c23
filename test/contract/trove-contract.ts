import { afterAll, beforeAll, describe } from 'vitest';
import { describeAccess } from './access.ts';
import { describeActions } from './actions.ts';
import { describeBackups } from './backups.ts';
import { describeBus } from './bus.ts';
import { describeCredentials } from './credentials.ts';
import { describeDatastores } from './datastores.ts';
import { describeDeleting } from './deleting.ts';
import { describeInstances } from './instances.ts';
import { describeKeystone } from './keystone.ts';
import { describeLibrary } from './library.ts';
import { describeLibraryAccess } from './library-access.ts';
import { describeLibraryOffers } from './library-offers.ts';
import { describeLibraryOwnToken } from './library-own-token.ts';
import { describeLibrarySubjects } from './library-subjects.ts';
import { describeLimits } from './limits.ts';
import { describeLists } from './lists.ts';
import { describeOutages } from './outages.ts';
import { describeParents } from './parents.ts';
import { describeRestoring } from './restoring.ts';
import { describeRoles } from './roles.ts';
import { Stage } from './stage.ts';
import type { ContractTarget } from './target.ts';
import { describeTokens } from './tokens.ts';
import { describeTrusts } from './trusts.ts';

/** What Keystone and Trove do, as far as this project builds upon it. The simulator and a real region both hold it. */
export function describeTrove(name: string, open: () => Promise<ContractTarget>): void {
  describe(name, () => {
    const stage = new Stage();
    beforeAll(async () => stage.open(await open()));
    afterAll(() => stage.close());

    describe('Keystone', () => describeKeystone(stage));
    describe('tokens', () => describeTokens(stage));
    describe('trusts', () => describeTrusts(stage));
    describe('application credentials', () => describeCredentials(stage));
    describe('who may what', () => describeAccess(stage));
    describe('instances', () => describeInstances(stage));
    describe('backups', () => describeBackups(stage));
    describe('parents', () => describeParents(stage));
    describe('deleting', () => describeDeleting(stage));
    describe('actions', () => describeActions(stage));
    describe('roles', () => describeRoles(stage));
    describe('restoring', () => describeRestoring(stage));
    describe('outages', () => describeOutages(stage));
    describe('datastores', () => describeDatastores(stage));
    describe('limits', () => describeLimits(stage));
    describe('lists', () => describeLists(stage));
    describe('the library', () => describeLibrary(stage));
    describe('the library signs in by', () => describeLibraryAccess(stage));
    describe('the library looks tokens up', () => describeLibrarySubjects(stage));
    describe('the library offers', () => describeLibraryOffers(stage));
    describe('the library lets a person', () => describeLibraryOwnToken(stage));
    describe('the bus', () => describeBus(stage));
  });
}
