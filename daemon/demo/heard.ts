const NOTED = /^trove_autobackup_messages_total\{result="noted"\} (\d+)$/m;

/** How many messages of the bus made the daemon look at an instance, by its own metrics. */
export async function messagesHeard(opsAddress: string): Promise<number> {
  const answer = await fetch(`${opsAddress}/metrics`);
  return Number(NOTED.exec(await answer.text())?.[1] ?? 0);
}
