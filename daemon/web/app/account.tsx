import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { Button, Icon, Select, toast, wordsOf } from '../ui/index.ts';
import { Choices } from './choices.tsx';
import { session, signOut, switchProject } from './session.ts';

function ProjectSwitch() {
  const view = session.value;
  if (!view) return null;
  const { project, projects } = view;
  const known = projects.some(({ id }) => id === project.id) ? projects : [project, ...projects];
  const choose = async (id: string): Promise<void> => {
    const failure = await switchProject(id);
    if (failure) toast(wordsOf(failure).message, 'bad');
  };
  const options = known.map(({ id, name }) => ({ value: id, text: name }));
  return <Select label={say.value.shell.project} value={project.id} options={options} onChange={choose} />;
}

function Panel() {
  const { shell } = say.value;
  const [leaving, setLeaving] = useState(false);
  const leave = async (): Promise<void> => {
    setLeaving(true);
    if (await signOut()) toast(shell.signOutUntold, 'bad');
  };
  return (
    <div class="panel">
      <p class="who">{shell.signedInAs({ user: session.value?.user.name ?? '' })}</p>
      <ProjectSwitch />
      <Choices />
      <Button busy={leaving} onClick={leave}>
        {shell.signOut}
      </Button>
    </div>
  );
}

/** Who one is and where; opens to all that is chosen once in a while. */
export function Account() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    const close = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', close);
    };
  }, [open]);
  const view = session.value;
  return (
    <div class="account" ref={box}>
      <button ref={opener} type="button" class="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="account" />
        <span class="unseen">{say.value.shell.account}</span>
        <span class="name">{view?.project.name}</span>
      </button>
      {open && <Panel />}
    </div>
  );
}
