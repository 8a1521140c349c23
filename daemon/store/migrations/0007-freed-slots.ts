/** A row whose slot is still to come is taken back where a wrong clock had made it: what was kept of it goes along. */
export const freedSlots = `
CREATE TRIGGER runs_untallied AFTER DELETE ON runs BEGIN
  UPDATE tallies SET n = n - 1 WHERE name = old.state;
  UPDATE queues SET ready_utc =
    (SELECT min(not_before_utc) FROM runs WHERE state = 'claimed' AND project_id = old.project_id)
  WHERE old.state = 'claimed' AND project_id = old.project_id;
END;
`;
