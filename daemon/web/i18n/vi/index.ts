import type { Sentences } from '../sentences.ts';
import { actions } from './actions.ts';
import { chains } from './chains.ts';
import { charts } from './charts.ts';
import { failures } from './failures.ts';
import { explain, history } from './history.ts';
import { instance } from './instance.ts';
import { instances } from './instances.ts';
import { mend, overview } from './overview.ts';
import { policies } from './policies.ts';
import { region } from './region.ts';
import { schedule } from './schedule.ts';
import { shell } from './shell.ts';
import { signin } from './signin.ts';
import { states } from './states.ts';
import { ui } from './ui.ts';

export const vi: Sentences = {
  charts,
  failures,
  instances,
  mend,
  overview,
  region,
  shell,
  signin,
  states,
  ui,
  actions,
  chains,
  explain,
  history,
  instance,
  policies,
  schedule,
};
