import type { ComponentType } from 'preact';
import type { Sentences } from '../i18n/sentences.ts';
import { InstancePage } from '../pages/instance/page.tsx';
import { InstancesPage } from '../pages/instances/index.tsx';
import { OverviewPage } from '../pages/overview/index.tsx';
import { PoliciesPage } from '../pages/policies/page.tsx';
import { RegionPage } from '../pages/region/index.tsx';
import type { IconName } from '../ui/icon.tsx';
import type { Route } from './route.ts';

export interface PageProps {
  readonly route: Route;
}

/** A row a page. `:` stands for any one part of the path. */
export interface PageRow {
  readonly path: readonly string[];
  readonly title: keyof Sentences['shell'] & ('overview' | 'instances' | 'policies' | 'region');
  readonly page: ComponentType<PageProps>;
  /** What one must be allowed to for it; as an admin where `admin` is set. */
  readonly rule: string;
  readonly admin?: boolean;
  /** Of those that the navigation shows. */
  readonly icon?: IconName;
}

export const PAGES: readonly PageRow[] = [
  { path: ['overview'], title: 'overview', page: OverviewPage, rule: 'overview:read', icon: 'overview' },
  { path: ['instances'], title: 'instances', page: InstancesPage, rule: 'instance:read', icon: 'instances' },
  { path: ['instances', ':'], title: 'instances', page: InstancePage, rule: 'instance:read' },
  { path: ['policies'], title: 'policies', page: PoliciesPage, rule: 'policy:read', icon: 'policies' },
  { path: ['policies', ':'], title: 'policies', page: PoliciesPage, rule: 'policy:read' },
  { path: ['region'], title: 'region', page: RegionPage, rule: 'region:read', admin: true, icon: 'region' },
];

export function pageAt(path: readonly string[]): PageRow | undefined {
  const wanted = path.length === 0 ? ['overview'] : path;
  return PAGES.find(
    (row) => row.path.length === wanted.length && row.path.every((part, i) => part === ':' || part === wanted[i]),
  );
}
