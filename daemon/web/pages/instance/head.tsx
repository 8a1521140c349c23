import type { ComponentChildren } from 'preact';
import type { InstanceDetail } from '../../../http/contract/instance.ts';
import { may } from '../../app/session.ts';
import { say } from '../../i18n/language.ts';
import { Button, StateBadge, Time, told } from '../../ui/index.ts';
import type { Act } from './action.ts';

/** What one wants to know first: is it protected, since when, and when again. */
export function Head({ instance, act }: { readonly instance: InstanceDetail; readonly act: Act }) {
  const { protection, gone_at } = instance;
  const canBackUp = may('run:create') && gone_at === null;
  return (
    <>
      <div class="page-head">
        <div class="title">
          <h1>{instance.name}</h1>
          <StateBadge state={protection.state} />
        </div>
        {canBackUp && (
          <Button kind="primary" onClick={() => act({ kind: 'back-up-now' })}>
            {say.value.actions.now.open}
          </Button>
        )}
      </div>
      <p class="lead">{told(protection.because.text)}</p>
      <Facts instance={instance} />
      <Notes instance={instance} />
    </>
  );
}

function Facts({ instance }: { readonly instance: InstanceDetail }) {
  const words = say.value.instance;
  const { type, version } = instance.datastore;
  return (
    <dl class="facts strip">
      <Fact name={words.newest}>
        <Moment at={instance.newest_point_at} />
      </Fact>
      <Fact name={words.next}>
        {instance.next_slot_at === null ? say.value.ui.none : <Moment at={instance.next_slot_at} />}
      </Fact>
      <Fact name={words.policy}>{instance.policy ?? say.value.ui.none}</Fact>
      <Fact name={words.datastore}>{`${type} ${version}`}</Fact>
      <Fact name={words.status}>{instance.status}</Fact>
      <Fact name={words.id}>
        <span class="code">{instance.id}</span>
      </Fact>
    </dl>
  );
}

/** How long ago or away is what one wants to know; when that is stands below. */
function Moment({ at }: { readonly at: string | null }) {
  return (
    <>
      <span class="first">
        <Time at={at} as="relative" />
      </span>
      {at !== null && (
        <span class="hint">
          <Time at={at} />
        </span>
      )}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What its quota does to it, and whether it is there still. */
function Notes({ instance: { quota, gone_at, marked } }: { readonly instance: InstanceDetail }) {
  const words = say.value.instance;
  const reasons = [quota.refused, quota.short, ...quota.adapted].filter((it) => it !== null);
  return (
    <div class="notes">
      {gone_at && (
        <p class="note warn">
          {words.gone} <Time at={gone_at} as="both" />
        </p>
      )}
      {reasons.map((reason) => (
        <p key={reason.rule} class="note warn">
          {told(reason.text)}
        </p>
      ))}
      {marked > 0 && <p class="note">{words.marked(marked)}</p>}
    </div>
  );
}
