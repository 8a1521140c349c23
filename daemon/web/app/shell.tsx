import { useEffect, useRef } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { EmptyState, Icon } from '../ui/index.ts';
import { Account } from './account.tsx';
import { PAGES, type PageRow, pageAt } from './pages.tsx';
import { href, route } from './route.ts';
import { may, session } from './session.ts';

const isOpenTo = ({ rule, admin }: PageRow): boolean => may(rule) && (!admin || session.value?.is_admin === true);

function Navigation({ current }: { readonly current: PageRow | undefined }) {
  return (
    <nav aria-label={say.value.shell.nav}>
      {PAGES.filter((row) => row.icon && isOpenTo(row)).map(({ path, title, icon }) => (
        <a key={title} href={href(path)} aria-current={current?.title === title ? 'page' : undefined}>
          {icon && <Icon name={icon} />}
          <span>{say.value.shell[title]}</span>
        </a>
      ))}
    </nav>
  );
}

function Content({ row }: { readonly row: PageRow | undefined }) {
  const { notFound, notFoundHint, notAllowed, notAllowedHint, toOverview } = say.value.shell;
  const link = <a href={href(['overview'])}>{toOverview}</a>;
  if (!row)
    return (
      <EmptyState icon="search" title={notFound} hint={notFoundHint}>
        {link}
      </EmptyState>
    );
  if (!isOpenTo(row))
    return (
      <EmptyState icon="excluded" title={notAllowed} hint={notAllowedHint}>
        {link}
      </EmptyState>
    );
  const Page = row.page;
  return <Page route={route.value} />;
}

export function Shell() {
  const { path } = route.value;
  const row = pageAt(path);
  const main = useRef<HTMLElement>(null);
  const place = path.join('/');
  const first = useRef(true);

  // Another page begins at its top, and is read out from there; the first one is where the viewer is already.
  useEffect(() => {
    if (!first.current) {
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [place]);
  useEffect(() => {
    const { product, notFound } = say.value.shell;
    document.title = `${row ? say.value.shell[row.title] : notFound} · ${product}`;
  });

  return (
    <>
      {/* A link would change the address, and with it the page. */}
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {say.value.shell.skip}
      </button>
      <header class="top">
        <a class="brand" href={href(['overview'])}>
          <img src={new URL('../icon.svg', import.meta.url).href} alt="" width="24" height="24" />
          <span>{say.value.shell.product}</span>
        </a>
        <Navigation current={row} />
        <Account />
      </header>
      <main ref={main} tabIndex={-1}>
        <Content row={row} />
      </main>
    </>
  );
}
